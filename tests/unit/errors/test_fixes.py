"""Fixes change what they mean to change, whatever ends the lines."""

import pytest

from biolabel.errors import Edit, Span
from biolabel.errors.fixes import fixed


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(Span("a.rules", start, end), text)


def test_edits_are_made_from_the_first_to_the_last() -> None:
    assert fixed("one two three", [edit(8, 13, "3"), edit(0, 3, "1")]) == ("1 two 3", 2)


def test_overlapping_and_repeated_edits_wait() -> None:
    edits = [edit(0, 3, "1"), edit(2, 5, "x"), edit(0, 3, "1"), edit(3, 3, "!"), edit(3, 3, "?")]
    assert fixed("one two", edits) == ("1 two", 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    text = f"a{end}bad{end}c{end}bad{end}"
    new, made = fixed(text, [edit(2, 5, "good"), edit(8, 11, "x\ny")])
    between = "\n" if end == "\r" else end
    assert (new, made) == (f"a{end}good{end}c{end}x{between}y{end}", 2)


def test_insertions() -> None:
    assert fixed("ab", [edit(1, 1, "-"), edit(0, 0, "<"), edit(2, 2, ">")]) == ("<a-b>", 3)
    assert fixed("", [edit(0, 0, "x")]) == ("x", 1)
