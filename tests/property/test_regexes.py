"""Regular expressions over corpora against `re`, asked sentence by sentence."""

import re

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biolabel.apply.pieces import pieces_of
from biolabel.apply.regexes import regex_matches
from biolabel.apply.searching import Searcher
from biolabel.apply.sentences import sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.data.corpus import Corpus
from biolabel.lang import tree
from tests.unit.apply.world import corpus

SIGNS = ["a", "b", "k", "A", "1", "_", " ", " ", "  ", "-", ".", "(", ". B", "\t", "=", "%"]
ODD = [
    "é",
    "ß",
    "\u212a",
    "\xa0",
    "\u2003",
    "\x0b",
    "\x1f",
    "\n",
    "İ",
    "\U0001d400",
    "\u02bc",
    "1.5",
]
CLASSES = [
    r"\w", r"\d", r"\s", r"\S", r"\W", r"\D", ".", "[^a]", "[a-b1]", r"[^\s,]", r"[\s.]", "a", "b",
    "k", "A", " ", "-", "1", "é", r"\(", "[^ ]", "[é-ü]", r"[^\W\d]", r"[\da-b]", "[(=]", "%",
]  # fmt: skip
PLACES = [r"\b", r"\B", "^", "$", r"\A", r"\Z", "(?=a)", "(?<!b)", "(?!k)", "(?<= )"]
TIMES = ["", "", "*", "+", "?", "{2}", "{1,3}", "{,2}", "*?", "+?", "??", "*+"]


def atoms() -> st.SearchStrategy[str]:
    repeated = st.tuples(st.sampled_from(CLASSES), st.sampled_from(TIMES)).map("".join)
    return repeated | repeated | st.sampled_from(PLACES)


def groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(inner, min_size=1, max_size=3).map("".join)
    branches = st.lists(parts, min_size=1, max_size=3).map("|".join)
    opened = st.sampled_from(["(?:", "(", "(?>", "(?i:"])
    times = st.sampled_from(TIMES)
    return st.tuples(opened, branches, times).map(lambda three: f"{three[0]}{three[1]}){three[2]}")


def parts(most: int) -> st.SearchStrategy[str]:
    several = st.recursive(atoms(), groups, max_leaves=6)
    return st.lists(several, max_size=most).map("".join)


def repeated() -> st.SearchStrategy[str]:
    """Return expressions that refer back to a group, of which most have no other one before it."""
    group = st.sampled_from(
        [r"(\w+)", r"\b(\w+)\b", r"((\w)\w*)", "([ab1])", r"(a|\bb)", r"(?:(a) )+"]
    )
    back = st.sampled_from([r"(?:\1)", r"\1\b", r"\b(?:\1)", r"\b\1\b", r"(?:\1 ?)+", r"(?=\1)"])
    between = st.sampled_from(["", " ", "-", r"\s*", " a ", r"\W+", " ?.?"])
    return st.tuples(parts(1), group, between, back, parts(1)).map("".join)


PATTERNS = parts(4).filter(bool) | repeated()
FLAGS = st.sampled_from(["", "i", "s", "is"])
TEXTS = st.lists(
    st.lists(st.sampled_from(SIGNS) | st.sampled_from(ODD), max_size=14).map("".join)
    | st.lists(st.sampled_from(SIGNS), max_size=14).map("".join),
    min_size=1,
    max_size=4,
)


def expected(over: Corpus, regex: tree.Regex) -> set[tuple[int, int]]:
    """Return first and end row of what `re` finds in each sentence."""
    found = set()
    for number in range(len(over.sentence_doc)):
        shift = int(over.sentence_start[number])
        of_doc = np.flatnonzero(over.row_doc == over.sentence_doc[number])
        for hit in re.finditer(Searcher(regex).source, over.sentence_text(number)):
            start, end = hit.start() + shift, hit.end() + shift
            first = of_doc[over.row_end[of_doc] > start]
            last = of_doc[over.row_start[of_doc] < end]
            if len(first) and len(last) and first[0] <= last[-1]:
                found.add((int(first[0]), int(last[-1]) + 1))
    return found


@settings(max_examples=500, deadline=None)
@given(PATTERNS, FLAGS, TEXTS)
@example("k", "i", ["\u212a a"])
@example(r"\w+\s?\w", "", ["a\xa0b. B", "\x1fa"])
@example(r"\d[ab]", "", ["1.5a 1.5b"])
@example("a\u02bc?b", "", ["a\u02bcb"])
@example(r"\bb", "", ["a\u02bcb"])
@example("[^a]b", "", ["a. B b. A", "b"])
@example("^a", "", ["a a"])
@example("a$", "", ["a a"])
@example("a(?! )", "", ["a a"])
@example(r"a(?:\s\w|b)+", "", ["a b ab"])
@example(r"\w\D{2}(?:\S|\w|\b)+?(?!k)", "", ["aaaaaa%\x1fa"])
@example(r"a \b(?:\w )?b", "", ["a b b. a 1 b"])
@example(r"\d\s*%", "", ["1 % 1.5% a1%. \xa05\xa0%"])
@example("a[^b]b", "", ["a\x02b a\x03b aéb a_b"])
@example(r"\b(\w+) and \1\b", "", ["a and a b 0.5 and 5. and b and 5 and 0.5"])
@example(r"\b(\w+) \1\b", "", ["a a b. b 1.5 5 5.5 A a"])
@example(r"(\w+) (?i:\1)", "", ["a A"])
@example(r"a b(?= c d)|d", "", ["a b c d", "a b c"])
@example("(?<!a b )k", "", ["a b k A b k", "k"])
@example("(?>a?b? ?a?) b", "", ["a b b ab a b b"])
def test_rows_are_those_of_python(pattern: str, flags: str, texts: list[str]) -> None:
    regex = tree.Regex(pattern, flags)
    over = corpus(*texts)
    hits = regex_matches(sentence_texts(over, Vocabulary(over.forms, over.row_form)), regex)
    rows = set(zip(hits.first.tolist(), hits.end.tolist(), strict=True))
    assert rows == expected(over, regex)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, FLAGS, TEXTS)
def test_what_matches_has_all_pieces(pattern: str, flags: str, texts: list[str]) -> None:
    source = Searcher(tree.Regex(pattern, flags)).source
    pieces = pieces_of(source)
    for text in texts:
        hits = list(re.finditer(source, text))
        rows = re.findall(r"\w+|[^\w\s]", text)
        if hits:
            for piece in pieces.needed:
                assert any(re.search(piece.source, row) for row in rows)
        if pieces.whole:
            alone = [hit.group() for row in rows for hit in re.finditer(source, row)]
            assert [hit.group() for hit in hits] == alone
