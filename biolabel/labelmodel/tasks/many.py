"""Hundreds of tasks in one fit: EM over all of them as one sparse system, with what they share.

Tasks with as many labels become blocks of one matrix of distinct rows and symbols, so an iteration
is two sparse products however many tasks there are, and tasks that have converged drop out. Silence is
evidence. A task with few votes leans on the others where labeling functions have the same names
(kin.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, csr_array

from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.pooling import MAX_PRECISION, Flags
from biolabel.labelmodel.tasks.blocks import Belief, Block
from biolabel.labelmodel.tasks.kin import kin
from biolabel.labelmodel.votes import Floats, Ints

SHARE, VOTES = 0.02, 2.0
"""Pseudo-votes at the believed precision: this share of a symbol's votes, and this many on top."""

_MOST = 0.95
"""The most that a function is believed to vote on rows of a label."""

_CHECK = 10
"""Iterations after which converged tasks drop out."""


def beliefs(blocks: Sequence[Block]) -> list[Belief]:
    """Return what is believed of the symbols of each task by the stated precisions alone."""
    return [
        Belief(np.full(len(own.lf), np.nan), SHARE * (own.shown.T @ own.count) + VOTES)
        for own in blocks
    ]


@dataclass(frozen=True, slots=True)
class Settled:
    """The estimate of one task, after how many iterations, and whether it had converged."""

    emission: Emission
    iterations: int
    converged: bool


def fit_many(blocks: Sequence[Block], tolerance: float, most: int) -> list[Settled]:
    """Return the estimate of each task; all have the same number of labels.

    Iteration ends for a task where no soft label moves by more than `tolerance`, or after `most`
    iterations.
    """
    if not blocks:
        return []
    stated = beliefs(blocks)
    found = _converge(blocks, stated, tolerance, most)
    learned = kin(blocks, [own.emission for own in found], stated)
    if all(np.isnan(own.odds).all() for own in learned):
        return found
    return _converge(blocks, learned, tolerance, most)


def _converge(
    blocks: Sequence[Block], beliefs: Sequence[Belief], tolerance: float, most: int
) -> list[Settled]:
    """Return the estimate of each task under beliefs, all iterated at once."""
    result: list[Settled | None] = [None] * len(blocks)
    going = list(range(len(blocks)))
    system = _stack(blocks, beliefs, going)
    state = _first(system)
    steps = 0
    while going and steps < most:
        for _ in range(min(_CHECK, most - steps)):
            before = state.soft
            state = _step(system, state)
            steps += 1
        moved = np.maximum.reduceat(np.abs(state.soft - before).max(axis=1), system.start[:-1])
        done = (moved <= tolerance) | (steps >= most)
        for at in np.flatnonzero(done).tolist():
            own = system.of_task(at)
            emission = Emission(state.prior[at], state.table[own], abstains=True)
            result[going[at]] = Settled(emission, steps, bool(moved[at] <= tolerance))
        if done.any():
            kept = np.flatnonzero(~done)
            going = [going[at] for at in kept.tolist()]
            if going:
                state = _only(state, system, kept)
                system = _stack(blocks, beliefs, going)
    return [found for found in result if found is not None]


@dataclass(frozen=True, slots=True)
class _System:
    """Some tasks as one system: rows, symbols and functions of all, numbered through.

    start, first: int64[t + 1], where the rows and the symbols of each task begin; task: int64[r] and
    task_of_lf: int64[m], the task of a row and of a function; rate: float64[s], the share of the
    task's rows that show a symbol; rows: float64[t], how many rows a task has.
    """

    shown: csr_array
    turned: csr_array
    count: Floats
    task: Ints
    start: Ints
    first: Ints
    lf: Ints
    task_of_lf: Ints
    holds: Flags
    precision: Floats
    odds: Floats
    strength: Floats
    rate: Floats
    rows: Floats

    def of_task(self, at: int) -> slice:
        """Return the symbols of a task."""
        return slice(int(self.first[at]), int(self.first[at + 1]))


@dataclass(frozen=True, slots=True)
class _State:
    """prior: float64[t, k]; table: float64[s, k], P(symbol | label); soft: float64[r, k]."""

    prior: Floats
    table: Floats
    soft: Floats


def _stack(blocks: Sequence[Block], beliefs: Sequence[Belief], tasks: Sequence[int]) -> _System:
    some = [blocks[at] for at in tasks]
    shown = csr_array(block_diag([own.shown for own in some], format="csr"))
    start = np.cumsum([0, *(len(own.count) for own in some)])
    first = np.cumsum([0, *(len(own.lf) for own in some)])
    functions = np.cumsum([0, *(len(own.names) for own in some)])
    count = np.concatenate([own.count for own in some])
    task = np.repeat(np.arange(len(some)), np.diff(start))
    rows = np.bincount(task, count).astype(np.float64)
    task_of_symbol = np.repeat(np.arange(len(some)), np.diff(first))
    return _System(
        shown=shown,
        turned=csr_array(shown.T),
        count=count,
        task=task,
        start=start,
        first=first,
        lf=np.concatenate([own.lf + before for own, before in zip(some, functions, strict=False)]),
        task_of_lf=np.repeat(np.arange(len(some)), np.diff(functions)),
        holds=np.concatenate([own.holds for own in some]),
        precision=np.concatenate([own.precision for own in some]),
        odds=np.concatenate([beliefs[at].odds for at in tasks]),
        strength=np.concatenate([beliefs[at].strength for at in tasks]),
        rate=(shown.T @ count + 0.5) / (rows[task_of_symbol] + 1),
        rows=rows,
    )


def _first(system: _System) -> _State:
    """Return the soft labels of votes at what is believed of them, where silence says nothing."""
    t, k = len(system.rows), system.holds.shape[1]
    prior = np.full((t, k), 1 / k)
    lift = np.log(_relative(system, prior))
    soft = _softmax(system.shown @ lift)
    return _State(prior, np.exp(lift), soft)


def _step(system: _System, state: _State) -> _State:
    """Return the tables that soft labels imply, and the soft labels of those."""
    t, k = state.prior.shape
    expected = state.soft * system.count[:, None]
    total = np.add.reduceat(expected, system.start[:-1])
    prior = (total + 0.5) / (total.sum(axis=1, keepdims=True) + 0.5 * k)
    own = system.task_of_lf
    m = len(own)
    believed = _relative(system, prior) * system.rate[:, None]
    voiced = _by_function(system.lf, believed, m)
    believed = believed / np.maximum(1, voiced / _MOST)[system.lf]
    votes = np.maximum(np.bincount(system.lf, system.rate, m), 1e-12)
    around = (np.bincount(system.lf, system.strength, m) / votes)[:, None] * prior[own]
    mass = system.turned @ expected + around[system.lf] * believed
    table = mass / (total[own] + around)[system.lf]
    silent = np.log1p(-_by_function(system.lf, table, m))
    base = np.log(prior) + np.stack([np.bincount(own, column, t) for column in silent.T], axis=1)
    soft = _softmax(system.shown @ (np.log(table) - silent[system.lf]) + base[system.task])
    return _State(prior, table, soft)


def _relative(system: _System, prior: Floats) -> Floats:
    """Return the believed P(symbol | label) relative to its mean, float64[s, k]."""
    own = prior[system.task_of_lf[system.lf]]
    inside = (own * system.holds).sum(axis=1)
    rest = 1 - inside
    vacuous = rest <= 0
    rest = np.where(vacuous, 1.0, rest)
    odds = np.where(np.isnan(system.odds), stated_odds(system.precision, inside, rest), system.odds)
    ratio = np.exp(odds)
    low = 1 / (inside * ratio + rest)
    relative = np.where(system.holds, (ratio * low)[:, None], low[:, None])
    return np.where(vacuous[:, None], 1.0, relative)


def stated_odds(precision: Floats, inside: Floats, rest: Floats) -> Floats:
    """Return the log of how much likelier a symbol is with its labels, of the stated precision.

    inside, rest: float64[s], the shares of the labels that the symbol names, and of the others. A
    vote is believed to be at least as much better than chance as at even shares.
    """
    precision = np.minimum(precision, MAX_PRECISION)
    given = np.log(precision) - np.log1p(-precision)
    chance = np.log(inside) - np.log(rest)
    return np.asarray(given - np.minimum(chance, 0.0))


def _by_function(lf: Ints, values: Floats, m: int) -> Floats:
    return np.stack([np.bincount(lf, column, m) for column in values.T], axis=1)


def _only(state: _State, system: _System, tasks: Ints) -> _State:
    rows = np.isin(system.task, tasks)
    symbols_of = np.isin(system.task_of_lf[system.lf], tasks)
    return _State(state.prior[tasks], state.table[symbols_of], state.soft[rows])


def _softmax(logits: Floats) -> Floats:
    weight = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))
