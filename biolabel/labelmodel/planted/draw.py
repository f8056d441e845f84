"""Drawing votes from labeling functions whose behavior is given, and the posterior that it implies.

For tests, benchmarks and what-if questions. Every set carries the soft labels of its own generating
parameters: no label model can know more, so they are the ceiling of every figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.labelmodel.votes import Floats, Ints

_BUSIEST = 0.95
"""The largest rate at which a function votes on rows of a label."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A label matrix and the true label of each candidate, int64[n].

    posterior: float64[n, k], P(label | votes) under the parameters that the votes were drawn with;
    None where the votes did not come from `plant`, or were changed since.
    """

    matrix: LabelMatrix
    truth: Ints
    posterior: Floats | None = None

    @property
    def graph(self) -> TaskGraph:
        """The graph of this task alone, each candidate in a document of its own."""
        n = self.matrix.n_candidates
        documents = {self.matrix.task.name: np.arange(n, dtype=np.int32)}
        return TaskGraph((self.matrix.task,), (), n, documents)


@dataclass(frozen=True, slots=True)
class Behavior:
    """How a labeling function votes: P(mask | label), float64[k, s]; what is left of 1 abstains.

    copies: how many further functions do what this one does with the probability `loyalty`, each on
    each row, and else as if alone; groups: what all of them declare.
    """

    masks: tuple[int, ...]
    table: Floats
    groups: frozenset[str] = frozenset()
    copies: int = 0
    loyalty: float = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How eagerly all functions vote on a share of the candidates, whatever their label."""

    share: float
    factor: float


_EVEN = (Pace(1.0, 1.0),)


def plant(
    generator: np.random.Generator,
    n: int,
    shares: Sequence[float],
    behaviors: Sequence[Behavior],
    paces: Sequence[Pace] = _EVEN,
) -> Planted:
    """Return n candidates with labels of the given shares and votes that only the labels relate.

    What relates the votes further are the copies of a behavior, and paces.
    """
    truth = generator.choice(len(shares), size=n, p=shares).astype(np.int64)
    task = Task("planted", "relation", tuple(f"label_{y}" for y in range(len(shares))))
    drawn = vote(generator, task, truth, behaviors, paces)
    weighed = drawn.log_likelihood + np.log([it.share for it in paces])[:, None, None]
    return Planted(drawn.matrix, truth, normalized(weighed + np.log(shares)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Votes, and log P(votes of a candidate | pace, label): float64[p, n, k]."""

    matrix: LabelMatrix
    log_likelihood: Floats


def vote(
    generator: np.random.Generator,
    task: Task,
    truth: Ints,
    behaviors: Sequence[Behavior],
    paces: Sequence[Pace] = _EVEN,
) -> Drawn:
    """Return votes on candidates whose labels are given, int64[n]."""
    n = len(truth)
    pace = np.zeros(n, dtype=np.int64)
    if len(paces) > 1:
        pace = generator.choice(len(paces), size=n, p=[it.share for it in paces])
    functions: list[LabelingFunction] = []
    votes: list[Ints] = []
    log_likelihood = np.zeros((len(paces), n, len(task.labels)))
    for behavior in behaviors:
        rates = np.stack([_rates(behavior, it.factor) for it in paces])
        chosen = _choices(generator, behavior, rates[pace, truth])
        log_likelihood += _log_likelihood(behavior, rates, chosen)
        for own in chosen.T:
            functions.append(LabelingFunction(f"lf_{len(functions)}", groups=behavior.groups))
            votes.append(np.array((*behavior.masks, 0))[own])
    table = np.stack(votes, axis=1) if votes else np.zeros((n, 0), dtype=np.int64)
    return Drawn(sparse(task, tuple(functions), table), log_likelihood)


def normalized(weighed: Floats) -> Floats:
    """Return the posterior of joint log weights: float64[p, n, k], summed over p, to float64[n, k].

    Rows of which no label is possible (which no draw gives) would be NaN.
    """
    joint = np.logaddexp.reduce(weighed, axis=0)
    joint -= joint.max(axis=1, keepdims=True)
    return np.exp(joint) / np.exp(joint).sum(axis=1, keepdims=True)


def sparse(
    task: Task, functions: tuple[LabelingFunction, ...], votes: NDArray[np.int64]
) -> LabelMatrix:
    """Return the label matrix of masks in a table, int64[n, m]; a mask of 0 abstains."""
    candidate, lf = np.nonzero(votes)
    return LabelMatrix(
        task,
        functions,
        len(votes),
        candidate.astype(np.int32),
        lf.astype(np.int16),
        votes[candidate, lf],
    )


def _rates(behavior: Behavior, factor: float) -> Floats:
    """Return P(choice | label), float64[k, s + 1]; the last choice is to abstain."""
    rates = behavior.table * factor
    rates = rates * np.minimum(1, _BUSIEST / np.maximum(rates.sum(axis=1), 1e-12))[:, None]
    return np.concatenate([rates, 1 - rates.sum(axis=1, keepdims=True)], axis=1)


def _choices(generator: np.random.Generator, behavior: Behavior, rates: Floats) -> Ints:
    """Return the choices of a function and its copies, int64[n, 1 + copies]; rates: [n, s + 1]."""
    bounds = np.cumsum(rates[:, :-1], axis=1)

    def alone() -> Ints:
        return (generator.random(len(rates))[:, None] >= bounds).sum(axis=1)

    first = alone()
    copied = [
        np.where(generator.random(len(rates)) < behavior.loyalty, first, alone())
        for _ in range(behavior.copies)
    ]
    return np.stack([first, *copied], axis=1)


def _log_likelihood(behavior: Behavior, rates: Floats, chosen: Ints) -> Floats:
    """Return log P(choices | pace, label), float64[p, n, k]; rates: [p, k, s + 1]."""
    with np.errstate(divide="ignore"):
        result = np.log(rates[:, :, chosen[:, 0]])
        for copy in range(1, chosen.shape[1]):
            same = chosen[:, copy] == chosen[:, 0]
            own = (1 - behavior.loyalty) * rates[:, :, chosen[:, copy]]
            result += np.log(behavior.loyalty * same + own)
    return np.moveaxis(result, 1, 2)
