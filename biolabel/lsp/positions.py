"""Places: biolabel counts code points of a file, editors count lines and code units within them."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate

from lsprotocol.types import Position, Range

from biolabel.errors import Span

_UNITS: Mapping[str, Callable[[str], int]] = {
    "utf-8": lambda sign: len(sign.encode("utf-8", "surrogatepass")),
    "utf-16": lambda sign: 1 + (sign > "\uffff"),
    "utf-32": lambda _: 1,
}
"""How many units a code point takes in the encodings that a client may agree on."""


class Places:
    """The lines of one text, and the way between offsets and an editor's positions."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        """Find the lines once; only line feeds end lines, as in `SourceFile`."""
        self._text = text
        self._units = _UNITS[encoding]
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines[:-1])]

    def position(self, offset: int) -> Position:
        """Return where a code point offset is; one behind the end of the text is at its end."""
        offset = min(offset, len(self._text))
        line = bisect_right(self._starts, offset) - 1
        before = self._text[self._starts[line] : offset]
        return Position(line, len(before) if before.isascii() else sum(map(self._units, before)))

    def offset(self, position: Position) -> int:
        """Return the offset of a position; one behind the end of its line is at that end.

        A position in the middle of a code point of several units is taken to be before it.
        """
        if position.line >= len(self._lines):
            return len(self._text)
        line = self._lines[position.line]
        start = self._starts[position.line]
        if line.isascii():
            return start + min(position.character, len(line))
        return start + bisect_right(list(accumulate(map(self._units, line))), position.character)

    def range(self, span: Span) -> Range:
        """Return the range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def whole(self) -> Range:
        """Return the range of the whole text."""
        return Range(Position(0, 0), self.position(len(self._text)))
