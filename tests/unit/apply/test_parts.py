import re._parser as parser  # type: ignore[import-not-found] # no part of typeshed

import pytest

from biolabel.apply.parts import (
    ANYTHING,
    Gap,
    Part,
    Reader,
    Run,
    bordered,
    gap_of,
    is_alone,
    run_of,
    turns,
)


def parts(source: str, *, folded: bool = False) -> list[Part]:
    return list(Reader(folded).parts(parser.parse(source).data))


def runs(source: str) -> list[str]:
    return [run.text for run in bordered(parts(source))]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("ab", ["ab"]),
        ("a b", [r"a\b", r"\bb"]),
        ("a ?b", ["a", "b"]),
        (r"a\b ?b", [r"a\b", r"b"]),
        (r"a(?:/c)?\b", [r"a\b"]),  # behind it is a sign of no word, or the border
        (r"\b(?:c/)?a", [r"\ba"]),
        (r"a\b-?\bb", [r"a\b", r"\bb"]),
        (r"a\B", [r"a\B"]),
    ],
)
def test_next_to_signs_of_no_word_runs_are_at_the_border(source: str, texts: list[str]) -> None:
    assert runs(source) == texts


def test_what_refers_to_a_group_is_read_as_the_group() -> None:
    first, gap, second = parts(r"(ab) \1")
    assert first == second == Run("ab", 2, 2, group=1)
    assert isinstance(gap, Gap)
    assert parts(r"(a(?=b))\1")[-1] == ANYTHING  # what it looks at is not repeated
    assert parts(r"(a)(\1\1)\2")[-1] == ANYTHING
    assert parts(r"(?i:(ab))\1")[-1] == ANYTHING
    repeated = parts(r"(?:(a) ){2}")
    assert [part.group for part in repeated if isinstance(part, Run)] == [None]


def test_runs_side_by_side_are_of_no_group_but_their_only_one() -> None:
    one, border = Run("a", 1, 1, group=1), Run(r"\b", 0)
    assert run_of([border, one]) == Run(r"\ba", 1, 1, group=1)
    assert run_of([one, Run("b", 1)]).group is None
    assert run_of([one, Run("(?:b){0,1}", 0)]).group is None


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        (r"\s*", Gap(0, 0, True, True, True)),
        (r"\s*\b", Gap(1, 0, True, True, False)),
        (".{3}", Gap(0, 3, False, False, False)),
        (".+", Gap(0, None, False, False, False)),
        ("-", Gap(1, 0, True, True, False)),
        (r"(?: |,)", Gap(0, 1, True, True, False)),
    ],
)
def test_gaps(source: str, gap: Gap) -> None:
    found = gap_of(parts(source))
    assert (found.most, found.left, found.right, found.empty) == (
        (gap.most, gap.left, gap.right, gap.empty)
    )


def test_runs_that_may_be_empty_are_gaps() -> None:
    gaps, found = turns(parts("a? b"))
    assert [run.text for run in found] == ["b"]
    assert gaps[0].most == 1


@pytest.mark.parametrize(
    ("sign", "alone"),
    [("(", True), ("±", True), ("%", True), (".", False), ("-", False), ("_", False), ("é", False)],
)
def test_signs_that_are_rows_of_their_own(sign: str, alone: bool) -> None:
    assert is_alone(sign) is alone


def test_case_of_other_signs_than_ascii_is_not_asked() -> None:
    assert isinstance(parts("é", folded=True)[0], Gap)
    assert isinstance(parts("é")[0], Run)
