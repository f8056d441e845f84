r"""The word rule over many texts at once, in arrays: what `biolabel.data.words` says, much faster.

Every code point has a class; a row starts where the class says so, but for the inner points and
commas of numbers, which are few and looked at one after another, as an array.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.words import SOFT

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

_BLANK, _HARD, _POINT, _LETTER, _DIGIT = range(5)
"""Classes of code points: blanks and soft signs, hard signs, `.` and `,`, `\\w` without digits, `\\d`."""
_LEAST = 128
"""Code points that are classed at least: those of ASCII."""
_PART = 1 << 21
"""Characters that are cut together: many enough to forget numpy's calls, few enough for the cache."""
_BETWEEN = "\n"
"""What stands between texts that are cut together: a blank ends every row."""


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """The rows of many texts.

    first: int64[t + 1], the first row of each text and the end; start, end: int32[r], code points
    of the text, half-open; is_word: bool[r]; form: int32[r], places in `forms`, in which the texts
    of the rows stand in the order in which they first occur.
    """

    first: NDArray[np.int64]
    start: Ints
    end: Ints
    is_word: Bools
    form: Ints
    forms: pa.StringArray


def rows_of(text: str) -> tuple[Ints, Bools]:
    """Return the rows of a text: int32[n, 2] start and end, and bool[n], true for words."""
    start, end, is_word = _cut(_codes(text))
    return np.stack([start, end], axis=1).astype(np.int32), is_word


def rows_of_all(texts: Sequence[str]) -> Rows:
    """Return the rows of many texts; memory beyond that of the result does not grow with them."""
    ends = np.cumsum([0, *map(len, texts)])
    parts = [_rows_of_part(texts[first:end]) for first, end in _parts(ends)]
    counts = np.concatenate([count for count, *_ in parts])
    form = pa.chunked_array([form for *_, form in parts]).unify_dictionaries().combine_chunks()
    return Rows(
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([start for _, start, *_ in parts]),
        np.concatenate([end for _, _, end, *_ in parts]),
        np.concatenate([is_word for *_, is_word, _ in parts]),
        form.indices.to_numpy(),
        form.dictionary,
    )


def _parts(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield which texts are cut together: as many as have about `_PART` characters, at least one."""
    first = 0
    while True:
        end = int(np.searchsorted(ends, ends[first] + _PART, side="right"))
        end = min(max(end - 1, first + 1), len(ends) - 1)
        yield first, end
        first = end
        if first == len(ends) - 1:
            return


def _rows_of_part(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], Ints, Ints, Bools, pa.DictionaryArray]:
    """Return the number of rows of each text, and their start, end, is a word, and text."""
    joined = _BETWEEN.join(texts)
    codes = _codes(joined)
    start, end, is_word = _cut(codes)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    offsets = np.concatenate([[0], np.cumsum(lengths + len(_BETWEEN))])
    counts = np.diff(np.searchsorted(start, offsets))
    own = np.repeat(offsets[:-1], counts)
    form = _texts(joined, codes, start, end).dictionary_encode()
    return counts, (start - own).astype(np.int32), (end - own).astype(np.int32), is_word, form


def lowered(forms: Sequence[str]) -> list[str]:
    """Return the texts of rows in lower case, all at once; no row holds a blank, so none is torn."""
    return _BETWEEN.join(forms).lower().split(_BETWEEN) if forms else []


def _codes(text: str) -> NDArray[np.uint8] | NDArray[np.uint32]:
    """Return the code points of a text."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _cut(
    codes: NDArray[np.uint8] | NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
    """Return start, end and whether it is a word of each row."""
    # A blank at both ends has every code point have neighbors.
    kind = np.zeros(len(codes) + 2, np.uint8)
    np.take(_classes(int(codes.max(initial=0)).bit_length()), codes, out=kind[1:-1])
    word, sign = kind >= _LETTER, (kind == _HARD) | (kind == _POINT)
    starts, lasts = sign.copy(), sign
    starts[1:] |= word[1:] & ~word[:-1]
    lasts[:-1] |= word[:-1] & ~word[1:]
    _join_numbers(kind, word, starts, lasts)
    start = np.flatnonzero(starts)
    return start - 1, np.flatnonzero(lasts), word[start]


def _join_numbers(kind: NDArray[np.uint8], word: Bools, starts: Bools, lasts: Bools) -> None:
    r"""Take the borders inside `\d+([.,]\d+)+` away, and set one behind it.

    A number starts where a word does, so what stands before its first point is digits only.
    """
    points = np.flatnonzero(kind == _POINT)
    points = points[(kind[points - 1] == _DIGIT) & (kind[points + 1] == _DIGIT)]
    if not len(points):
        return
    digit = kind == _DIGIT
    begins = np.flatnonzero(digit[1:] & ~digit[:-1]) + 1
    before = begins[np.searchsorted(begins, points) - 1]
    points = points[~word[before - 1]]
    starts[points] = starts[points + 1] = False
    lasts[points - 1] = lasts[points] = False
    ends = np.flatnonzero(digit[:-1] & ~digit[1:])
    behind = ends[np.searchsorted(ends, points)]
    behind = behind[word[behind + 1]]
    lasts[behind], starts[behind + 1] = True, True


def _texts(
    joined: str,
    codes: NDArray[np.uint8] | NDArray[np.uint32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
) -> pa.StringArray:
    """Return the texts between code points; both ascend, and none overlaps the next."""
    data = joined.encode()
    borders = np.zeros(2 * len(start) + 1, np.int64)
    borders[0:-1:2], borders[1::2], borders[-1] = start, end, end[-1] if len(end) else 0
    if len(data) != len(codes):
        first_bytes = np.flatnonzero((np.frombuffer(data, np.uint8) & 0xC0) != 0x80)
        borders = np.append(first_bytes, len(data))[borders]
    # Every other element is what stands between two rows.
    offsets = pa.py_buffer(borders.astype(np.int32))
    both = pa.StringArray.from_buffers(2 * len(start), offsets, pa.py_buffer(data))
    return both.take(pa.array(np.arange(0, 2 * len(start), 2)))


@cache
def _classes(bits: int) -> NDArray[np.uint8]:
    """Return the class of every code point of so many bits, as far as there are any: uint8.

    To class all of them takes longer than to cut a thousand names.
    """
    found = np.zeros(min(max(1 << bits, _LEAST), sys.maxunicode + 1), np.uint8)
    every = np.arange(len(found), dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for kind, members in ((_HARD, r"[^\w\s]"), (_LETTER, r"\w"), (_DIGIT, r"\d")):
        for match in re.finditer(f"{members}+", every):
            found[match.start() : match.end()] = kind
    soft = np.array([ord(sign) for sign in SOFT])
    found[soft[soft < len(found)]] = _BLANK
    found[[ord(sign) for sign in ".,"]] = _POINT
    return found
