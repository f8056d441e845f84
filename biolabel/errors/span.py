"""Places in source files: a span in code points, and the file that turns it into lines and columns."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points in one file.

    A tuple, because checking looks things up by their spans, and tuples are hashed fastest.
    """

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of one file, able to tell lines and columns."""

    path: str
    text: str
    _starts: list[int] = field(init=False, repr=False, compare=False, default_factory=list)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both counted from 1, of a code point offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its end."""
        starts = self._line_starts()
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end]

    def _line_starts(self) -> list[int]:
        # Indexed when first asked for: most files have nothing to show.
        if not self._starts:
            self._starts.extend([0, *(match.end() for match in re.finditer("\n", self.text))])
        return self._starts
