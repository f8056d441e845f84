"""Anchored EM where votes may depend on each other in ways that nobody declared or found.

What a symbol is worth is kept as P(label | symbol): it starts at the stated precision, a share among
the rule's own rows (`pooling.anchors` where none is stated), and the data move it. Votes for the same
labels on one row say less together than alone, so n of them weigh as much as the square root of n,
and the silence of a dependency group is one piece of evidence. The class prior is learned from the
rows with votes while silence counts nothing; then it stays, and silence counts half. With a prior
that moves, or silence at full weight, EM on rules of one class drifts to another latent variable
("many patterns matched") and ends with one class for all. What other weights do on the training votes
of the tasks is printed by `python benchmarks/label_model_tempering.py`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import softmax

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.pooling import MAX_PRECISION, Flags, anchors, clamped, evidence, summed
from biolabel.labelmodel.votes import Floats, Ints, Patterns

_LEAST_SILENT = 0.1
"""Least P(silent | label) / P(silent): an estimate below it is the noise of the class prior."""


@dataclass(frozen=True, slots=True)
class Tempering:
    """How far dependence that is not known of is allowed for.

    repetition: n votes for the same labels on one row weigh n to the power of 1 - repetition;
    silence: the weight of silence as evidence, next to a vote; stated, unstated: how much what a
    rule says of its precision, or the default, weighs against the data, per vote.
    """

    repetition: float = 0.5
    silence: float = 0.5
    stated: float = 10.0
    unstated: float = 3.0


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed of symbols before any data.

    lf: int64[s], the labeling function of each symbol; holds: bool[s, k], its labels; precision:
    float64[s], the share of its votes whose labels hold the true one; stated: bool[s], whether the
    rule says so itself; unit: int64[m], which functions are silent together.
    """

    lf: Ints
    holds: Flags
    precision: Floats
    stated: Flags
    unit: Ints


@dataclass(frozen=True, slots=True)
class Tempered:
    """The tables of one exclusive task.

    prior: float64[k], the class prior among rows with votes; table: float64[s, k], P(label |
    symbol); silence: float64[u, k], the log odds that a silent unit adds.
    """

    prior: Floats
    table: Floats
    silence: Floats


def units(lfs: Sequence[LabelingFunction]) -> Ints:
    """Return which functions are silent together, int64[m]: those with the same largest group."""
    size = Counter(group for function in lfs for group in function.groups)
    home = [
        max(sorted(function.groups), key=size.__getitem__, default=at)
        for at, function in enumerate(lfs)
    ]
    number = {unit: at for at, unit in enumerate(dict.fromkeys(home))}
    return np.array([number[unit] for unit in home], dtype=np.int64)


def repeated(row: Ints, mask: Ints, weight: Floats, power: float) -> Floats:
    """Return the weights of votes, less where a row has several for the same labels: float64[v].

    row, mask: int64[v], the row and the labels of each vote; weight: float64[v], from the groups.
    """
    _, kind = np.unique(mask, return_inverse=True)
    _, place = np.unique(row * (kind.max(initial=0) + 1) + kind, return_inverse=True)
    together = np.bincount(place, weights=weight)[place]
    return np.asarray(weight / np.maximum(together, 1.0) ** power)


def shares(believed: Believed, prior: Floats) -> Floats:
    """Return the believed P(label | symbol), float64[s, k].

    Labels inside the voted set, and those outside, share by the prior. A symbol that leaves all
    labels possible says nothing. Where nothing is stated a vote is at least better than chance, as
    rules for a common label are right more often than the default.
    """
    default = anchors(believed.holds, believed.precision, prior)
    precision = np.minimum(believed.precision, MAX_PRECISION)[:, None]
    inside, outside = np.where(believed.holds, prior, 0.0), np.where(believed.holds, 0.0, prior)
    rest = outside.sum(axis=1, keepdims=True)
    right = precision * inside / inside.sum(axis=1, keepdims=True)
    wrong = (1 - precision) * outside / np.where(rest > 0, rest, 1.0)
    own = np.where(rest > 0, right + wrong, prior)
    return np.where(believed.stated[:, None], own, default)


def tempered(
    patterns: Patterns, believed: Believed, tempering: Tempering, tolerance: float, most: int
) -> tuple[Tempered, int, bool]:
    """Return the tables, the number of steps, and whether no soft label moved by more at the end.

    patterns: the distinct rows of votes, with the weights that `repeated` gives.
    """
    k = believed.holds.shape[1]
    even = np.full(k, 1 / k)
    start = Tempered(even, shares(believed, even), np.zeros((believed.unit.max(initial=-1) + 1, k)))
    if not len(patterns.count):
        return start, 0, True
    deaf = replace(tempering, silence=0.0)
    first, some, done = _iterated(patterns, believed, deaf, start, tolerance, most)
    second, more, settled = _iterated(patterns, believed, tempering, first, tolerance, most)
    return second, some + more, done and settled


def posterior(patterns: Patterns, unit: Ints, fitted: Tempered) -> Floats:
    """Return P(label | votes) of each row of votes, float64[p, k]; unit: int64[s], of each symbol."""
    heard = np.unique(patterns.row * len(fitted.silence) + unit[patterns.symbol])
    return _pooled(patterns, np.divmod(heard, max(len(fitted.silence), 1)), fitted)


def _pooled(patterns: Patterns, heard: tuple[Ints, Ints], fitted: Tempered) -> Floats:
    """Return the posterior; heard: int64[h], int64[h], the rows and units that are not silent."""
    votes = evidence(patterns.symbol, patterns.weight, fitted.table, fitted.prior)
    rows, (row, unit) = len(patterns.count), heard
    logits = np.log(fitted.prior) + fitted.silence.sum(axis=0) + summed(rows, patterns.row, votes)
    return np.asarray(softmax(logits - summed(rows, row, fitted.silence[unit]), axis=1))


def _iterated(
    patterns: Patterns,
    believed: Believed,
    tempering: Tempering,
    start: Tempered,
    tolerance: float,
    most: int,
) -> tuple[Tempered, int, bool]:
    """Return what iteration leads to; where silence has any weight the prior stays."""
    rows, size = float(patterns.count.sum()), max(len(start.silence), 1)
    key = np.unique(patterns.row * size + believed.unit[believed.lf][patterns.symbol])
    heard = np.divmod(key, size)
    count = patterns.count[:, None]
    votes = np.bincount(patterns.symbol, patterns.count[patterns.row], len(believed.lf))[:, None]
    strength = np.where(believed.stated, tempering.stated, tempering.unstated)
    pull = strength[:, None] * votes
    state, before, change, steps = start, None, np.inf, 0
    while change > tolerance and steps < most:
        silence = tempering.silence * _silent(state, believed, votes / max(rows, 1.0))
        soft = _pooled(patterns, heard, Tempered(state.prior, state.table, silence))
        expected = clamped(patterns, soft) * count
        # Half a pseudo-row a label (Jeffreys' prior) keeps labels possible that no vote supports.
        learned = (expected.sum(axis=0) + 0.5) / (rows + soft.shape[1] / 2)
        prior = state.prior if tempering.silence else learned
        mass = summed(len(state.table), patterns.symbol, expected[patterns.row])
        pulled = mass + pull * shares(believed, prior)
        state = Tempered(prior, pulled / pulled.sum(axis=1, keepdims=True), silence)
        change = np.inf if before is None else float(np.abs(soft - before).max())
        before, steps = soft, steps + 1
    return state, steps, change <= tolerance


def _silent(state: Tempered, believed: Believed, rate: Floats) -> Floats:
    """Return the log odds that the silence of a unit means, float64[u, k]: its most telling member's.

    rate: float64[s, 1], the share of rows with each symbol.
    """
    voted = np.zeros((len(believed.unit), len(state.prior)))
    np.add.at(voted, believed.lf, state.table * rate)
    log = np.log(np.maximum(1 - voted / state.prior, _LEAST_SILENT))
    log -= log.mean(axis=1, keepdims=True)
    order = np.argsort(np.abs(log).max(axis=1, initial=0.0), kind="stable")
    result = np.zeros(state.silence.shape)
    result[believed.unit[order]] = log[order]  # the last one of a unit stays
    return result
