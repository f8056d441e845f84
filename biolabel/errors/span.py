"""Places in source files: a span in code points, and the file that turns it into lines and columns."""

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in one file."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of one file, able to tell lines and columns."""

    path: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the line starts once."""
        starts = (0, *(i + 1 for i, sign in enumerate(self.text) if sign == "\n"))
        object.__setattr__(self, "_starts", starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both counted from 1, of a code point offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its end."""
        return self.text.split("\n")[number - 1]
