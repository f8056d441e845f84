"""Votes as the estimators read them: checked, weighed by group, as symbols and row patterns."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix
from biolabel.errors import ModelError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MAX_LABELS = 62  # bit masks are int64 and `1 << k` must fit


@dataclass(frozen=True, slots=True)
class Symbols:
    """The distinct votes of a label matrix: one symbol a (labeling function, mask) that occurs.

    lf: int64[s]; mask: int64[s]; of_vote: int64[v], the symbol of each vote.
    """

    lf: Ints
    mask: Ints
    of_vote: Ints


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct rows of votes, so that equal rows are worked on once.

    row, symbol: int64[v'] and weight: float64[v'] are the votes of the patterns; count: float64[p]
    says how many candidates show a pattern. Candidates without votes are in none.
    """

    row: Ints
    symbol: Ints
    weight: Floats
    count: Floats


def check(matrix: LabelMatrix) -> None:
    """Refuse a label matrix that breaks its own contract.

    Raises:
        ModelError: BL801 for columns that do not fit together, BL802 for labels or masks that
            cannot be, BL803 for a precision outside 0 to 1.
    """
    task, n, m = matrix.task, matrix.n_candidates, len(matrix.lfs)
    candidate, lf = matrix.candidate.astype(np.int64), matrix.lf.astype(np.int64)
    if not len(candidate) == len(lf) == len(matrix.mask):
        lengths = f"{len(candidate)}, {len(lf)} and {len(matrix.mask)}"
        raise ModelError("BL801", f"votes of `{task.name}` have columns of {lengths} rows")
    for name, column, limit in (("candidate", candidate, n), ("lf", lf, m)):
        if len(column) and not 0 <= column.min() <= column.max() < limit:
            found = f"{column.min()} to {column.max()}"
            raise ModelError(
                "BL801", f"`{name}` of the votes of `{task.name}` is {found}, expected 0 to {limit}"
            )
    if matrix.times is not None and len(matrix.times) != n:
        found = f"{len(matrix.times)} counts for {n} candidates"
        raise ModelError("BL801", f"votes of `{task.name}` have {found}")
    if np.any(np.diff(candidate * m + lf) <= 0):
        raise ModelError(
            "BL801",
            f"votes of `{task.name}` are not sorted, or a labeling function votes twice on a row",
            hint="sort by candidate, then by labeling function, with one vote each",
        )
    k = len(task.labels)
    if not (2 if task.exclusive else 1) <= k <= _MAX_LABELS:
        raise ModelError("BL802", f"`{task.name}` has {k} labels, expected 2 to {_MAX_LABELS}")
    if len(matrix.mask) and not 0 < matrix.mask.min() <= matrix.mask.max() < 1 << k:
        found = f"{matrix.mask.min()} to {matrix.mask.max()}"
        raise ModelError(
            "BL802",
            f"masks of the votes of `{task.name}` are {found}, expected 1 to {(1 << k) - 1}",
            hint="a vote names at least one of the task's labels; to abstain, leave it out",
        )
    for function in matrix.lfs:
        if function.precision is not None and not 0 < function.precision <= 1:
            raise ModelError(
                "BL803", f"`{function.name}` states the precision {function.precision}"
            )


def group_weights(matrix: LabelMatrix) -> Floats:
    """Return the weight of each vote, float64[v], such that no group outweighs one vote on a row.

    A vote weighs 1 / c, where c counts the votes on its row from the largest group that it
    belongs to. So the votes of a group weigh at most 1 together, also where groups overlap, and
    groups that only share a member are not merged into one.
    """
    weight = np.ones(len(matrix.lf))
    for group in sorted({group for function in matrix.lfs for group in function.groups}):
        member = np.array([group in function.groups for function in matrix.lfs])
        inside = np.flatnonzero(member[matrix.lf])
        rows = matrix.candidate[inside]
        size = np.bincount(rows, minlength=matrix.n_candidates)
        weight[inside] = np.minimum(weight[inside], 1 / size[rows])
    return weight


def symbols(matrix: LabelMatrix) -> Symbols:
    """Return the symbols that the votes of a label matrix consist of, by function, then mask."""
    encoded = pa.array(matrix.mask).dictionary_encode()  # by hash: np.unique would sort all votes
    masks, rank = np.unique(encoded.dictionary.to_numpy(), return_inverse=True)
    width = max(len(masks), 1)
    key = matrix.lf.astype(np.int64) * width + rank[encoded.indices.to_numpy()]
    keys = np.flatnonzero(np.bincount(key, minlength=len(matrix.lfs) * width))
    number = np.zeros(len(matrix.lfs) * width, dtype=np.int64)
    number[keys] = np.arange(len(keys))
    lf, code = np.divmod(keys, width)
    return Symbols(lf, masks[code], number[key])


def compress(matrix: LabelMatrix, found: Symbols, weight: Floats) -> Patterns:
    """Return the distinct rows of votes.

    Rows are told apart by the sum of a 64-bit hash of their symbols (splitmix64), so two of 10^6
    different rows meet with a probability below 10^-7.
    """
    if not len(matrix.candidate):
        nothing = np.zeros(0, dtype=np.int64)
        return Patterns(nothing, nothing, np.zeros(0), np.zeros(0))
    start = np.flatnonzero(np.diff(matrix.candidate, prepend=-1))
    length = np.diff(start, append=len(matrix.candidate))
    hashes = np.add.reduceat(_splitmix(found.of_vote), start)
    _, first, number = np.unique(hashes, return_index=True, return_inverse=True)
    times = None if matrix.times is None else matrix.times[matrix.candidate[start]]
    count = np.bincount(number, times, len(first))
    length = length[first]
    row = np.repeat(np.arange(len(first)), length)
    within = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    vote = np.repeat(start[first], length) + within
    return Patterns(row, found.of_vote[vote], weight[vote], count.astype(np.float64))


def distinct(matrix: LabelMatrix) -> LabelMatrix:
    """Return every row of votes that there is once, with how often it occurs: what fitting looks at.

    Candidates without votes are left out.
    """
    found = symbols(matrix)
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    return replace(
        matrix,
        n_candidates=len(patterns.count),
        candidate=patterns.row.astype(np.int32),
        lf=found.lf[patterns.symbol].astype(np.int16),
        mask=found.mask[patterns.symbol],
        times=patterns.count,
    )


def _splitmix(value: Ints) -> NDArray[np.uint64]:
    """Mix the bits of whole numbers (Steele et al. 2014, "Fast splittable generators", SplitMix)."""
    mixed = (value.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
