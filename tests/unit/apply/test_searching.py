import re
from contextlib import suppress
from time import perf_counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.apply.searching import (
    SECONDS,
    SINGULAR,
    Runaway,
    Searcher,
    linear,
    plain,
    spans_of,
    stand_ins,
    tells_apart,
)
from biolabel.lang import tree

SIGNS = "ab1_ -.A\t"
CLASSES = [r"\w", r"\d", r"\s", r"\W", ".", "[^a]", "[a-b1]", "[b[:]", "a", "b", "A", " ", "-", "1"]
PLACES = [r"\b", r"\B", "^", "$"]
TIMES = ["", "*", "+", "?", "{2}", "{1,3}", "{,2}", "*?", "+?", "??", "{0,2}?"]


def atoms() -> st.SearchStrategy[str]:
    repeated = st.tuples(st.sampled_from(CLASSES), st.sampled_from(TIMES)).map("".join)
    return repeated | st.sampled_from(PLACES)


def groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(inner, min_size=1, max_size=3).map("".join)
    branches = st.lists(parts, min_size=1, max_size=3).map("|".join)
    return st.tuples(branches, st.sampled_from(TIMES)).map(lambda pair: f"(?:{pair[0]}){pair[1]}")


PATTERNS = st.lists(st.recursive(atoms(), groups, max_leaves=6), min_size=1, max_size=4).map(
    "".join
)
FLAGS = st.sampled_from(["", "i", "s", "is"])


def spans(regex: tree.Regex, text: str) -> list[tuple[int, int]]:
    source = f"(?{regex.flags}){regex.pattern}" if regex.flags else regex.pattern
    return [hit.span() for hit in re.finditer(source, text)]


@settings(max_examples=400, deadline=None)
@given(PATTERNS, FLAGS, st.lists(st.text(SIGNS, max_size=14), max_size=4))
def test_google_finds_what_python_finds(pattern: str, flags: str, texts: list[str]) -> None:
    regex = tree.Regex(pattern, flags)
    quick = linear(Searcher(regex).source)
    if quick is None:
        return
    found = [text for text in texts if plain(text)]
    expected = [(number, *span) for number, text in enumerate(found) for span in spans(regex, text)]
    one_by_one = [[hit.span() for hit in quick.finditer(text.encode())] for text in found]
    assert [(n, *span) for n, each in enumerate(one_by_one) for span in each] == expected
    assert spans_of(quick, pa.array(found, pa.large_string())).T.tolist() == [
        list(each) for each in expected
    ]


@settings(max_examples=300, deadline=None)
@given(PATTERNS, FLAGS, st.text(SIGNS + "é\xa0±_\v\x02", max_size=14))
def test_expressions_read_stand_ins_alike(pattern: str, flags: str, text: str) -> None:
    regex = tree.Regex(pattern, flags)
    if not tells_apart(Searcher(regex).source) and not SINGULAR.search(text):
        assert spans(regex, stand_ins(text)) == spans(regex, text)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("[a-z]", False),
        (r"\w.", False),
        ("_", True),
        ("[^é]", True),
        ("[!-~]", True),
        (r"\t", True),
    ],
)
def test_what_names_stand_ins_tells_them_apart(pattern: str, told: bool) -> None:
    assert tells_apart(pattern) is told


@settings(max_examples=300, deadline=None)
@given(PATTERNS, FLAGS, st.text(SIGNS + "éß\n", max_size=14))
def test_every_way_finds_what_python_finds(pattern: str, flags: str, text: str) -> None:
    regex = tree.Regex(pattern, flags)
    expected = spans(regex, text)
    assert Searcher(regex).spans(text) == expected
    assert Searcher(regex).found(text) == bool(expected)
    clocked = Searcher(regex)
    clocked.__dict__["_easy"] = 0  # as if the text were long
    assert clocked.spans(text) == expected


@pytest.mark.parametrize("pattern", ["a+", r"\b\w+s\b", "a(b|c)*d", r"(?i)[^k]+x", r"x\{e\}"])
def test_usual_expressions_are_linear(pattern: str) -> None:
    assert linear(pattern) is not None


@pytest.mark.parametrize(
    "pattern",
    ["a*", "(a|)*b", "(a*)*b", "a(?=b)", r"(a)\1", "a{,2}b", "(?i)\u017fa", "(?x)a b", r"a\Z"],
)
def test_what_engines_read_otherwise_is_left_to_python(pattern: str) -> None:
    assert linear(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"a{e}", "a{e} a ae"),
        (r"[a[:alpha:]]", "a] :] x]"),
        (r"\N{DIGIT ONE}b", "1b"),
        (r"\\{x}", r"\{x}"),
    ],
)
def test_other_engines_read_nothing_into_signs(pattern: str, text: str) -> None:
    clocked = Searcher(tree.Regex(pattern))
    clocked.__dict__["_easy"] = 0
    assert clocked.spans(text + " é") == spans(tree.Regex(pattern), text + " é")


def test_odd_blanks_are_not_plain() -> None:
    assert plain("a\nb\t")
    assert not any(map(plain, ["a\x0b", "a\x1f", "é", "a\n"]))


HOSTILE = [
    "a*a*a*a*b",
    ".*.*.*.*x",
    r"(\w+\s*)+:",
    "(?:a|aa)+b",
    "(?:a?){60}b",
    r"(?=a*a*a*a*b)a",
    r"(a+)+\1b",
    "(?<!q)(?:a|a)*b",
    "(?:(?:(?:a{0,99}){0,99}){0,99})b",
]


@pytest.mark.parametrize("text", ["a" * 10_000, "a" * 10_000 + "é", "aa a" * 2_500 + "é"])
@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_expression_hangs(pattern: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.apply.searching.SECONDS", 0.3)
    begun = perf_counter()
    for ask in (Searcher(tree.Regex(pattern)).spans, Searcher(tree.Regex(pattern)).found):
        with suppress(Runaway):
            ask(text)
    assert perf_counter() - begun < 2 * SECONDS


def test_the_error_knows_text_and_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.apply.searching.SECONDS", 0.2)
    regex = tree.Regex("(?=a*a*a*a*b)a")
    with pytest.raises(Runaway) as caught:
        Searcher(regex).spans("a" * 9_999)
    assert caught.value.regex is regex
    assert caught.value.text == "a" * 9_999
    assert "9,999 characters" in str(caught.value)


def test_easy_expressions_stay_with_python() -> None:
    easy = {p: Searcher(tree.Regex(p))._easy for p in ("abc", r"\b\w+ed\b", "a*a*a*b", "(ab|b)*c")}
    assert easy["abc"] > 100_000
    assert easy[r"\b\w+ed\b"] > 500
    assert 10 < easy["a*a*a*b"] < 200
    assert easy["(ab|b)*c"] < 200
