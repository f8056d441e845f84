"""Warnings that need the soft labels: votes that hard constraints rule out, a model that adds nothing."""

from collections.abc import Iterator

import numpy as np

from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.votes import weighed
from biolabel.labelmodel.beside import Beside
from biolabel.labelmodel.intervals import posterior_right
from biolabel.labelmodel.reasons import Concern

_SAME = 0.995
"""Agreement with the majority vote from which the label model is not worth its complexity."""

_ROWS = 100
"""Rows with votes below which agreement says little: at .995, one row in two hundred."""


def watch(matrix: LabelMatrix, soft: SoftLabels, compared: Beside) -> tuple[Concern, ...]:
    """Return the warnings of a task that its soft labels show: BL816 and BL817.

    soft: after joint inference, where the probability of what a hard constraint forbids is exactly 0
    and nothing else is.
    """
    return (*_forbidden(weighed(matrix), soft), *_no_better(matrix, compared))


def _forbidden(matrix: LabelMatrix, soft: SoftLabels) -> Iterator[Concern]:
    against = posterior_right(matrix, soft.probabilities.astype(np.float64)) == 0
    m = len(matrix.lfs)
    votes = np.bincount(matrix.lf, minlength=m)
    lost = np.bincount(matrix.lf[against], minlength=m)
    for lf in np.flatnonzero(lost).tolist():
        yield Concern(
            "BL816",
            f"{lost[lf]:,} of {votes[lf]:,} votes of `{matrix.lfs[lf].name}` are for labels of "
            f"`{matrix.task.name}` that a hard constraint forbids there",
        )


def _no_better(matrix: LabelMatrix, compared: Beside) -> Iterator[Concern]:
    if compared.covered >= _ROWS and compared.agreement >= _SAME:
        yield Concern(
            "BL817",
            f"the label model of `{matrix.task.name}` decides as the majority vote does on "
            f"{compared.agreement:.1%} of {compared.covered:,} rows",
        )
