"""Synonym swap: which concepts, which names, and what is left alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biolabel.augment.synonyms import choose_swaps, swap_synonyms
from biolabel.data.documents import Mention
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, WordLabels
from biolabel.errors import ModelError

NAMES = {
    "MESH:D1": ("aspirin", "acetylsalicylic acid", "acid, acetylsalicylic"),
    "MESH:D2": ("gastric bleeding", "bleeding of the stomach (acute)"),
    "MESH:D3": ("nausea",),
}


def names(concept: str) -> tuple[str, ...]:
    return NAMES.get(concept, ())


def document(parts: list[str | tuple[str, str]], *extra: Mention) -> LabeledDocument:
    """Join texts and (form, concepts joined by |) to a document; labels tell mentions apart."""
    text, mentions = "", []
    for part in parts:
        form, concepts = part if isinstance(part, tuple) else (part, "")
        if concepts:
            mentions.append(
                Mention(len(text), len(text) + len(form), "T", tuple(concepts.split("|")))
            )
        text += form
    words, _ = rows_of(text)
    inside = [any(m.start <= s and e <= m.end for m in mentions) for s, e in words.tolist()]
    labels = np.array([[i, 1 - i] for i in inside], dtype=np.float32).reshape(-1, 2)
    return LabeledDocument(
        "d",
        text,
        words,
        (*mentions, *extra),
        {"names": WordLabels(labels, np.ones(len(words), dtype=np.float32))},
    )


def swapped(
    parts: list[str | tuple[str, str]], *extra: Mention, rate: float = 1.0
) -> LabeledDocument:
    return swap_synonyms(document(parts, *extra), names, rate, np.random.default_rng(0))


def test_every_mention_of_a_form_gets_the_same_name_in_its_case() -> None:
    new = swapped([("Aspirin", "MESH:D1"), " and ", ("aspirin", "MESH:D1"), "."])
    assert new.text == "Acetylsalicylic acid and acetylsalicylic acid."


def test_an_acronym_keeps_its_case() -> None:
    new = swap_synonyms(
        document([("aspirin", "MESH:D1"), " helps"]),
        lambda _: ("ASA",),
        1.0,
        np.random.default_rng(0),
    )
    assert new.text == "ASA helps"


def test_rate_zero_changes_nothing() -> None:
    assert swapped([("aspirin", "MESH:D1")], rate=0.0).text == "aspirin"


def test_rate_is_a_share_of_concepts() -> None:
    one = document([("aspirin", "MESH:D1"), " ", ("gastric bleeding", "MESH:D2")])
    generator = np.random.default_rng(1)
    made = [choose_swaps(one, names, 0.3, generator).made for _ in range(400)]
    assert 0.25 < np.mean(made) / 2 < 0.35


@pytest.mark.parametrize(
    "parts",
    [
        [("nausea", "MESH:D3"), " alone"],  # has no other name
        [("unknown", "MESH:D9"), " alone"],  # is in no ontology
        [("aspirin", "MESH:D1|MESH:D2"), " both"],  # names two concepts
        ["pre", ("aspirin", "MESH:D1"), " era"],  # cuts a word
        [("(aspirin)", "MESH:D1"), ("gastric", "MESH:D2"), " x"],  # touches another mention
    ],
)
def test_left_alone_and_counted(parts: list[str | tuple[str, str]]) -> None:
    old = document(parts)
    swaps = choose_swaps(old, names, 1.0, np.random.default_rng(0))
    assert swaps.made == 0
    assert swaps.left == len(old.mentions)
    assert swapped(parts).text == old.text


def test_nested_mentions_are_left_alone() -> None:
    new = swapped(
        [("gastric bleeding", "MESH:D2"), " after ", ("aspirin", "MESH:D1")],
        Mention(8, 16, "T", ("MESH:D3",)),
    )
    assert new.text == "gastric bleeding after acetylsalicylic acid"


@pytest.mark.parametrize("rate", [-0.1, 1.5, float("nan")])
def test_a_rate_that_is_no_probability_is_refused(rate: float) -> None:
    with pytest.raises(ModelError) as caught:
        swapped([("aspirin", "MESH:D1")], rate=rate)
    assert caught.value.code == "BL840"


fillers = st.text(alphabet="ab1.,()-\u00e9\u2019 ", max_size=8)
forms = st.sampled_from(["aspirin", "Aspirin", "gastric bleeding", "2,5-HT", "\u00e9tat 5"])


@given(
    pieces=st.lists(st.tuples(fillers, forms, st.sampled_from(["MESH:D1", "MESH:D2"])), max_size=5),
    tail=fillers,
    seed=st.integers(0, 99),
    new=st.lists(st.text(alphabet="xY5.,-( \u00df", min_size=1, max_size=9), max_size=3),
)
def test_offsets_rows_and_labels_stay_exact(
    pieces: list[tuple[str, str, str]], tail: str, seed: int, new: list[str]
) -> None:
    parts: list[str | tuple[str, str]] = []
    for filler, form, concept in pieces:
        parts += [filler, (form, concept)]
    old = document([*parts, tail])
    generator = np.random.default_rng(seed)
    swaps = choose_swaps(old, lambda _: new, 1.0, generator)
    renamed = swap_synonyms(old, lambda _: new, 1.0, np.random.default_rng(seed))
    rows, _ = rows_of(renamed.text)
    np.testing.assert_array_equal(renamed.words, rows)
    assert len(renamed.entities["names"].weight) == len(rows)
    assert swaps.made + swaps.left == len(old.mentions)
    texts = {(swap.start, swap.end): swap.text for swap in swaps.replacements}
    for before, after in zip(old.mentions, renamed.mentions, strict=True):
        form = old.text[before.start : before.end]
        expected = texts.get((before.start, before.end), form)
        assert renamed.text[after.start : after.end] == expected
    for swap_text in texts.values():
        assert swap_text in renamed.text
    for (start, end), label in zip(
        rows.tolist(), renamed.entities["names"].probabilities.tolist(), strict=True
    ):
        inside = any(m.start <= start and end <= m.end for m in renamed.mentions)
        assert label == [float(inside), float(not inside)]
