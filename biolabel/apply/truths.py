"""Three-valued truth of the rows of a frame, kept where it is cheapest: by levels, or as few rows.

What a rule says is mostly false, and mostly the same for many rows: a title is that of a document, a
negation that of a mention. So a truth is `Shared` by all rows of a level, or lists the `Rows` of
which it is not known that they are false. Operations take time in what is listed, not in all rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, Values
from biolabel.apply.frames import Bools, Frame, Ints, Level


@dataclass(frozen=True, eq=False)
class Shared:
    """The truth of what a level takes together: bool[level] each.

    possible: true or unknown; the same array as `true` where nothing is unknown.
    """

    level: Level
    true: Bools
    possible: Bools


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a frame, ascending, of which it is not known that they are false.

    true: bool[k], which of them are known to be true; None for all.
    """

    rows: Ints
    true: Bools | None = None


Truth = Shared | Rows
Count = NDArray[np.integer[Any]]


def shared(level: Level, column: Column) -> Shared:
    """Return what a column over the rows of a level says."""
    if column.known.all():
        return Shared(level, column.true, column.true)
    return Shared(level, column.true, column.true | ~column.known)


def listed(column: Column, rows: Ints | None = None) -> Rows:
    """Return what a column says of some rows, or of all rows of a frame."""
    if column.known.all():
        held = np.flatnonzero(column.true)
        return Rows(held.astype(np.int32) if rows is None else rows[held])
    possible = np.flatnonzero(column.true | ~column.known)
    true = column.true[possible]
    found = possible.astype(np.int32) if rows is None else rows[possible]
    return Rows(found, None if true.all() else true)


def truth_of(values: Values) -> Truth:
    """Return what a column says, or is read from."""
    if isinstance(values, Judgement):
        return values.truth
    return listed(Column(values.true, values.known))


def rows_of(truth: Truth) -> Rows:
    """Return a truth as the rows that may be true."""
    if isinstance(truth, Rows):
        return truth
    rows = truth.level.rows(truth.possible)
    return Rows(
        rows, None if truth.possible is truth.true else truth.true[truth.level.of_row[rows]]
    )


def is_common(truth: Truth) -> bool:
    """Return whether a truth is the same for all rows of a candidate."""
    return isinstance(truth, Shared) and truth.level.of_candidate is not None


def of_candidates(truth: Truth, frame: Frame) -> Shared:
    """Return whether a truth holds for any row of each candidate."""
    if isinstance(truth, Shared):
        if truth.level is frame.whole:
            return truth
        of_candidate = truth.level.of_candidate
        if of_candidate is not None:
            true = truth.true.take(of_candidate)
            same = truth.possible is truth.true
            return Shared(frame.whole, true, true if same else truth.possible.take(of_candidate))
    found = rows_of(truth)
    candidate = frame.candidate.take(found.rows)
    possible = np.zeros(frame.n_candidates, dtype=bool)
    possible[candidate] = True
    if found.true is None:
        return Shared(frame.whole, possible, possible)
    true = np.zeros(frame.n_candidates, dtype=bool)
    true[candidate[found.true]] = True
    return Shared(frame.whole, true, possible)


def negation(truth: Truth, frame: Frame) -> Shared:
    """Return where a truth holds for no row of the candidate: what is negative speaks of all of them."""
    found = truth if isinstance(truth, Shared) and is_common(truth) else of_candidates(truth, frame)
    true = ~found.possible
    return Shared(found.level, true, true if found.possible is found.true else ~found.true)


def conjunction(parts: Sequence[Truth], frame: Frame) -> Truth:
    """Return the Kleene conjunction."""
    if len(parts) == 1:
        return parts[0]
    common = [part for part in parts if isinstance(part, Shared) and is_common(part)]
    others = [part for part in parts if not is_common(part)]
    narrowing: list[Truth] = [_merged(common, frame, np.logical_and)] if common else []
    if not others:
        return narrowing[0]
    first = _fewest(others)
    narrowing += [part for part in others if part is not first]
    if isinstance(first, Shared):
        alike = [p for p in narrowing if isinstance(p, Shared) and p.level is first.level]
        narrowing = [part for part in narrowing if not any(part is other for other in alike)]
        first = _merged([first, *alike], frame, np.logical_and)
        if not narrowing:
            return first
    found = rows_of(first)
    for part in narrowing:
        found = _narrowed(found, part)
    return found


def disjunction(parts: Sequence[Truth], frame: Frame) -> Truth:
    """Return the Kleene disjunction."""
    if len(parts) == 1:
        return parts[0]
    common = [part for part in parts if isinstance(part, Shared)]
    if len(common) == len(parts) and (_alike(common) or all(map(is_common, common))):
        return _merged(common, frame, np.logical_or)
    every = [rows_of(part) for part in parts]
    possible = np.zeros(len(frame), dtype=bool)
    for part in every:
        possible[part.rows] = True
    rows = np.flatnonzero(possible).astype(np.int32)
    if all(part.true is None for part in every):
        return Rows(rows)
    true = np.zeros(len(frame), dtype=bool)
    for part in every:
        true[part.rows if part.true is None else part.rows[part.true]] = True
    return Rows(rows, true[rows])


def count_of(parts: Sequence[Truth], bound: str, number: int, frame: Frame) -> Truth:
    """Return whether `at least` or `exactly` so many parts hold, where that is certain."""
    if all(map(is_common, parts)):
        found = [of_candidates(part, frame) for part in parts]
        least = np.sum([part.true for part in found], axis=0)
        most = np.sum([part.possible for part in found], axis=0)
        return Shared(frame.whole, *_bounded(least, most, bound, number))
    least = np.zeros(len(frame), dtype=np.int16)
    unsure = np.zeros_like(least) if any(map(_unsure, parts)) else least
    for part in parts:
        if isinstance(part, Shared):
            least += part.true[part.level.of_row]
            if part.possible is not part.true:
                unsure += (part.possible & ~part.true)[part.level.of_row]
        else:
            least[part.rows if part.true is None else part.rows[part.true]] += 1
            if part.true is not None:
                unsure[part.rows[~part.true]] += 1
    most = least if unsure is least else least + unsure
    true, possible = _bounded(least, most, bound, number)
    rows = np.flatnonzero(possible).astype(np.int32)
    return Rows(rows, true[rows])


def _unsure(truth: Truth) -> bool:
    """Return whether a truth is unknown somewhere."""
    if isinstance(truth, Shared):
        return truth.possible is not truth.true
    return truth.true is not None


def _bounded(least: Count, most: Count, bound: str, number: int) -> tuple[Bools, Bools]:
    """Return where a count of which bounds are known must be and can be right."""
    if bound == "at least":
        return least >= number, most >= number
    return (least == number) & (most == number), (least <= number) & (most >= number)


def _alike(parts: Sequence[Shared]) -> bool:
    return all(part.level is parts[0].level for part in parts)


def _merged(parts: Sequence[Shared], frame: Frame, join: np.ufunc) -> Shared:
    """Join truths of one level, or of candidates."""
    if len(parts) == 1:
        return parts[0]
    if not _alike(parts):
        parts = [of_candidates(part, frame) for part in parts]
    true = join.reduce([part.true for part in parts])
    if all(part.possible is part.true for part in parts):
        return Shared(parts[0].level, true, true)
    return Shared(parts[0].level, true, join.reduce([part.possible for part in parts]))


def _fewest(parts: Sequence[Truth]) -> Truth:
    """Return the truth with which a conjunction is best begun: listed rows, few of them."""

    def size(part: Truth) -> tuple[bool, float]:
        if isinstance(part, Rows):
            return False, len(part.rows)
        return True, float(part.possible.mean()) if len(part.possible) else 0.0

    return min(parts, key=size)


def _narrowed(found: Rows, part: Truth) -> Rows:
    """Return those of some rows that a further truth leaves possible."""
    if isinstance(part, Shared):
        at = part.level.of_row.take(found.rows)
        held = part.possible.take(at)
        sure = None if part.possible is part.true else part.true.take(at)[held]
    else:
        at = np.searchsorted(part.rows, found.rows)
        held = at < len(part.rows)
        held[held] = part.rows.take(at[held]) == found.rows[held]
        sure = None if part.true is None else part.true[at[held]]
    true = None if found.true is None else found.true[held]
    if sure is not None:
        true = sure if true is None else true & sure
    return Rows(found.rows[held], true)


@dataclass(frozen=True, eq=False)
class Judgement:
    """The truth of a condition over a frame, read as a column of its rows or of its candidates."""

    frame: Frame
    truth: Truth

    @cached_property
    def _column(self) -> Column:
        truth, n = self.truth, len(self.frame)
        if isinstance(truth, Shared):
            true, possible = (x.take(truth.level.of_row) for x in (truth.true, truth.possible))
            return Column(true, true | ~possible)
        true, unknown = np.zeros((2, n), dtype=bool)
        true[truth.rows if truth.true is None else truth.rows[truth.true]] = True
        unknown[truth.rows] = True
        return Column(true, true | ~unknown)

    @property
    def true(self) -> Bools:
        """Where the truth holds: bool[n]."""
        return self._column.true

    @property
    def known(self) -> Bools:
        """Where the truth is known: bool[n]."""
        return self._column.known

    @property
    def false(self) -> Bools:
        """Where the truth is known not to hold: bool[n]."""
        return self._column.false

    @cached_property
    def lifted(self) -> Column:
        """Whether the truth holds for any row of each candidate: bool[candidates]."""
        found = of_candidates(self.truth, self.frame)
        return Column(found.true, found.true | ~found.possible)

    def first_rows(self) -> tuple[NDArray[np.int64], Ints]:
        """Return the candidates for which the truth holds, and the first row of each where it does."""
        frame = self.frame
        if is_common(self.truth):
            candidate = np.flatnonzero(self.lifted.true)
            return candidate, frame.first_row.take(candidate)
        found = rows_of(self.truth)
        rows = (found.rows if found.true is None else found.rows[found.true])[::-1]
        first = np.full(frame.n_candidates, -1, dtype=np.int32)
        first[frame.candidate.take(rows)] = rows
        candidate = np.flatnonzero(first >= 0)
        return candidate, first.take(candidate)
