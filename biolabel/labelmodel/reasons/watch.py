"""Warnings that need the soft labels: votes that hard constraints overrule, a model that adds nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.data.labels import LabelingFunction, LabelMatrix, SoftLabels, Task
from biolabel.data.votes import weighed
from biolabel.labelmodel.reasons.beside import Beside
from biolabel.labelmodel.reasons.intervals import posterior_right
from biolabel.labelmodel.reasons.reasons import Concern
from biolabel.labelmodel.votes import Ints

_SAME = 0.995
"""Agreement with the majority vote from which the label model is not worth its complexity."""

_ROWS = 100
"""Rows with votes below which agreement says little: at .995, one row in two hundred."""

_OVERRULED, _VOTES = 0.25, 5
"""Share and number of a function's votes that hard constraints overrule, from which it is named.

Constraints are there to overrule single votes that err; a rule that they overrule so often is at odds.
"""


@dataclass(frozen=True, slots=True)
class Overruled:
    """How many votes each labeling function has, int64[m], and how many of them constraints overrule."""

    votes: Ints
    lost: Ints

    def __add__(self, other: "Overruled") -> "Overruled":
        """Return the numbers of two shards."""
        return Overruled(self.votes + other.votes, self.lost + other.lost)


def watch(
    matrix: LabelMatrix, alone: SoftLabels, strict: SoftLabels, compared: Beside
) -> tuple[Concern, ...]:
    """Return the warnings of a task that its soft labels show: BL816 and BL817.

    alone: the soft labels without constraints; strict: those with the hard ones.
    """
    return watched(matrix.task, matrix.lfs, overruled(matrix, alone, strict), compared)


def watched(
    task: Task, lfs: Sequence[LabelingFunction], found: Overruled, compared: Beside
) -> tuple[Concern, ...]:
    """Return the warnings of a task over all shards."""
    return (*_overruled(task, lfs, found), *_no_better(task, compared))


def overruled(matrix: LabelMatrix, alone: SoftLabels, strict: SoftLabels) -> Overruled:
    """Return which votes hard constraints overrule, by labeling function."""
    matrix = weighed(matrix)
    held, holds = (
        posterior_right(matrix, soft.probabilities.astype(np.float64)) > 0.5
        for soft in (alone, strict)
    )
    m = len(matrix.lfs)
    lost = np.bincount(matrix.lf[held & ~holds], minlength=m)
    return Overruled(np.bincount(matrix.lf, minlength=m), lost)


def _overruled(task: Task, lfs: Sequence[LabelingFunction], found: Overruled) -> Iterator[Concern]:
    votes, lost = found.votes, found.lost
    for lf in np.flatnonzero((lost >= _VOTES) & (lost >= _OVERRULED * votes)).tolist():
        yield Concern(
            "BL816",
            f"hard constraints overrule {lost[lf]:,} of {votes[lf]:,} votes of "
            f"`{lfs[lf].name}`, which the other votes of `{task.name}` do not",
        )


def _no_better(task: Task, compared: Beside) -> Iterator[Concern]:
    if compared.covered >= _ROWS and compared.agreement >= _SAME:
        yield Concern(
            "BL817",
            f"the label model of `{task.name}` decides as the majority vote does on "
            f"{compared.agreement:.1%} of {compared.covered:,} rows",
        )
