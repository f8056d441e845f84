"""Postings: the rows of each entry of a vocabulary."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]

_DIGIT = 16
"""Bits of a number by which numpy sorts in linear time."""


def postings(ids: Ints, n_entries: int) -> tuple[Ints, Ints]:
    """Return where the rows of each entry begin, int32[n_entries + 1], and the rows, int32[n].

    The rows ascend within an entry.
    """
    rows = np.arange(len(ids), dtype=np.int32)
    # numpy sorts numbers of 16 bits by counting, but compares longer ones, which takes ten times as long.
    for shift in range(0, max(n_entries - 1, 1).bit_length(), _DIGIT):
        digits = (ids[rows] >> shift).astype(np.uint16)
        rows = rows[np.argsort(digits, kind="stable")]
    counts = np.bincount(ids, minlength=n_entries)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), rows
