"""Objects of a large JSON file, such as one document each, cut out one at a time.

A file is cut at the braces of its objects before they are parsed, so that a broken one costs itself and
memory holds one. The objects are those of the outermost list, of a list under a key of `_LISTS`, or
one after another.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.text.lines import DAMAGED, read_blocks

_BLOCK = 1 << 20
_LARGEST = 1 << 26
"""More bytes than any document has: what goes on beyond them has lost its end."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{}"]', re.DOTALL)
_LISTS = (b'"documents"', b'"PubTator3"')
"""The keys under which files have their documents."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one object, or of what goes on to the end with a fault."""

    line: int
    data: bytes
    fault: str = ""


@dataclass(slots=True)
class _Cutter:
    """Where a file is being cut: `rest` is what is not cut yet, and `line` the line of its byte `at`."""

    rest: bytes = b""
    line: int = 1
    at: int = 0
    sought: int = 0
    key: bytes = b""
    open: list[bytes] = field(default_factory=list)
    start: int = -1
    depth: int = 0

    def pieces(self, block: bytes) -> Iterator[Piece]:
        """Yield the objects that end in a block."""
        self.rest += block
        for token in _TOKEN.finditer(self.rest, self.sought):
            sign = token[0]
            if sign == b'"':
                break  # a text that goes on in the next block
            self.sought = token.end()
            if len(sign) > 1:
                self.key = sign
            elif sign in b"{[":
                self._opened(sign, token.start())
            elif self.open:
                self.open.pop()
                if self.start >= 0 and len(self.open) == self.depth:
                    self._go_to(self.start)
                    yield Piece(self.line, self.rest[self.start : token.end()])
                    self.start = -1
        done = self.start if self.start >= 0 else self.sought
        self._go_to(done)
        self.rest, self.sought, self.at = self.rest[done:], self.sought - done, 0
        self.start = min(self.start, 0)

    def _go_to(self, place: int) -> None:
        self.line += self.rest.count(b"\n", self.at, place)
        self.at = place

    def _opened(self, sign: bytes, place: int) -> None:
        """Begin an object, unless it is inside of one; a list of documents ends what it is in."""
        if sign == b"[" and self.start >= 0 and len(self.open) == self.depth + 1:
            self.start = -1 if self.key in _LISTS else self.start
        elif sign == b"{" and self.start < 0 and self.open[-1:] != [b"{"]:
            self.start, self.depth = place, len(self.open)
        self.open.append(sign)


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the objects of a JSON file, plain or gzip, and last what has a fault.

    Raises:
        CorpusError: BL601 when the file cannot be read, BL643 when it unpacks to too much.
    """
    cutter, fault = _Cutter(), ""
    try:
        for number, block in enumerate(read_blocks(path, _BLOCK)):
            if number == 0 and block.startswith(_UTF_16):
                yield Piece(1, block[:400], "the file is UTF-16; it must be UTF-8")
                return
            yield from cutter.pieces(block)
            if len(cutter.rest) > _LARGEST:
                fault = "a document or text does not end within 64 MB"
                break
    except DAMAGED:
        fault = "the gzip file is damaged or ends early"
    if fault or cutter.open:
        yield Piece(cutter.line, cutter.rest[:400], fault or "the file ends inside its content")
