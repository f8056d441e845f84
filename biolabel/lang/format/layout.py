"""From the tokens of a field to lines of at most WIDTH columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from biolabel.lang.format.spacing import Item

WIDTH = 100
"""Columns of a line; a comment at its end may go further, and so may what cannot be broken."""
_LEAST = 4
"""The least indent of a line that goes on with a field, deeper than the field's name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a declaration and the comment at its end."""

    text: str
    comment: str = ""


def lines_of(items: Sequence[Item], indent: int) -> list[Line]:
    """Return the lines of a field, each with the comment at its end.

    The author's line breaks at separators stay if every line fits. Else those stay before which the
    line was not full, since they must mean something, and the rest is broken anew: at the outermost
    separators first, at all `and`, `or` of a level, at others where a line is full. indent: the
    column of the first token.
    """
    forced = [i for i, item in enumerate(items) if item.forced]
    own = [i for i, item in enumerate(items) if item.level and item.word.broken]
    breaks = sorted({*forced, *own})
    if not _fits(items, breaks, indent):
        meant = _meant(items, breaks, indent)
        breaks = forced = sorted({*forced, *meant})
        for first, end in pairwise([0, *forced, len(items)]):
            start = _column(items, first, indent)
            breaks = [*breaks, *_filled(items, first, end, start, indent)[0]]
        breaks = sorted(breaks)
    lines: list[Line] = []
    for first, end in pairwise([0, *breaks, len(items)]):
        column = " " * _column(items, first, indent)
        lines.extend(Line(column + comment) for comment in items[first].word.above)
        text = "".join(" " * item.blanks + item.word.text for item in items[first:end])
        lines.append(Line(column + text.lstrip(), items[end - 1].word.note))
    return lines


def _column(items: Sequence[Item], first: int, indent: int) -> int:
    """Return where a line that starts with an item begins."""
    if first == 0:
        return indent
    return max(_LEAST, indent + len(items[0].word.text) + 1 + items[first].indent)


def _width(items: Sequence[Item], first: int, end: int) -> int:
    return sum(item.width for item in items[first:end])


def _fits(items: Sequence[Item], breaks: Sequence[int], indent: int) -> bool:
    return all(
        _column(items, first, indent) + _width(items, first, end) - items[first].blanks <= WIDTH
        or not any(item.level for item in items[first + 1 : end])
        for first, end in pairwise([0, *breaks, len(items)])
    )


def _meant(items: Sequence[Item], breaks: Sequence[int], indent: int) -> list[int]:
    """Return the breaks before which the line had room for what follows."""
    meant = []
    for first, at, end in zip([0, *breaks], breaks, [*breaks[1:], len(items)], strict=False):
        level = items[at].level
        inner = (i for i in range(at + 1, end) if level and (items[i].level or level) < level)
        same = (i for i in range(at + 1, end) if items[i].level == level)
        until = min(next(inner, end), next(same, end))
        column = _column(items, first, indent) - items[first].blanks
        if column + _width(items, first, until) <= WIDTH:
            meant.append(at)
    return meant


def _filled(
    items: Sequence[Item], first: int, end: int, column: int, indent: int
) -> tuple[list[int], int]:
    """Return where lines break between two items, and the column reached behind the last.

    column: where the first item, without the blanks before it, begins.
    """
    width = _width(items, first, end) - items[first].blanks
    levels = [item.level for item in items[first + 1 : end] if item.level]
    if column + width <= WIDTH or not levels:
        return [], column + width
    at = [i for i in range(first + 1, end) if items[i].level == min(levels)]
    breaks: list[int] = []
    inner: list[int] = []
    for start, stop in pairwise([first, *at, end]):
        if start != first:
            here = column + _width(items, start, stop)
            # Behind a part that takes several lines the next one would be overlooked.
            if items[start].every or inner or here > WIDTH:
                breaks.append(start)
                column = _column(items, start, indent)
            else:
                column += items[start].blanks
        inner, column = _filled(items, start, stop, column, indent)
        breaks.extend(inner)
    return breaks, column
