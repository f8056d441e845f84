"""Lines of a plain or gzip file, one at a time; faults are told, not raised."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from biolabel.data.growth import GROWTH, allowed, limited
from biolabel.errors import CorpusError
from biolabel.text.rejects import Rejects

LONGEST = 1 << 25
"""Bytes of the longest line that is read, 32 MiB: a full text has about 0.1 MiB."""

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a gzip file raises that is damaged or ends early."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""What a file in UTF-16 may begin with; no text in UTF-8 has either byte."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `fault` says whether it is not UTF-8, or the file is cut off here.

    Of a line that is too long only the beginning is there.
    """

    number: int
    text: str
    fault: Literal["", "not UTF-8", "longer than 32 MiB", "cut off"] = ""


def read_lines(path: Path) -> Iterator[Line]:
    r"""Yield the lines of a file that may be gzip, may start with a byte order mark and use \r\n.

    In a line that is not UTF-8 the wrong bytes are replaced by U+FFFD. A gzip file that is damaged
    or ends early gives its good part, then one empty line with the fault "cut off".

    Raises:
        CorpusError: BL601 when the file cannot be opened or read, BL640 when it is in UTF-16, BL643 when
            it unpacks to too much.
    """
    number = 0
    try:
        with path.open("rb") as raw:
            stream = unpacked(raw, path)
            while data := stream.readline(LONGEST):
                number += 1
                if number == 1 and _in_utf_16(data):
                    message = f"{path} cannot be read: its encoding is UTF-16"
                    raise CorpusError("BL640", message, hint="save it as UTF-8")
                if len(data) == LONGEST and not data.endswith(b"\n"):
                    _skip_line(stream)
                    yield Line(number, data[:400].decode(errors="replace"), "longer than 32 MiB")
                else:
                    yield _line(number, data.removesuffix(b"\n").removesuffix(b"\r"))
    except DAMAGED:
        yield Line(number + 1, "", "cut off")
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error


def _in_utf_16(start: bytes) -> bool:
    """Return whether a file has the mark of UTF-16, or begins with an ASCII character of two bytes."""
    return start.startswith(_UTF_16) or (0 in start[:2] and max(start[:2]) >= ord(" "))


def whole_lines(path: Path, rejects: Rejects) -> Iterator[Line]:
    """Yield the lines of a file as `read_lines`, as far as it is whole: its end goes to the rejects.

    Raises:
        CorpusError: as `read_lines`.
    """
    for line in read_lines(path):
        if line.fault == "cut off":
            reason = "the gzip file is damaged or ends early"
            rejects.add(path, line.number, "", "rest", reason, "")
        else:
            yield line


def read_blocks(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield the content of a file, unpacked if it is gzip, in blocks of a size in bytes.

    Of a damaged gzip file comes what is good, then the error that `DAMAGED` lists.

    Raises:
        CorpusError: BL601 when the file cannot be opened or read, BL643 when it unpacks to too much.
    """
    held = bytearray()
    try:
        with path.open("rb") as raw:
            stream = unpacked(raw, path)
            while part := stream.read1(1 << 16):
                held += part
                if len(held) >= size:
                    yield bytes(held)
                    held.clear()
    except DAMAGED:
        yield bytes(held)
        raise
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error
    if held:
        yield bytes(held)


def unpacked(raw: io.BufferedReader, path: Path) -> io.BufferedReader:
    """Return a file's content, unpacked if it is gzip; reading it may raise what `DAMAGED` lists.

    Raises:
        CorpusError: BL643, while it is read, when it unpacks to far more than its size.
    """
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return (
        limited(gzip.GzipFile(fileobj=raw), allowed(path), lambda: grown(path)) if packed else raw
    )


def grown(path: Path) -> CorpusError:
    """Return BL643: a packed file that holds far more than its size."""
    message = f"{path} unpacks to more than {GROWTH} times its size"
    return CorpusError("BL643", message, hint="if that is right, unpack it: plain files may grow")


def _skip_line(stream: io.BufferedIOBase) -> None:
    """Read to the end of the line, without keeping it."""
    while (data := stream.readline(LONGEST)) and not data.endswith(b"\n"):
        pass


def _line(number: int, data: bytes) -> Line:
    if number == 1:
        data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return Line(number, data.decode())
    except UnicodeDecodeError:
        return Line(number, data.decode(errors="replace"), "not UTF-8")
