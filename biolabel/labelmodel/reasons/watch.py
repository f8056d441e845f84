"""Warnings that need the soft labels: votes that hard constraints overrule, a model that adds nothing."""

from collections.abc import Iterator

import numpy as np

from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.votes import weighed
from biolabel.labelmodel.reasons.beside import Beside
from biolabel.labelmodel.reasons.intervals import posterior_right
from biolabel.labelmodel.reasons.reasons import Concern

_SAME = 0.995
"""Agreement with the majority vote from which the label model is not worth its complexity."""

_ROWS = 100
"""Rows with votes below which agreement says little: at .995, one row in two hundred."""

_OVERRULED, _VOTES = 0.25, 5
"""Share and number of a function's votes that hard constraints overrule, from which it is named.

Constraints are there to overrule single votes that err; a rule that they overrule so often is at odds.
"""


def watch(
    matrix: LabelMatrix, alone: SoftLabels, strict: SoftLabels, compared: Beside
) -> tuple[Concern, ...]:
    """Return the warnings of a task that its soft labels show: BL816 and BL817.

    alone: the soft labels without constraints; strict: those with the hard ones.
    """
    return (*_overruled(weighed(matrix), alone, strict), *_no_better(matrix, compared))


def _overruled(matrix: LabelMatrix, alone: SoftLabels, strict: SoftLabels) -> Iterator[Concern]:
    held, holds = (
        posterior_right(matrix, soft.probabilities.astype(np.float64)) > 0.5
        for soft in (alone, strict)
    )
    m = len(matrix.lfs)
    votes = np.bincount(matrix.lf, minlength=m)
    lost = np.bincount(matrix.lf[held & ~holds], minlength=m)
    for lf in np.flatnonzero((lost >= _VOTES) & (lost >= _OVERRULED * votes)).tolist():
        yield Concern(
            "BL816",
            f"hard constraints overrule {lost[lf]:,} of {votes[lf]:,} votes of "
            f"`{matrix.lfs[lf].name}`, which the other votes of `{matrix.task.name}` do not",
        )


def _no_better(matrix: LabelMatrix, compared: Beside) -> Iterator[Concern]:
    if compared.covered >= _ROWS and compared.agreement >= _SAME:
        yield Concern(
            "BL817",
            f"the label model of `{matrix.task.name}` decides as the majority vote does on "
            f"{compared.agreement:.1%} of {compared.covered:,} rows",
        )
