"""Random documents, patterns and conditions, and what they are about."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from numpy.typing import NDArray

from biolabel.apply.candidates import PairCandidates
from biolabel.apply.columns import Column
from biolabel.apply.knowledge import Knowledge
from biolabel.apply.scene import Scene
from biolabel.apply.terms import TermFinder
from biolabel.compile.gaps import can_be_empty
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Passage
from biolabel.data.documents import Mention as DocumentMention
from biolabel.data.mentions import given_mentions
from biolabel.data.models import Answers, Model, answers_of
from biolabel.lang import tree
from biolabel.text.build import Annotation, corpus_of
from tests.property.reference.models import LEAST, even, opinion
from tests.unit.apply.world import PAIR, document, pairs

KNOWN = frozenset({("X:1", "Y:1"), ("X:2", "Y:2")})


def starts(candidates: pa.Table) -> list[tuple[int, int]]:
    """Return where the arguments of each row begin."""
    columns = (candidates[name].to_pylist() for name in ("a_start", "b_start"))
    return list(zip(*columns, strict=True))


def judge(candidates: pa.Table) -> Answers:
    """Return the opinions of the model of these tests."""
    said = [opinion(*row) for row in starts(candidates)]
    scores = np.array([found[1] if found else 0.0 for found in said])
    return answers_of([found[0] if found else None for found in said], scores)


def holds_even(candidates: pa.Table) -> NDArray[np.bool_]:
    """Return what the function of these tests says."""
    return np.array([even(*row) for row in starts(candidates)], dtype=bool)


KNOWLEDGE = Knowledge(
    {}, {"k": pairs(*sorted(KNOWN))}, {"m": Model(judge=judge)}, {"f": holds_even}
)
BY_MENTION = PAIR.replace("level: concept", "level: mention")
RELATIONS = {
    "concepts": PAIR,
    "mentions of a document": BY_MENTION,
    "mentions of a sentence": BY_MENTION.replace("scope: document", "scope: sentence"),
}
DECLARED = f"""
list l
  words: a b, c*, no
kb k
  from: catalog "k"
  complete: yes
model m
  from: file "m"
  min_score: {LEAST}
context denied
  cues_before: "no" | "a no"
  cues_after: "b"
  pseudo: "no c"
  stop_at: "but" | ","
  reach: 2 words
context open_ended
  cues_before: "no"
context far
  cues_before: "no"
  cues_after: "c"
  stop_at: "but"
  reach: 2 sentences
context letters
  cues_before: "no"
  cues_after: "a" ..1-1
  reach: 4 characters
section methods
  headings: "Materials and Methods", "how"
rule x for r
  votes: yes
  when: adjacent
"""
BREAK = "¶"
TOKENS = st.sampled_from([
    "a", "b", "c", "A", "no", "but", ",", "(", "a-b", "ca", "{A=X:1: x}", "{A=X:1: x c}", "{A=X:2: y}",
    "{A=X:1|X:2: xy}", "{B=Y:1: u}", "{B=Y:2: v, a}", "{B=Y:1: U}", "{A: w}", "{B: U}",
])  # fmt: skip
SENTENCES = st.lists(TOKENS, min_size=1, max_size=9).map(" ".join)
ITEMS = st.lists(st.sampled_from(["a b", "b", "A (c) a", "ca, a", ""]), max_size=2)
TEXTS = st.builds(
    lambda title, rest, sections, items, years: "@@".join([
        f"{title} || {f' {BREAK} '.join(rest)}", sections,
        "-" if items is None else "".join(f"{item};" for item in items), years,
    ]),
    SENTENCES,
    st.lists(SENTENCES, min_size=1, max_size=2),
    st.sampled_from(["plain", "parts", "bare"]),
    st.none() | ITEMS,
    st.sampled_from(["", "x;", "2;", "n;1-3;"]),
)  # fmt: skip
"""Marked texts, then how sections are named, the items of the field `m` (- for none) and of `year`."""


Extra = Sequence[tuple[int, int, str, tuple[str, ...]]]
EXTRA: st.SearchStrategy[Extra] = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 3),
        st.sampled_from("AB"),
        st.sampled_from([(), ("X:1",), ("Y:1",)]),
    ),
    max_size=2,
)
"""Mentions over other mentions: which one they begin with, how many they cover, type, concepts."""


def overlaid(found: Document, extra: Extra) -> Document:
    """Add mentions that begin and end with others, in one sentence."""
    more = []
    for at, number, type_, concepts in extra:
        covered = found.mentions[at : at + number]
        if covered and BREAK not in found.text[covered[0].start : covered[-1].end]:
            more.append(DocumentMention(covered[0].start, covered[-1].end, type_, concepts))
    return replace(found, mentions=(*found.mentions, *more))


def dressed(text: str, id_: str) -> Document:
    """Read a text of `TEXTS` with its sections and metadata."""
    marked, sections, items, years = text.split("@@")
    found = document(marked, id_)
    passages = found.passages
    if sections == "bare":
        passages = tuple(replace(passage, kind="") for passage in passages)
    if sections == "parts":
        title, rest = passages
        parts = rest.text.split(f"{BREAK} ")
        ends = accumulate(len(part) + 2 for part in parts)
        places = zip(parts, [0, *ends], ["2. how", "Methods > 1. Results"], strict=False)
        passages = (
            title,
            *(Passage("abstract", rest.offset + at, part, head) for part, at, head in places),
        )
    meta = {} if items == "-" else {"m": tuple(items.split(";")[:-1])}
    if years:
        meta["year"] = tuple(years.split(";")[:-1])
    return replace(found, passages=passages, meta=meta)


def corpus(texts: Sequence[str], extra: Extra = ()) -> Corpus:
    """Build a corpus whose sentences end at the breaks; the first document gets the extra mentions."""

    def annotate(found: Document) -> Annotation:
        text = found.text
        return Annotation(tuple(i + 1 for i, sign in enumerate(text) if sign == BREAK))

    documents = [dressed(text, str(i)) for i, text in enumerate(texts)]
    return corpus_of([overlaid(documents[0], extra), *documents[1:]], annotate)


def names(*texts: str) -> st.SearchStrategy[tree.Name]:
    return st.sampled_from([tree.Name(text) for text in texts])


UNITS = st.one_of(
    st.sampled_from(["a", "b", "c*", "*a", "a b", "no", ","]).map(tree.Phrase),
    st.sampled_from(["A", "a", "U"]).map(tree.Exact),
    st.just(tree.Token(None)),
    st.sampled_from(["a", "b"]).map(tree.Arg),
    names("l", "A", "B").map(tree.Ref),
)
GAPS = st.tuples(st.integers(0, 2), st.integers(0, 3) | st.none()).map(
    lambda bounds: tree.Gap(bounds[0], None if bounds[1] is None else bounds[0] + bounds[1])
)
REPEATS = st.sampled_from([(0, 1), (0, None), (1, None), (2, 2), (1, 3)])


def longer(parts: st.SearchStrategy[tree.Pattern]) -> st.SearchStrategy[tree.Pattern]:
    items = st.lists(parts | GAPS, min_size=2, max_size=4)
    return st.one_of(
        items.map(lambda found: tree.Seq(tuple(found))),
        st.lists(parts | GAPS, min_size=2, max_size=3).map(lambda found: tree.Alt(tuple(found))),
        st.tuples(parts, REPEATS).map(lambda found: tree.Repeat(found[0], *found[1])),
    )


PATTERNS = st.recursive(UNITS, longer, max_leaves=6).filter(lambda found: not can_be_empty(found))


ARGUMENTS = names("a", "b")
WINDOWS = st.none() | st.integers(0, 3).map(lambda number: tree.Window(number, "words"))
SECTION_NAMES = names("methods", "results", "title", "abstract")
REGIONS = st.one_of(
    st.builds(
        tree.Region,
        st.sampled_from(["sentence", "document", "title", "abstract", "between"]),
    ),
    st.builds(tree.Region, st.sampled_from(["before", "after", "around"]), ARGUMENTS, WINDOWS),
    st.builds(tree.Region, st.just("argument"), ARGUMENTS),
    st.builds(tree.Region, st.just("section"), SECTION_NAMES),
)
METADATA = st.builds(tree.Region, st.just("meta"), names("m"))
# No mention stands in metadata, so patterns that name some are refused.
PLAIN_UNITS: st.SearchStrategy[tree.Pattern] = st.sampled_from([
    tree.Phrase("a"), tree.Phrase("c*"), tree.Phrase("a b"), tree.Exact("A"), tree.Token(None),
    tree.Ref(tree.Name("l")),
])  # fmt: skip
PLAIN = st.recursive(PLAIN_UNITS, longer, max_leaves=3).filter(
    lambda found: not can_be_empty(found)
)
OPERATORS = st.sampled_from(["<", "<=", "=", "!=", ">=", ">"])
BOUNDS = st.sampled_from(["at least", "at most", "exactly"])
COUNTS = st.builds(tree.Count, BOUNDS, st.integers(0, 3), st.booleans())
QUANTITIES = st.builds(
    tree.Quantity, st.integers(0, 5).map(float), st.sampled_from(["words", "characters"])
)
ATOMS = st.one_of(
    st.builds(tree.Has, REGIONS, PATTERNS, st.none(), st.booleans(), st.booleans()),
    st.builds(tree.Has, REGIONS, PATTERNS, COUNTS, st.just(False), st.booleans()),
    st.builds(tree.Borders, REGIONS, st.sampled_from(["starts", "ends"]), PATTERNS),
    st.just(tree.Adjacent()),
    st.builds(
        tree.Order, st.just(tree.Name("a")), st.sampled_from(["before", "after"]), names("b")
    ),
    st.builds(tree.Same, names("sentence", "section", "text", "concept")),
    st.builds(
        tree.SectionIs, st.lists(SECTION_NAMES, min_size=1, max_size=2).map(tuple), st.booleans()
    ),
    st.builds(tree.Has, METADATA, PLAIN, st.none() | COUNTS),
    st.builds(tree.Borders, METADATA, st.sampled_from(["starts", "ends"]), PLAIN),
    st.builds(
        tree.Compare,
        st.just(tree.MetaValue(tree.Name("year"))) | st.builds(tree.CountOf, PLAIN, METADATA),
        OPERATORS,
        st.integers(0, 3).map(lambda number: tree.Quantity(float(number))),
    ),
    st.builds(tree.InKb, names("k"), negated=st.booleans()),
    st.builds(
        tree.ModelSays,
        st.just(tree.Name("m")),
        names("yes", "none", "other"),
        st.none() | st.builds(tree.Score, OPERATORS, st.sampled_from([0.3, 0.4, 0.8])),
    ),
    st.just(tree.Python("f")),
    st.builds(tree.Closer, names("A", "B"), ARGUMENTS, st.sampled_from([1.0, 2.0])),
    st.builds(tree.Is, ARGUMENTS, names("denied", "open_ended", "far", "letters"), st.booleans()),
    st.builds(tree.Compare, st.just(tree.Distance()), OPERATORS, QUANTITIES),
    st.builds(
        tree.Compare,
        st.sampled_from([tree.Measure("sentences_apart"), tree.Measure("shared_sentences")]),
        OPERATORS,
        st.integers(0, 2).map(lambda number: tree.Quantity(float(number))),
    ),
    st.builds(
        tree.Compare,
        st.builds(tree.CountOf, PATTERNS, REGIONS | st.none()),
        OPERATORS,
        st.builds(tree.CountOf, PATTERNS, REGIONS | st.none()),
    ),
)


def combined(parts: st.SearchStrategy[tree.Condition]) -> st.SearchStrategy[tree.Condition]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(tree.And),
        several.map(tree.Or),
        parts.map(tree.Not),
        st.builds(tree.KOf, BOUNDS, st.integers(0, 2), several),
    )


CONDITIONS = st.recursive(ATOMS, combined, max_leaves=4)


def scene_of(plan: Plan, texts: Sequence[str], extra: Extra = ()) -> Scene:
    over = corpus(texts, extra)
    return Scene(over, plan, TermFinder(over, KNOWLEDGE), given_mentions(over))


def relation(plan: Plan) -> tree.RelationDecl:
    declaration = plan.tasks[0].declaration
    assert isinstance(declaration, tree.RelationDecl)
    return declaration


def truth(column: Column, i: int) -> bool | None:
    return bool(column.true[i]) if column.known[i] else None


def arguments(found: PairCandidates, i: int) -> dict[str, str]:
    return {"a": found.names[found.arguments[0][i]], "b": found.names[found.arguments[1][i]]}
