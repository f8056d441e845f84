"""How well the votes alone show what each labeling function is worth: accuracies with intervals.

The truth is not known, so a vote on a doubtful row tells less about its function than one on a clear
row. With r_i the posterior probability that vote i of a function is right and a their mean, the
observed information about logit a is

    n a (1 - a) - sum of r_i (1 - r_i) = sum of (r_i - a)^2,

what complete data would give less what the missing truth takes away (Louis 1982, "Finding the observed
information matrix when using the EM algorithm", equation 3.2, for one Bernoulli parameter). Nothing
but soft labels and votes enters, so it holds for every estimator; that the tables of other functions
are estimates too is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelingFunction, LabelMatrix, SoftLabels
from biolabel.data.votes import affirms, weighed
from biolabel.labelmodel.votes import Floats

_NORMAL = 1.959964
"""The 97.5 % quantile of the standard normal distribution."""

_LOGIT = 12.0
"""Where log odds stop, at a probability of 6e-6: accuracies of 0 or 1 have infinite ones."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What the votes of one labeling function amount to, each with its 95 % interval.

    accuracy: the mean posterior probability that a vote of it holds the true label; coverage: the
    share of candidates it votes on, with the Wilson score interval.
    """

    lf: str
    votes: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    coverage: float
    coverage_low: float
    coverage_high: float


@dataclass(frozen=True, slots=True)
class Sums:
    """What `worth` needs of votes and soft labels; those of shards add up.

    votes: float64[m], of each labeling function; right, squares: float64[m], the sums of the posterior
    probabilities that its votes are right, and of their squares; rows: how many candidates there are.
    """

    votes: Floats
    right: Floats
    squares: Floats
    rows: float

    def __add__(self, other: "Sums") -> "Sums":
        """Return the sums of two shards."""
        return Sums(
            self.votes + other.votes,
            self.right + other.right,
            self.squares + other.squares,
            self.rows + other.rows,
        )


def worth(matrix: LabelMatrix, soft: SoftLabels) -> tuple[Worth, ...]:
    """Return what each labeling function that voted is worth under soft labels, in their order."""
    return worth_of(matrix.lfs, sums(matrix, soft))


def sums(matrix: LabelMatrix, soft: SoftLabels) -> Sums:
    """Return what `worth_of` needs of the votes of one shard."""
    matrix = weighed(matrix)
    right = posterior_right(matrix, soft.probabilities.astype(np.float64))
    times = np.ones(matrix.n_candidates) if matrix.times is None else matrix.times
    weight, m = times[matrix.candidate], len(matrix.lfs)
    votes, first, second = (
        np.bincount(matrix.lf, weights=weight * power, minlength=m).astype(np.float64)
        for power in (np.ones(len(right)), right, right**2)
    )
    return Sums(votes, first, second, float(times.sum()))


def worth_of(lfs: Sequence[LabelingFunction], found: Sums) -> tuple[Worth, ...]:
    """Return what each labeling function that voted is worth, in their order."""
    votes, n = found.votes, found.rows
    mean = found.right / np.maximum(votes, 1.0)
    # Rounding may leave less than nothing where all votes are as likely right.
    information = np.maximum(found.squares - votes * mean**2, 0.0)
    low, high = _logit_interval(mean, information)
    share_low, share_high = _wilson(votes, max(n, 1.0))
    return tuple(
        Worth(
            function.name,
            int(votes[lf]),
            float(mean[lf]),
            float(low[lf]),
            float(high[lf]),
            float(votes[lf] / n),
            float(share_low[lf]),
            float(share_high[lf]),
        )
        for lf, function in enumerate(lfs)
        if votes[lf]
    )


def posterior_right(matrix: LabelMatrix, probabilities: Floats) -> Floats:
    """Return the probability that each vote holds the true label, float64[v].

    Where a task picks many labels, a vote that affirms is right if one of its labels holds, taken as
    independent; one that denies, if none of those that it leaves out does.
    """
    k = len(matrix.task.labels)
    holds = (matrix.mask[:, None] >> np.arange(k)) & 1 == 1
    rows = probabilities[matrix.candidate]
    if matrix.task.exclusive:
        return np.clip((rows * holds).sum(axis=1), 0, 1)
    some = 1 - np.where(holds, 1 - rows, 1.0).prod(axis=1)
    none_of_the_rest = np.where(holds, 1.0, 1 - rows).prod(axis=1)
    return np.where(affirms(matrix), some, none_of_the_rest)


def _logit_interval(mean: Floats, information: Floats) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore"):
        logit = np.clip(np.log(mean) - np.log1p(-mean), -_LOGIT, _LOGIT)
        width = _NORMAL / np.sqrt(information)
    return _sigmoid(logit - width), _sigmoid(logit + width)


def _sigmoid(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -700, 700))))


def _wilson(votes: NDArray[np.float64], n: float) -> tuple[Floats, Floats]:
    """Return the Wilson score interval of votes among n rows (Wilson 1927)."""
    share, square = votes / n, _NORMAL**2
    center = (share + square / (2 * n)) / (1 + square / n)
    half = _NORMAL * np.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return np.maximum(center - half, 0), np.minimum(center + half, 1)
