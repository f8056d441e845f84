"""HTML that notebooks show: tables, findings and marked texts; every text is escaped by `Markup.format`."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup

_FRAME = Markup("<div class='biolabel' style='overflow-x:auto'>{}</div>")
_TITLE = Markup("<p style='margin:.4em 0'><b>{}</b></p>")
_NOTE = Markup("<p style='margin:.4em 0;opacity:.75'>{}</p>")
_TABLE = Markup(
    "<table style='border-collapse:collapse;margin:.4em 0'><thead><tr>{}</tr></thead>"
    "<tbody>{}</tbody></table>"
)
_HEAD = Markup("<th style='text-align:{};padding:.2em .7em;border-bottom:1px solid'>{}</th>")
_CELL = Markup("<td style='text-align:{};padding:.2em .7em;vertical-align:top'>{}</td>")
_ROW = Markup("<tr>{}</tr>")
_PRE = Markup("<pre style='white-space:pre-wrap'>{}</pre>")
_MARK = Markup(
    "<mark title='{}' style='color:inherit;background:rgba(255,180,0,{});border-bottom:2px solid"
    " rgba(213,94,0,.9)'>{}</mark>"
)

Cell = str | int | float | None
"""What a table shows: a text, a number, or nothing."""


def frame(title: str, *parts: Markup) -> str:
    """Return what a notebook shows: a title and what stands below it."""
    return str(_FRAME.format(_TITLE.format(title) + Markup("").join(parts)))


def note(text: str) -> Markup:
    """Return a line of plain text."""
    return _NOTE.format(text)


def code(text: str) -> Markup:
    """Return text whose blanks and line ends count."""
    return _PRE.format(text)


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], more: int = 0) -> Markup:
    """Return a table, numbers to the right; more: how many rows there are that are not shown."""
    lines = [tuple(row) for row in rows]
    right = [any(isinstance(row[at], int | float) for row in lines) for at in range(len(head))]
    sides = ["right" if number else "left" for number in right]
    top = Markup("").join(_HEAD.format(*each) for each in zip(sides, head, strict=True))
    body = Markup("").join(
        _ROW.format(
            Markup("").join(
                _CELL.format(side, shown(cell)) for side, cell in zip(sides, row, strict=True)
            )
        )
        for row in lines
    )
    return _TABLE.format(top, body) + (note(f"and {more:,} more") if more > 0 else Markup(""))


def shown(cell: Cell) -> str:
    """Return a cell as text: three digits of shares and scores, separators in counts."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def marked(text: str, places: Iterable[tuple[int, int, str]]) -> Markup:
    """Return a text with places marked: start, end (code points, half-open) and what to say of them.

    Where several overlap, the stretch that they share says what each has to say, and is darker.
    """
    found = [each for each in places if 0 <= each[0] < each[1] <= len(text)]
    cuts = sorted({0, len(text), *(at for start, end, _ in found for at in (start, end))})
    pieces = []
    for low, high in pairwise(cuts):
        said = dict.fromkeys(told for start, end, told in found if start <= low and high <= end)
        depth = min(0.2 + 0.15 * len(said), 0.8)
        stretch = text[low:high]
        pieces.append(
            _MARK.format("; ".join(said), f"{depth:.2f}", stretch)
            if said
            else Markup.escape(stretch)
        )
    return Markup("<p style='line-height:1.7;white-space:pre-wrap'>{}</p>").format(
        Markup("").join(pieces)
    )
