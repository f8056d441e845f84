"""A text of any signs as one of ASCII, a sign for a sign, so that places in it are places of bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.apply.searching import stand_ins

Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_ODD = np.isin(np.arange(256), np.frombuffer(b"\v\x1c\x1d\x1e\x1f\x02\x03", np.uint8))
"""The bytes of which google-re2 and `re` think otherwise (`searching.plain`), and `searching.MARKS`."""
_ODD[128:] = True
_LATER = (np.arange(256) & 0xC0) == 0x80
"""The bytes that begin no code point."""


@dataclass(frozen=True, eq=False)
class Signs:
    """A text as signs of ASCII, a sign for a sign.

    codes: uint8[signs], `stand_ins` for what google-re2 reads otherwise than `re`; odd: int64, the
    places of these, ascending; written: what stands there.
    """

    codes: Bytes
    odd: Longs
    written: str

    def cut(self, start: Longs, end: Longs) -> pa.LargeStringArray:
        """Return stretches of the signs that ascend and are apart."""
        return slices(self.codes, start, end)

    def texts(self, start: Longs, end: Longs) -> list[str]:
        """Return stretches that ascend and are apart as they are written."""
        _, _, data = self.cut(start, end).buffers()
        codes = np.frombuffer(data or b"", np.uint8).astype(np.uint32)
        ends = np.cumsum(end - start)
        places = np.searchsorted(self.odd, start), np.searchsorted(self.odd, end)
        text, odd = expand_ranges(*places)
        written = np.frombuffer(self.written.encode("utf-32-le"), np.uint32)
        codes[self.odd[odd] - end[text] + ends[text]] = written[odd]
        every = codes.tobytes().decode("utf-32-le")
        borders = pairwise([0, *ends.tolist()])
        return [every[first:last] for first, last in borders]

    def places(self, test: Callable[[str], object]) -> Longs:
        """Return the places of odd signs that pass a test."""
        passed = {sign: bool(test(sign)) for sign in frozenset(self.written)}
        return self.odd[np.fromiter(map(passed.__getitem__, self.written), bool, len(self.odd))]


def signs_of(written: Bytes, bounds: Longs) -> tuple[Signs, Longs]:
    """Return a text in UTF-8 as signs, and places of its bytes as places of its signs."""
    # Comparing is quicker than looking each byte up, and leaves few; bytes over 127 are below 0.
    odd = np.flatnonzero(written.view(np.int8) < ord(" "))
    odd = odd[_ODD[written[odd]]]
    text = written[odd].tobytes().decode()
    later = _LATER[written[odd]]
    leading, later = odd[~later], odd[later]
    leading = leading - np.searchsorted(later, leading)
    codes = _without(written, later)
    codes[leading] = np.frombuffer(stand_ins(text).encode("ascii"), np.uint8)
    return Signs(codes, leading, text), bounds - np.searchsorted(later, bounds)


def _without(data: Bytes, places: Longs) -> Bytes:
    """Return a copy of bytes without some of them."""
    start, end = np.r_[0, places + 1], np.r_[places, len(data)]
    kept = slices(data, start, end).buffers()[2]
    return np.frombuffer(kept or b"", np.uint8)[: len(data) - len(places)].copy()


def slices(data: Bytes, start: Longs, end: Longs) -> pa.LargeStringArray:
    """Return the texts between bytes that ascend; none overlaps the next."""
    borders = np.empty(2 * len(start) + 1, np.int64)
    borders[0:-1:2], borders[1::2], borders[-1] = start, end, end[-1] if len(end) else 0
    buffers = pa.py_buffer(borders), pa.py_buffer(data)
    both = pa.LargeStringArray.from_buffers(2 * len(start), *buffers)
    # Every other element is what stands between two texts.
    return both.take(pa.array(np.arange(0, 2 * len(start), 2)))
