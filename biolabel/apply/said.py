"""What a rule says of each row of a frame, as conditions of other rules ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, lift, spread
from biolabel.apply.scene import Frame
from biolabel.compile.plan import Ballot
from biolabel.data.labels import Task

Bools = NDArray[np.bool_]
Masks = NDArray[np.int64]
Cases = Sequence[tuple[Ballot, Column]]
"""Each vote of a rule with the rows where its condition holds."""


@dataclass(frozen=True, eq=False)
class Said:
    """Where a rule of a task fires, and its vote: mask int64[n], 0 where it abstains.

    A row where it abstains because its condition is unknown is not `fires.known`.
    """

    task: Task
    fires: Column
    mask: Masks

    def votes(self, label: str) -> Column:
        """Return where the vote is the label, or holds it if a candidate may have several."""
        bit = 1 << self.task.labels.index(label)
        true = self.mask == bit if self.task.exclusive else self.mask & bit > 0
        return Column(true, self.fires.known | (self.mask > 0))


def said_of_cases(
    cases: Cases,
    otherwise: Ballot | None,
    frame: Frame,
    brought: Mapping[Ballot, Masks],
    task: Task,
) -> Said:
    """Return what a rule says of each row: its first case that holds there, or each of them.

    `else:` speaks of candidates: it votes where no case holds for any of the candidate's rows.
    """
    n = len(frame)
    true = np.logical_or.reduce([column.true for _, column in cases])
    false = np.logical_and.reduce([column.false for _, column in cases])
    fires = Column(true, true | false)
    mask = np.zeros(n, dtype=np.int64)
    for ballot, column in cases:
        fresh = column.true & (mask == 0) if task.exclusive else column.true
        mask[fresh] |= masks_of(ballot, brought, frame)[fresh]
    if otherwise is not None:
        nowhere = spread(lift(fires, frame), frame).false
        mask[nowhere] = masks_of(otherwise, brought, frame)[nowhere]
    return Said(task, fires, mask)


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
    return Said(said.task, fires, mask)
