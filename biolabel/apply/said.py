"""What a rule says of each row of a frame, as conditions of other rules ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, Values, lift, spread
from biolabel.apply.frames import Frame
from biolabel.apply.truths import Judgement, disjunction, truth_of
from biolabel.compile.plan import Ballot
from biolabel.data.labels import Task

Bools = NDArray[np.bool_]
Masks = NDArray[np.int64]
Cases = Sequence[tuple[Ballot, Values]]
"""Each vote of a rule with the rows where its condition holds."""


class Said(Protocol):
    """Where a rule of a task fires, and its vote: mask int64[n], 0 where it abstains.

    A row where it abstains because its condition is unknown is not `fires.known`.
    """

    @property
    def task(self) -> Task:
        """The task of the rule."""

    @property
    def fires(self) -> Values:
        """Where the rule fires."""

    @property
    def mask(self) -> Masks:
        """The vote in each row."""


@dataclass(frozen=True, eq=False)
class SaidOfRows:
    """What a rule says, row by row."""

    task: Task
    fires: Values
    mask: Masks


@dataclass(frozen=True, eq=False)
class SaidByCases:
    """What a rule says: its first case that holds in a row, or each of them.

    `else:` speaks of candidates: it votes where no case holds for any of the candidate's rows.
    Nothing is worked out before another rule asks for it.
    """

    cases: Cases
    otherwise: Ballot | None
    frame: Frame
    brought: Mapping[Ballot, Masks]
    task: Task

    @cached_property
    def fires(self) -> Values:
        """Where any case holds."""
        truths = [truth_of(column) for _, column in self.cases]
        return Judgement(self.frame, disjunction(truths, self.frame))

    @cached_property
    def mask(self) -> Masks:
        """The vote in each row, 0 where the rule abstains: int64[n]."""
        mask = np.zeros(len(self.frame), dtype=np.int64)
        for ballot, column in self.cases:
            fresh = column.true & (mask == 0) if self.task.exclusive else column.true
            mask[fresh] |= masks_of(ballot, self.brought, self.frame)[fresh]
        if self.otherwise is not None:
            nowhere = spread(lift(self.fires, self.frame), self.frame).false
            mask[nowhere] = masks_of(self.otherwise, self.brought, self.frame)[nowhere]
        return mask


def said_of_cases(
    cases: Cases,
    otherwise: Ballot | None,
    frame: Frame,
    brought: Mapping[Ballot, Masks],
    task: Task,
) -> Said:
    """Return what a rule says of each row."""
    return SaidByCases(cases, otherwise, frame, brought, task)


def votes_for(said: Said, label: str) -> Column:
    """Return where the vote is the label, or holds it if a candidate may have several."""
    bit = 1 << said.task.labels.index(label)
    true = said.mask == bit if said.task.exclusive else said.mask & bit > 0
    return Column(true, said.fires.known | (said.mask > 0))


def masks_of(ballot: Ballot, brought: Mapping[Ballot, Masks], frame: Frame) -> Masks:
    """Return what a ballot leaves possible in each row; some ballots are brought by the candidate."""
    if isinstance(ballot, str) or ballot == 0:
        return brought[ballot][frame.candidate]
    return np.full(len(frame), ballot, dtype=np.int64)


def said_of_spans(said: Said, source: Frame, frame: Frame) -> Said:
    """Return what a rule says of other spans than its own: that of the span that covers each.

    The spans of a rule do not overlap. Where none of them covers a span, the rule does not fire.
    """
    own, asked = source.sides["span"], frame.sides["span"]
    at = np.searchsorted(own.first, asked.first, side="right") - 1
    covered = np.zeros(len(frame), dtype=bool)
    found = at >= 0
    covered[found] = own.end[at[found]] >= asked.end[found]
    at = at[covered]
    fires = Column(np.zeros(len(frame), dtype=bool), np.ones(len(frame), dtype=bool))
    fires.true[covered], fires.known[covered] = said.fires.true[at], said.fires.known[at]
    mask = np.zeros(len(frame), dtype=np.int64)
    mask[covered] = said.mask[at]
    return SaidOfRows(said.task, fires, mask)
