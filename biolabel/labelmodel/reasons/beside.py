"""The label model beside the majority vote: how often they agree, and the rows where they part most."""

from dataclasses import dataclass

import numpy as np

from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.votes import weighed
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints

_TIE = 1e-6
"""Probabilities of the majority vote that are this close are a tie, with which any side agrees."""

_DIGITS = 4
"""Digits to which two rows must have the same soft labels to be shown as one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row where the two part: the candidate, how many rows are like it, and both soft labels.

    distance: the total variation distance, half the sum of the absolute differences; of tasks that
    pick many labels, the largest difference of a label.
    """

    candidate: int
    alike: int
    distance: float
    model: tuple[float, ...]
    majority: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The share of covered rows on which the label model agrees with the majority vote.

    They agree where the likeliest label is the same, or the majority vote is tied and the label
    model decides for one of the tied; of tasks that pick many, where the same labels pass one half.
    agreement: 1 without covered rows; differences: the rows that part most, each kind once.
    """

    covered: int
    agreement: float
    differences: tuple[Difference, ...]


def beside(matrix: LabelMatrix, model: SoftLabels, majority: SoftLabels, most: int = 10) -> Beside:
    """Compare the soft labels of a task's label model with those of its majority vote."""
    rows = np.unique(weighed(matrix).candidate).astype(np.int64)
    own, base = (soft.probabilities[rows].astype(np.float64) for soft in (model, majority))
    if not len(rows):
        return Beside(0, 1.0, ())
    if matrix.task.exclusive:
        tied = base >= base.max(axis=1, keepdims=True) - _TIE
        same = tied[np.arange(len(rows)), own.argmax(axis=1)]
        distance = np.abs(own - base).sum(axis=1) / 2
    else:
        same = ((own > 0.5) == (base > 0.5)).all(axis=1)
        distance = np.abs(own - base).max(axis=1)
    return Beside(
        len(rows), float(np.mean(same)), tuple(_apart(rows, own, base, distance, same, most))
    )


def _apart(
    rows: Ints, own: Floats, base: Floats, distance: Floats, same: Flags, most: int
) -> list[Difference]:
    """Return the kinds of rows that part most; those with another decision come first."""
    kinds = np.concatenate([own, base], axis=1).round(_DIGITS)
    _, first, count = np.unique(kinds, axis=0, return_index=True, return_counts=True)
    order = np.lexsort((first, -distance[first], same[first]))[:most]
    return [
        Difference(
            int(rows[at]),
            int(count[kind]),
            float(distance[at]),
            tuple(own[at].tolist()),
            tuple(base[at].tolist()),
        )
        for kind, at in ((kind, first[kind]) for kind in order.tolist())
        if distance[at] > 0
    ]
