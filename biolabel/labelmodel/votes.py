"""Votes as the estimators read them: checked, weighed by group, as symbols and row patterns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.data.labels import MOST_LABELS, LabelMatrix
from biolabel.errors import ModelError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_CHUNK = 1 << 19
"""Votes at a time, so that 10^8 votes need no second column of 8 bytes."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The distinct votes of a label matrix: one symbol a (labeling function, mask) that occurs.

    lf: int64[s]; mask: int64[s]; of_vote: int16[v] where that is enough, else int32[v], the symbol of
    each vote.
    """

    lf: Ints
    mask: Ints
    of_vote: NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct rows of votes, so that equal rows are worked on once.

    row, symbol: int64[v'] and weight: float64[v'] are the votes of the patterns; count: float64[p]
    says how many candidates show a pattern; gold: int64[p], the label that these are known to have or
    -1, None where nothing is known. Candidates without votes are in none.
    """

    row: Ints
    symbol: Ints
    weight: Floats
    count: Floats
    gold: Ints | None = None


def check(matrix: LabelMatrix) -> None:
    """Refuse a label matrix that breaks its own contract.

    Raises:
        ModelError: BL801 for columns that do not fit together, BL802 for labels or masks that
            cannot be, BL803 for a precision outside 0 to 1.
    """
    task, n, m = matrix.task, matrix.n_candidates, len(matrix.lfs)
    candidate, lf = matrix.candidate, matrix.lf
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
    if not _is_sorted(candidate, lf):
        raise ModelError(
            "BL801",
            f"votes of `{task.name}` are not sorted, or a labeling function votes twice on a row",
            hint="sort by candidate, then by labeling function, with one vote each",
        )
    k = len(task.labels)
    if not (2 if task.exclusive else 1) <= k <= MOST_LABELS:
        raise ModelError("BL802", f"`{task.name}` has {k} labels, expected 2 to {MOST_LABELS}")
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
    masks = pa.array(
        np.sort(pa.array(matrix.mask).unique().to_numpy())
    )  # by hash: quicker than np.unique
    width = max(len(masks), 1)
    seen = np.zeros(len(matrix.lfs) * width, dtype=np.bool_)
    few = len(seen) <= np.iinfo(np.int16).max
    key: NDArray[np.signedinteger[Any]] = np.empty(len(matrix.lf), np.int16 if few else np.int32)
    for part in _parts(len(key)):
        rank = pc.index_in(pa.array(matrix.mask[part]), value_set=masks).to_numpy()
        key[part] = matrix.lf[part].astype(np.int32) * width + rank
        seen[key[part]] = True
    keys = np.flatnonzero(seen)
    number = np.zeros(len(seen), dtype=key.dtype)
    number[keys] = np.arange(len(keys))
    for part in _parts(len(key)):
        key[part] = number[key[part]]
    lf, code = np.divmod(keys, width)
    return Symbols(lf, masks.to_numpy()[code], key)


@dataclass(frozen=True, slots=True)
class Sample:
    """How many distinct rows to look at, and by which draw of rows where there are more."""

    most: int
    generator: np.random.Generator

    def drawn(self, count: Floats) -> Floats:
        """Return counts of a draw of `most` rows without replacement: float64[p]."""
        whole = np.rint(count).astype(np.int64)
        drawn = self.generator.multivariate_hypergeometric(whole, self.most, method="marginals")
        return drawn.astype(np.float64)


def compress(
    matrix: LabelMatrix,
    found: Symbols,
    weight: Floats | None = None,
    gold: Ints | None = None,
    sample: Sample | None = None,
) -> Patterns:
    """Return the distinct rows of votes, or a sample of them.

    weight: float64[v], of each vote, 1 where None; gold: int64[n], the known label of each candidate
    or -1, which distinct rows are apart by. Rows are told apart by the sum of a 64-bit hash of their
    symbols (splitmix64), so two of 10^6 different rows meet with a probability below 10^-7.
    """
    if not len(matrix.candidate):
        nothing = np.zeros(0, dtype=np.int64)
        return Patterns(
            nothing, nothing, np.zeros(0), np.zeros(0), gold if gold is None else nothing
        )
    starts = row_starts(matrix)
    covered = np.flatnonzero(np.diff(starts))
    start = starts[covered]
    length = np.diff(start, append=len(matrix.candidate))
    k = len(matrix.task.labels)
    mark = fingerprints(len(found.lf) + k + 1)
    hashes = np.empty(len(start), dtype=np.uint64)
    rows = max(1, _CHUNK * len(start) // len(matrix.candidate))
    for low in range(0, len(start), rows):
        part = start[low : low + rows]
        last = low + len(part) - 1
        own = mark[found.of_vote[part[0] : start[last] + length[last]]]
        hashes[low : low + rows] = np.add.reduceat(own, part - part[0])
    if gold is not None:
        hashes += mark[len(found.lf) + 1 + gold[covered]]
    _, first, number = np.unique(hashes, return_index=True, return_inverse=True)
    times = None if matrix.times is None else matrix.times[covered]
    count = np.bincount(number, times, len(first)).astype(np.float64)
    if sample is not None and len(count) > sample.most:
        drawn = sample.drawn(count)
        first, count = first[drawn > 0], drawn[drawn > 0]
    length = length[first]
    row = np.repeat(np.arange(len(first)), length)
    within = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    vote = np.repeat(start[first], length) + within
    return Patterns(
        row,
        found.of_vote[vote].astype(np.int64),
        np.ones(len(vote)) if weight is None else weight[vote],
        count,
        None if gold is None else gold[covered[first]],
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each symbol was voted, and on how many rows alone: int64[s]; the rows with votes."""

    votes: Ints
    alone: Ints
    rows: int


def tally(matrix: LabelMatrix, found: Symbols) -> Tally:
    """Return what all votes of a matrix add up to."""
    s, times = len(found.lf), matrix.times
    votes = np.zeros(s)
    for part in _parts(len(found.of_vote)):
        weight = None if times is None else times[matrix.candidate[part]]
        votes += np.bincount(found.of_vote[part], weight, s)
    starts = row_starts(matrix)
    size = np.diff(starts)
    only = np.flatnonzero(size == 1)
    weight = None if times is None else times[only]
    alone = np.bincount(found.of_vote[starts[only]], weight, s)
    rows = np.count_nonzero(size) if times is None else times[size > 0].sum()
    return Tally(votes.astype(np.int64), alone.astype(np.int64), int(rows))


def row_starts(matrix: LabelMatrix) -> Ints:
    """Return where the votes of each candidate start, and where the last ones end: int64[n + 1]."""
    rows = np.arange(matrix.n_candidates + 1, dtype=matrix.candidate.dtype)
    return np.searchsorted(matrix.candidate, rows)


def distinct(matrix: LabelMatrix) -> LabelMatrix:
    """Return every row of votes that there is once, with how often it occurs: what fitting looks at.

    Candidates without votes are left out.
    """
    found = symbols(matrix)
    patterns = compress(matrix, found)
    return replace(
        matrix,
        n_candidates=len(patterns.count),
        candidate=patterns.row.astype(np.int32),
        lf=found.lf[patterns.symbol].astype(np.int16),
        mask=found.mask[patterns.symbol],
        times=patterns.count,
    )


def _is_sorted(candidate: NDArray[np.int32], lf: NDArray[np.int16]) -> bool:
    """Return whether votes are sorted by candidate, then by function, with one vote each."""
    for part in _parts(len(candidate) - 1):
        after = slice(part.start + 1, part.stop + 1)
        step = candidate[after] - candidate[part]
        if not np.all((step > 0) | ((step == 0) & (lf[after] > lf[part]))):
            return False
    return True


def _parts(n: int) -> Iterator[slice]:
    for start in range(0, n, _CHUNK):
        yield slice(start, min(start + _CHUNK, n))


def fingerprints(n: int) -> NDArray[np.uint64]:
    """Return 64 mixed bits for each number below n: the sum of a set's tells sets apart.

    The mixing is SplitMix (Steele et al. 2014, "Fast splittable pseudorandom number generators").
    """
    mixed = (np.arange(n, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
