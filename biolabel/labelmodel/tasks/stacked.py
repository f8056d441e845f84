"""Estimates of tasks by the hundred, which are fitted as one system (many.py)."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.em.mixture import independent, posterior
from biolabel.labelmodel.emission import SourceModel, Sources
from biolabel.labelmodel.estimate import stated, summary
from biolabel.labelmodel.moments.moments import indicators
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.pooling import Pooled
from biolabel.labelmodel.tasks.blocks import block
from biolabel.labelmodel.tasks.many import Settled, fit_many
from biolabel.labelmodel.votes import compress, symbols

MANY = 200
"""Tasks from which they are fitted as one system: a search for dependent functions takes .2 s a task."""


def fit_stacked(matrices: Mapping[str, LabelMatrix], settings: Settings) -> dict[str, Estimate]:
    """Return the estimates of the tasks that are fitted as one system: none where they are few.

    These are the exclusive tasks without dependency groups, where there are at least `MANY` of them;
    their functions are taken as independent given the label.
    """
    some = {
        name: matrix
        for name, matrix in matrices.items()
        if matrix.task.exclusive and not any(lf.groups for lf in matrix.lfs)
    }
    if settings.method not in ("auto", "emission") or len(some) < MANY:
        return {}
    result = {}
    for k in sorted({len(matrix.task.labels) for matrix in some.values()}):
        own = {n: matrix for n, matrix in some.items() if len(matrix.task.labels) == k}
        blocks = [block(matrix, stated(matrix, settings)) for matrix in own.values()]
        found = fit_many(blocks, settings.tolerance, settings.max_iterations)
        for (name, matrix), settled in zip(own.items(), found, strict=True):
            result[name] = _estimate(matrix, settled)
    return result


def _estimate(matrix: LabelMatrix, settled: Settled) -> Estimate:
    found, emission = symbols(matrix), settled.emission
    patterns, s, m = compress(matrix, found), len(found.lf), len(matrix.lfs)
    mixture = independent(emission, found.lf, m)
    share = emission.table * emission.prior
    state = Pooled(
        share / share.sum(axis=1, keepdims=True),
        emission.prior,
        posterior(mixture, indicators(patterns, s)).soft,
    )
    sources = Sources(np.arange(m), found.lf, np.arange(s + 1), np.arange(s))
    return replace(
        summary(patterns, found, state, settled.iterations, settled.converged),
        prior=emission.prior,
        model=SourceModel(sources, mixture),
    )
