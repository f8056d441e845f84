"""Three-valued columns: what is true, and what is known."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.frames import Frame

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]
Numbers = NDArray[np.number[Any]]
COMPARE: Mapping[str, Callable[[Numbers, Numbers | float], Bools]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
"""What the operators of the rule language mean for columns of numbers."""


class Values(Protocol):
    """What can be read as a column."""

    @property
    def true(self) -> Bools:
        """Where the value is known to be true."""

    @property
    def known(self) -> Bools:
        """Where the value is known."""

    @property
    def false(self) -> Bools:
        """Where the value is known to be false."""


@dataclass(frozen=True, slots=True)
class Column:
    """One truth value a row: `true` implies `known`; unknown is neither true nor false."""

    true: Bools
    known: Bools

    @property
    def false(self) -> Bools:
        """Where the value is known to be false."""
        return self.known & ~self.true


def known(true: Bools) -> Column:
    """Return a column without unknowns."""
    return Column(true, np.ones(len(true), dtype=bool))


def where_known(true: Bools, is_known: Bools) -> Column:
    """Return a column that is unknown where `is_known` is false."""
    return Column(true & is_known, is_known)


def negate(column: Values) -> Column:
    """Return the Kleene negation: unknown stays unknown."""
    return Column(column.false, column.known)


def conjunction(parts: Sequence[Values]) -> Column:
    """Return the Kleene conjunction: one false part decides, whatever is unknown."""
    true = np.logical_and.reduce([part.true for part in parts])
    false = np.logical_or.reduce([part.false for part in parts])
    return Column(true, true | false)


def disjunction(parts: Sequence[Values]) -> Column:
    """Return the Kleene disjunction: one true part decides."""
    return negate(conjunction([negate(part) for part in parts]))


def count_of(parts: Sequence[Column], bound: str, number: int) -> Column:
    """Return whether `at least`, `at most` or `exactly` so many parts hold, where that is certain."""
    least = np.sum([part.true for part in parts], axis=0)
    most = np.sum([~part.false for part in parts], axis=0)
    return within(least, most, bound, number)


def within(least: Counts, most: Counts, bound: str, number: int) -> Column:
    """Return what is certain of counts of which only bounds are known: least, most int64[n]."""
    holds: dict[str, Callable[[], tuple[Bools, Bools]]] = {
        "at least": lambda: (least >= number, most < number),
        "at most": lambda: (most <= number, least > number),
        "exactly": lambda: (
            (least == number) & (most == number),
            (least > number) | (most < number),
        ),
    }
    true, false = holds[bound]()
    return Column(true, true | false)


def lift(column: Values, frame: Frame) -> Column:
    """Return, per candidate, whether the column holds for any of its rows."""
    n = frame.n_candidates
    any_true = np.zeros(n, dtype=bool)
    all_known = np.ones(n, dtype=bool)
    any_true[frame.candidate[column.true]] = True
    all_known[frame.candidate[~column.known]] = False
    return Column(any_true, any_true | all_known)


def spread(column: Values, frame: Frame) -> Column:
    """Return a column of candidates as one of the frame's rows."""
    return Column(column.true[frame.candidate], column.known[frame.candidate])
