"""Labeling functions of one name in several tasks: what each is worth, learned from all of them.

They are one pattern with another word list, or one knowledge base asked for other relations. How much
likelier such a function's vote is with its labels than with others, in log odds, varies from task to
task around a mean. What it varies by is what is left of the spread of the tasks' own estimates when
their sampling errors are taken off (empirical Bayes: Efron and Morris 1973, "Stein's estimation rule
and its competitors"; the errors are those of two counts, 1 / right + 1 / wrong votes).
"""

from collections.abc import Sequence

import numpy as np

from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.tasks.blocks import Belief, Block
from biolabel.labelmodel.votes import Floats

FEWEST = 4
"""Tasks with a function of one name from which these say anything of each other."""

_PASSES = 5
"""Passes over the odds of a name, whose errors depend on their mean; the third moves it by 10^-3."""

SHARE, VOTES = 0.1, 2.0
"""Pseudo-votes that kin lend at most: this share of a symbol's own votes, and this many on top.

Chosen by `benchmarks/label_model_many.py --choose`.
"""


def kin(
    blocks: Sequence[Block], found: Sequence[Emission], stated: Sequence[Belief]
) -> list[Belief]:
    """Return what tasks believe of their symbols given the estimates of all tasks.

    A symbol is kin to those of functions with its name that name as many labels. With fewer than
    `FEWEST` of them, what was stated stays.
    """
    measured = [_measured(own, each) for own, each in zip(blocks, found, strict=True)]
    names: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for task, own in enumerate(blocks):
        sizes = own.holds.sum(axis=1).tolist()
        first = own.holds.argmax(axis=1).tolist()
        for symbol, (lf, size, label) in enumerate(zip(own.lf.tolist(), sizes, first, strict=True)):
            key = own.names[lf], size * own.holds.shape[1] + label
            names.setdefault(key, []).append((task, symbol))
    result = [Belief(own.odds.copy(), own.strength.copy()) for own in stated]
    for members in names.values():
        if len(members) >= FEWEST:
            odds, votes, chance = np.array([measured[task][:, at] for task, at in members]).T
            mean, spread = _pooled(odds, votes, chance)
            right = _share(mean + chance)
            most = SHARE * votes + VOTES
            strength = 1 / np.maximum(spread * right * (1 - right), 1 / most)
            for (task, symbol), own in zip(members, strength.tolist(), strict=True):
                result[task].odds[symbol] = mean
                result[task].strength[symbol] = own
    return result


def _measured(own: Block, found: Emission) -> Floats:
    """Return the log odds of each symbol with its labels, its votes, and the log odds of those labels.

    The result is float64[3, s]. A symbol that leaves all labels possible has the odds 0.
    """
    share = found.table * found.prior
    share /= share.sum(axis=1, keepdims=True)
    vacuous = own.holds.all(axis=1)
    right = np.where(vacuous, 0.5, np.where(own.holds, share, 0.0).sum(axis=1))
    inside = np.where(vacuous, 0.5, own.holds @ found.prior)
    chance = np.log(inside) - np.log1p(-inside)
    return np.stack([np.log(right) - np.log1p(-right) - chance, own.shown.T @ own.count, chance])


def _pooled(odds: Floats, votes: Floats, chance: Floats) -> tuple[float, float]:
    """Return mean and variance of odds between tasks (DerSimonian and Laird 1986, equations 7, 8).

    The errors are those that the mean implies: with each task's own odds, those that came out
    near 0 or 1 by chance would count least.
    """
    mean, spread = float(np.median(odds)), 0.0
    for _ in range(_PASSES):
        right = _share(mean + chance)
        errors = 1 / (votes * right * (1 - right))
        weight = 1 / errors
        middle = weight @ odds / weight.sum()
        excess = weight @ (odds - middle) ** 2 - (len(odds) - 1)
        spread = max(0.0, excess / (weight.sum() - (weight @ weight) / weight.sum()))
        weight = 1 / (errors + spread)
        mean = float(weight @ odds / weight.sum())
    return mean, float(spread)


def _share(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))
