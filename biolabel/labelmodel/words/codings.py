"""Votes on words in other codings: `none` wherever a rule did not match is silence, not a vote.

No match says little about a word, and as votes the misses of all rules drown every match. Rules abstain
where they do not match, unless they say otherwise; but votes that come from elsewhere may be written
out in full, one label a word and function.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.pooling import Flags

_ENOUGH = 0.5
"""Share of the functions that find mentions from which never keeping silent is a coding.

A single rule that votes `none` wherever it does not match says so on purpose.
"""


def fillers(matrix: LabelMatrix) -> tuple[str, ...]:
    """Return the functions of an entity task whose votes for `none` stand for silence.

    Those are the functions that find mentions and never keep silent on a candidate on which any
    function votes, where at least `_ENOUGH` of those that find mentions are like that.
    """
    if matrix.task.kind != "entity" or "none" not in matrix.task.labels:
        return ()
    m = len(matrix.lfs)
    finds = np.bincount(matrix.lf[_finding(matrix)], minlength=m) > 0
    votes = np.bincount(matrix.lf, minlength=m)
    denies = np.bincount(matrix.lf[~_finding(matrix)], minlength=m) > 0
    spoken = len(np.unique(matrix.candidate))
    full = finds & denies & (votes == spoken)
    if full.sum() < max(2, _ENOUGH * finds.sum()):
        return ()
    return tuple(lf.name for lf, filled in zip(matrix.lfs, full.tolist(), strict=True) if filled)


def without_fillers(matrix: LabelMatrix, names: Collection[str]) -> LabelMatrix:
    """Return the matrix without the votes for `none` of some functions."""
    silent = np.array([lf.name in names for lf in matrix.lfs], dtype=np.bool_)
    if not silent.any():
        return matrix
    kept = ~silent[matrix.lf] | _finding(matrix)
    return replace(
        matrix, candidate=matrix.candidate[kept], lf=matrix.lf[kept], mask=matrix.mask[kept]
    )


def _finding(matrix: LabelMatrix) -> Flags:
    """Return which votes leave `none` out: bool[v]."""
    return np.asarray(matrix.mask >> matrix.task.labels.index("none") & 1 == 0)
