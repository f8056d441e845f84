"""How much a packed file may unpack to, so that a small one cannot fill memory or disk."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

GROWTH = 200
"""So many times its size a packed file may unpack to: texts of identifiers and names reach 40."""
HARMLESS = 100_000_000
"""So many bytes any packed file may unpack to."""


class Readable(Protocol):
    """What can be read by pieces."""

    def read1(self, size: int, /) -> bytes:
        """Return the next bytes, at most so many; none at the end."""


def allowed(path: Path) -> int:
    """Return how many bytes a packed file may unpack to.

    Raises:
        OSError: as the file system does.
    """
    return max(HARMLESS, GROWTH * path.stat().st_size)


def limited(stream: Readable, most: int, refusal: Callable[[], Exception]) -> io.BufferedReader:
    """Return a stream that gives at most so many bytes, and raises the refusal when there are more."""
    return io.BufferedReader(_Limited(stream, most, refusal), 1 << 20)


class _Limited(io.RawIOBase):
    def __init__(self, stream: Readable, most: int, refusal: Callable[[], Exception]) -> None:
        self._stream, self._left, self._refusal = stream, most, refusal

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer)
        found = self._stream.read1(len(view))
        self._left -= len(found)
        if self._left < 0:
            raise self._refusal()
        view[: len(found)] = found
        return len(found)
