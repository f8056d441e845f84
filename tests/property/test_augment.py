"""Every transformation on any document: offsets, rows, labels, pairs and tables stay exact."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.augment.choice import NAMES, Name
from biolabel.augment.entities import peers_of
from biolabel.augment.pairs import partners_of
from biolabel.augment.transformations import Material, transformations
from biolabel.augment.version import Version, corpus_of, untouched
from biolabel.augment.wording import Wording
from biolabel.data.documents import Mention, Passage
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex

CHEMICALS = {
    "C:1": ("zinc", "Zinc Ion"),
    "C:2": ("iron", "2,5-FE"),
    "C:3": ("tin", "TN"),
    "C:4": ("gold dust",),
}
DISEASES = {
    "D:1": ("renal pain", "RP"),
    "D:2": ("\u00e9tat 5", "ache"),
    "D:3": ("liver ache",),
    "D:4": ("rash (3)",),
}
TYPES = {**dict.fromkeys(CHEMICALS, "Chemical"), **dict.fromkeys(DISEASES, "Disease")}
FORMS = [(name, c) for names in (CHEMICALS, DISEASES) for c, ns in names.items() for name in ns]
WORDING = Wording({"showed": ("revealed", "told"), "we": ("they",)}, frozenset({"also", "very"}))


def _known() -> dict[Name, Callable[[Version, np.random.Generator], Version]]:
    peers = peers_of([("Chemical", Ontology(CHEMICALS)), ("Disease", Ontology(DISEASES))])
    every = {(c, d): 1 for c in CHEMICALS for d in DISEASES}
    partners = partners_of(
        {"kb": PairIndex({"": every})}, peers.names, {c: [t] for c, t in TYPES.items()}
    )
    rates: dict[Name, float] = dict.fromkeys(NAMES, 0.8)
    return dict(transformations(Material(peers, partners, WORDING), rates))


KNOWN = _known()
FILLERS = st.sampled_from(
    ["", " ", ", ", " showed ", " we also ", "-", " (RP) ", " RP ", ". RP ", ".5 ",
     " a b c d e f g showed also very i ", "\u00df", " renal pain (RP). ", " zinc ", "3", "\u2019s "]
)  # fmt: skip
PARTS = st.lists(st.tuples(FILLERS, st.sampled_from(FORMS), st.booleans()), max_size=7)


def document_of(parts: list[tuple[str, tuple[str, str], bool]], tail: str, split: int) -> Version:
    """Return a document in which some forms are mentions, with labels that tell rows apart."""
    text, mentions = "", []
    for filler, (form, concept), mentioned in parts:
        text += filler
        if mentioned:
            mentions.append(Mention(len(text), len(text) + len(form), TYPES[concept], (concept,)))
        text += form
    text += tail
    words, _ = rows_of(text)
    n = len(words)
    labels = np.stack([np.arange(n) / max(n, 1), 1 - np.arange(n) / max(n, 1)], axis=1)
    concepts = sorted({concept for mention in mentions for concept in mention.concepts})
    pairs = tuple((a, b) for a in concepts for b in concepts if a[0] == "C" and b[0] == "D")
    pairs += tuple((mention.names[-1], mention.names[-1]) for mention in mentions)
    document = LabeledDocument(
        "d",
        text,
        words,
        tuple(mentions),
        {"names": WordLabels(labels.astype(np.float32), np.arange(1, n + 1, dtype=np.float32))},
        {
            "cid": PairLabels(
                pairs, np.full((len(pairs), 2), 0.5, np.float32), np.ones(len(pairs), np.float32)
            )
        },
        {"kind": TopicLabels(np.array([0.5, 0.5], dtype=np.float32), 1.0)},
    )
    starts = words[:, 0].tolist()
    cut = starts[split % n] if n else 0
    if any(mention.start < cut < mention.end for mention in mentions):
        cut = 0
    passages = (Passage("title", 0, text[:cut]), Passage("abstract", cut, text[cut:], "results"))
    long = text.find("renal pain")
    entries = [(i, i + 2, long, long + 10) for i in range(len(text)) if text.startswith("RP", i)]
    clear = [e for e in entries if long >= 0 and not long < e[0] < long + 10]
    version = untouched(document, passages, sorted({starts[0] if n else 0, cut}), clear)
    return replace(version, meta={"year": ("1999",)})


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(parts=PARTS, tail=FILLERS, split=st.integers(0, 50), seed=st.integers(0, 999))
def test_everything_stays_exact(
    name: Name, parts: list[tuple[str, tuple[str, str], bool]], tail: str, split: int, seed: int
) -> None:
    old = document_of(parts, tail, split)
    new = KNOWN[name](old, np.random.default_rng(seed))
    check(old, new)
    if new is not old:
        assert new.made == (name,)
        assert new.document.text != old.document.text


@settings(deadline=None)
@given(
    parts=PARTS,
    tail=FILLERS,
    split=st.integers(0, 50),
    seed=st.integers(0, 999),
    names=st.permutations(NAMES),
)
def test_so_they_do_one_after_another(
    parts: list[tuple[str, tuple[str, str], bool]],
    tail: str,
    split: int,
    seed: int,
    names: list[Name],
) -> None:
    old = document_of(parts, tail, split)
    generator = np.random.default_rng(seed)
    new = old
    for name in names:
        new = KNOWN[name](new, generator)
    check(old, new)


def check(old: Version, new: Version) -> None:
    before, after = old.document, new.document
    text, words = after.text, after.words
    # Rows are those of the word rule, and each has labels; kept rows are the words that they were.
    np.testing.assert_array_equal(words, rows_of(text)[0])
    labels = after.entities["names"]
    assert labels.probabilities.shape == (len(words), 2)
    assert labels.weight.shape == new.origin.shape == (len(words),)
    np.testing.assert_allclose(labels.probabilities.sum(axis=1), 1, rtol=1e-4)
    for row, origin in enumerate(new.origin.tolist()):
        if origin >= 0:
            was = before.text[slice(*before.words[origin])]
            assert text[slice(*words[row])] == was
            np.testing.assert_array_equal(
                labels.probabilities[row], before.entities["names"].probabilities[origin]
            )
    kept = [origin for origin in new.origin.tolist() if origin >= 0]
    assert kept == sorted(set(kept))
    # Mentions stand where they should: unchanged ones say what they said, changed ones another name.
    assert len(after.mentions) == len(before.mentions)
    for old_one, now in zip(before.mentions, after.mentions, strict=True):
        assert now.type == old_one.type
        form, old_form = text[now.start : now.end], before.text[old_one.start : old_one.end]
        if form.casefold() != old_form.casefold():
            assert spoken(form, now), (form, now)
    # Pairs follow: concepts and keys are those of mentions, in the old order.
    named = {name for mention in after.mentions for name in mention.names}
    renamed = {
        a: b
        for old_one, now in zip(before.mentions, after.mentions, strict=True)
        for a, b in zip(old_one.names, now.names, strict=True)
    }
    assert all(set(pair) <= named for pair in after.relations["cid"].pairs)
    assert after.relations["cid"].pairs == tuple(
        (renamed[a], renamed[b]) for a, b in before.relations["cid"].pairs
    )
    # Passages and sentences tile the text, and short forms stand where the table says.
    assert "".join(passage.text for passage in new.passages) == text
    assert [p.heading for p in new.passages] == [p.heading for p in old.passages]
    assert len(new.sentences) == len(old.sentences)
    for start, end, *_ in new.abbreviations.tolist():
        assert text[start:end].strip() == text[start:end] != ""
    corpus = corpus_of([new])
    assert corpus.texts[0] == text
    np.testing.assert_array_equal(corpus.row_start, words[:, 0])


def spoken(form: str, mention: Mention) -> bool:
    """Tell whether a form is a name of the mention's concept, a placeholder, or an abbreviation."""
    names = [n.casefold() for c in mention.concepts for n in {**CHEMICALS, **DISEASES}[c]]
    folded = form.casefold()
    placeholder = folded.startswith(mention.type.casefold()) and folded[-1].isdigit()
    short = len(form) <= 5 and form.isupper()
    return folded in names or placeholder or short or "renal pain" in folded or "rp" in folded
