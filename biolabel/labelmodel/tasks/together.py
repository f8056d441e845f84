"""EM for tasks that share their rows: one latent vector of labels a row, votes of every task.

A row's vector is one of those that the constraints allow, with a share learned from the rows of all
tasks; a labeling function's votes depend on the label of its own task alone:

    P(vector, votes) = P(vector) * prod over functions f of P(vote or silence of f | its task's label).

A good task thereby teaches what the rules of another are worth. Silence counts as evidence: without
it rules that only ever vote for one label drift. Functions of one group count once (each weighs
1 / size of the largest group that it is in). The tables have a Dirichlet prior of `BELIEF` rows a
label at what the stated precision says, the shares one of half a row a vector (Jeffreys).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.estimate import stated
from biolabel.labelmodel.params import Emitted, Settings, Together
from biolabel.labelmodel.pooling import Flags, allowed, anchors
from biolabel.labelmodel.tasks.vectors import Shared
from biolabel.labelmodel.votes import Floats, Ints, Symbols, symbols

BELIEF = 10.0
"""Rows a label that the stated precisions weigh: much for rules with tens of votes, else little."""


def fit_together(
    matrices: Mapping[str, LabelMatrix],
    shared: Shared,
    start: Mapping[str, Floats],
    settings: Settings,
) -> Together:
    """Return what the votes of tasks on the same rows amount to together.

    start: float64[n, k] by task, the soft labels of its own votes. Iteration ends where no row moves
    by more than `settings.tolerance`, or after `settings.max_iterations`.
    """
    names, f = tuple(shared.rows), len(shared.labels)
    voted = np.flatnonzero(any_votes(matrices, shared))
    sides = [_side(matrices[name], shared.rows[name][voted], settings) for name in names]
    of_label = [
        (shared.labels[:, at, None] == np.arange(start[name].shape[1])).astype(np.float64)
        for at, name in enumerate(names)
    ]
    log = np.tile(shared.log_weight, (len(voted), 1))
    for name, own in zip(names, of_label, strict=True):
        log += np.log(np.maximum(start[name][shared.rows[name][voted]], _LEAST)) @ own.T
    soft, change, steps = _normalized(log), np.inf, 0
    weight = np.exp(shared.log_weight) / np.exp(shared.log_weight).sum()
    shares, tables = weight, [own.believed for own in sides]
    while change > settings.tolerance and steps < settings.max_iterations:
        shares = (soft.sum(axis=0) + 0.5 * f * weight) / (len(soft) + 0.5 * f)
        labels = [soft @ own for own in of_label]
        tables = [_table(side, own) for side, own in zip(sides, labels, strict=True)]
        log = np.tile(np.log(shares), (len(soft), 1))
        for side, table, own in zip(sides, tables, of_label, strict=True):
            log += _log_likelihood(side, table) @ own.T
        following = _normalized(log)
        change = float(np.abs(following - soft).max(initial=0.0))
        soft, steps = following, steps + 1
    emitted = tuple(
        Emitted(side.symbols.lf, side.symbols.mask, table)
        for side, table in zip(sides, tables, strict=True)
    )
    return Together(names, shared.labels, shares, emitted, steps, change <= settings.tolerance)


def posterior(
    fitted: Together,
    matrices: Mapping[str, LabelMatrix],
    shared: Shared,
    lfs: Mapping[str, Ints],
    settings: Settings,
) -> Floats:
    """Return the posterior of the label vectors of shared rows, float64[n, f].

    lfs: int64[m] by task, the number that each function of a matrix had in fitting. A vote that
    fitting did not see counts with its believed precision.
    """
    n = len(shared.rows[fitted.tasks[0]])
    log = np.tile(np.log(fitted.shares), (n, 1))
    for at, (name, emitted) in enumerate(zip(fitted.tasks, fitted.emitted, strict=True)):
        side = _side(matrices[name], shared.rows[name], settings)
        seen = {
            (lf, mask): row
            for lf, mask, row in zip(
                emitted.symbol_lf.tolist(), emitted.symbol_mask.tolist(), emitted.table, strict=True
            )
        }
        table = side.believed.copy()
        for symbol, (lf, mask) in enumerate(
            zip(lfs[name][side.symbols.lf].tolist(), side.symbols.mask.tolist(), strict=True)
        ):
            if (lf, mask) in seen:
                table[symbol] = seen[lf, mask]
        log += _log_likelihood(side, table)[:, fitted.labels[:, at]]
    return _normalized(log)


def any_votes(matrices: Mapping[str, LabelMatrix], shared: Shared) -> Flags:
    """Return which of the shared rows have a vote in some task, bool[n]."""
    some = [
        (np.bincount(matrices[name].candidate, minlength=matrices[name].n_candidates) > 0)[rows]
        for name, rows in shared.rows.items()
    ]
    return np.any(some, axis=0)


_LEAST = 1e-12
"""Least soft label to start from, so that certain votes cannot make a row impossible."""


@dataclass(frozen=True, slots=True)
class _Side:
    """The votes of one task on the shared rows.

    shown: bool[n, s] sparse, the symbols of each row; weight: float64[m], that of each function;
    believed: float64[s, k], P(symbol | label) before any data.
    """

    symbols: Symbols
    shown: csr_array
    weight: Floats
    believed: Floats


def _side(matrix: LabelMatrix, rows: Ints, settings: Settings) -> _Side:
    found, k = symbols(matrix), len(matrix.task.labels)
    ones = np.ones(len(matrix.candidate))
    shape = matrix.n_candidates, len(found.lf)
    shown = csr_array((ones, (matrix.candidate, found.of_vote)), shape=shape)[rows]
    size = Counter(group for lf in matrix.lfs for group in lf.groups)
    weight = np.array([1 / max((size[g] for g in lf.groups), default=1) for lf in matrix.lfs])
    rate = (shown.sum(axis=0) + 0.5) / (len(rows) + 1)
    even = np.full(k, 1 / k)
    right = anchors(allowed(found.mask, k), stated(matrix, settings)[found.lf], even)
    believed = rate[:, None] * right * k
    total = np.zeros((len(matrix.lfs), k))
    np.add.at(total, found.lf, believed)
    return _Side(found, shown, weight, believed / np.maximum(1, total / _MOST)[found.lf])


_MOST = 0.99
"""The most that a function is believed to vote on rows of a label."""


def _table(side: _Side, labels: Floats) -> Floats:
    """Return P(symbol | label), float64[s, k], given soft labels, float64[n, k]."""
    counted = side.shown.T @ labels + BELIEF * side.believed
    return np.asarray(counted / (labels.sum(axis=0) + BELIEF))


def _log_likelihood(side: _Side, table: Floats) -> Floats:
    """Return log P(votes | label) of each row, float64[n, k]."""
    voted = np.zeros((len(side.weight), table.shape[1]))
    np.add.at(voted, side.symbols.lf, table)
    silent = side.weight[:, None] * np.log1p(-np.minimum(voted, 1 - _LEAST))
    lift = side.weight[side.symbols.lf, None] * np.log(table) - silent[side.symbols.lf]
    return np.asarray(side.shown @ lift + silent.sum(axis=0))


def _normalized(log: Floats) -> Floats:
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
