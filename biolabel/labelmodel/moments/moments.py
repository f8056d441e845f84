"""Moments: how often symbols are voted, and how often together. Sums over rows, so shards add.

All that the moment estimators need of 10^7 rows is one number a pair of symbols; triples are
counted on demand, for the few symbols that they are asked of. Counts are whole numbers below 2^53,
so that sums of shards equal the whole exactly, in whatever order they are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from biolabel.data.labels import LabelMatrix
from biolabel.errors import ModelError
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols, distinct

_CHUNK = 1 << 21
"""Numbers of a dense block of rows: 16 MB."""

_DENSE_GAIN = 50
"""How many multiplications of a dense product take as long as one of a sparse product.

Measured on one core of a server of 2023 with scipy 1.17 and OpenBLAS; only the time depends on it.
"""


@dataclass(frozen=True, slots=True)
class Moments:
    """The first and second moments of the symbols of one task, not divided by the rows.

    lf, mask: int64[s], the symbols, sorted; rows: the number of candidates, with those that have no
    votes; once: float64[s], how many show a symbol; twice: float64[s, s], how many show both, with
    `once` on the diagonal.
    """

    lf: Ints
    mask: Ints
    rows: float
    once: Floats
    twice: Floats


def moments(patterns: Patterns, found: Symbols, rows: float) -> Moments:
    """Return the moments of distinct rows of votes.

    rows: how many candidates there are, at least as many as the patterns stand for.
    """
    s = len(found.lf)
    shown = indicators(patterns, s)
    length = np.diff(shown.indptr).astype(np.float64)
    if len(patterns.count) * s * s < _DENSE_GAIN * float(length @ length):
        twice = np.zeros((s, s))
        step = max(1, _CHUNK // max(s, 1))
        for start in range(0, len(patterns.count), step):
            block = shown[start : start + step].toarray()
            twice += (block * patterns.count[start : start + step, None]).T @ block
    else:
        weighed = shown.multiply(patterns.count[:, None]).tocsr()
        twice = (shown.T @ weighed).toarray()
    return Moments(found.lf, found.mask, float(rows), twice.diagonal().copy(), twice)


def add(first: Moments, second: Moments) -> Moments:
    """Return the moments of two shards together; either may lack symbols of the other.

    The labeling functions have the same numbers in both.
    """
    pairs = np.concatenate([np.stack([part.lf, part.mask]) for part in (first, second)], axis=1)
    union, number = np.unique(pairs, axis=1, return_inverse=True)
    s = union.shape[1]
    once, twice = np.zeros(s), np.zeros((s, s))
    for part, at in zip((first, second), np.split(number, [len(first.lf)]), strict=True):
        once[at] += part.once
        twice[np.ix_(at, at)] += part.twice
    return Moments(union[0], union[1], first.rows + second.rows, once, twice)


def thrice(patterns: Patterns, chosen: Ints, s: int) -> Floats:
    """Return how many candidates show three symbols together, float64[t, t, t].

    chosen: int64[t], symbols of which all triples are counted, of s in all. They should be few (the
    result has t^3 numbers).
    """
    shown = indicators(patterns, s)[:, chosen]
    result = np.zeros((len(chosen),) * 3)
    by_symbol = shown.tocsc()
    for at in range(len(chosen)):
        rows = by_symbol.indices[by_symbol.indptr[at] : by_symbol.indptr[at + 1]]
        part = shown[rows]
        weighed = part.multiply(patterns.count[rows][:, None]).tocsr()
        result[at] = (part.T @ weighed).toarray()
    return result


def indicators(patterns: Patterns, s: int) -> sparse.csr_matrix:
    """Return the 0/1 matrix of which pattern shows which of s symbols, float64[p, s] in CSR."""
    size = np.bincount(patterns.row, minlength=len(patterns.count))
    starts = np.concatenate([[0], np.cumsum(size)])
    ones = np.ones(len(patterns.symbol))
    return sparse.csr_matrix((ones, patterns.symbol, starts), shape=(len(patterns.count), s))


def merged(parts: Sequence[LabelMatrix]) -> LabelMatrix:
    """Return the distinct rows of the votes of several shards with how often each occurs.

    Fitting on the result is fitting on all shards at once. Candidates without votes are kept as one
    last row. A shard may itself be such a result.

    Raises:
        ModelError: BL804 for shards of different tasks or labeling functions, or for none.
    """
    if not parts:
        raise ModelError("BL804", "there are no votes to merge")
    for part in parts[1:]:
        if part.task != parts[0].task or part.lfs != parts[0].lfs:
            raise ModelError(
                "BL804",
                f"votes for `{part.task.name}` are of other labels or labeling functions than "
                f"those for `{parts[0].task.name}` that they are to be merged with",
            )
    before = np.cumsum([0, *(part.n_candidates for part in parts)])
    whole = replace(
        parts[0],
        n_candidates=int(before[-1]),
        candidate=np.concatenate(
            [
                part.candidate.astype(np.int64) + start
                for part, start in zip(parts, before, strict=False)
            ]
        ),
        lf=np.concatenate([part.lf for part in parts]),
        mask=np.concatenate([part.mask for part in parts]),
        times=np.concatenate([_times(part) for part in parts]),
    )
    kept = distinct(whole)
    silent = float(_times(whole).sum() - _times(kept).sum())
    if not silent:
        return kept
    return replace(kept, n_candidates=kept.n_candidates + 1, times=np.append(_times(kept), silent))


def _times(matrix: LabelMatrix) -> Floats:
    return np.ones(matrix.n_candidates) if matrix.times is None else matrix.times
