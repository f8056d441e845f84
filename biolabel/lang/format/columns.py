"""What stands in columns: the `when` of consecutive cases, the comments at the ends of lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from biolabel.lang.format.layout import Line
from biolabel.lang.format.spacing import Item

_WIDEST_VOTE = 40
"""Votes up to this width stand in a column before the `when` of their case."""
_FARTHEST = 40
"""Comments stand in a column if their lines differ by at most so much in length."""


def aligned_cases(fields: Sequence[list[Item]]) -> Iterator[list[Item]]:
    """Yield fields, with blanks before the `when` of consecutive cases that put them in a column."""
    for are_cases, run in groupby(fields, key=lambda field: _when(field) is not None):
        group = list(run)
        if are_cases:
            ends = [_when(field) or 0 for field in group]
            widths = [
                sum(item.width for item in field[1:end])
                for field, end in zip(group, ends, strict=True)
            ]
            widest = max((width for width in widths if width <= _WIDEST_VOTE), default=0)
            for field, end, width in zip(group, ends, widths, strict=True):
                blanks = max(1, 1 + widest - width)
                yield [*field[:end], replace(field[end], blanks=blanks), *field[end + 1 :]]
        else:
            yield from group


def _when(field: Sequence[Item]) -> int | None:
    """Return where the `when` of a case is, if no comment stands before it."""
    if field[0].word.kind != "F_CASE":
        return None
    for i, item in enumerate(field[1:], start=1):
        if item.forced:
            return None
        if item.word.text == "when" and item.word.kind == "WHEN":
            return i
    return None


def with_comments(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the texts of lines with their comments, those of consecutive lines in one column."""
    for commented, run in groupby(lines, key=lambda line: bool(line.comment)):
        group = list(run)
        lengths = [len(line.text) for line in group]
        column = max(lengths) if max(lengths) - min(lengths) <= _FARTHEST else 0
        for line in group:
            yield f"{line.text:{column}}  {line.comment}" if commented else line.text
