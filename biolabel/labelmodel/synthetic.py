"""Planted votes: label matrices whose truth is known, for tests, benchmarks and what-if questions.

Each set shows one way in which label models are known to go wrong (the traps of the design page).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Planted:
    """A label matrix and the true label of each candidate, int64[n]."""

    matrix: LabelMatrix
    truth: Ints

    @property
    def graph(self) -> TaskGraph:
        """The graph of this task alone, each candidate in a document of its own."""
        n = self.matrix.n_candidates
        documents = {self.matrix.task.name: np.arange(n, dtype=np.int32)}
        return TaskGraph((self.matrix.task,), (), n, documents)


@dataclass(frozen=True, slots=True)
class Behavior:
    """How a labeling function votes: P(mask | label), float64[k, s]; what is left of 1 abstains."""

    masks: tuple[int, ...]
    table: Floats
    groups: frozenset[str] = frozenset()


def plant(
    generator: np.random.Generator,
    n: int,
    shares: Sequence[float],
    behaviors: Sequence[Behavior],
    eagerness: Floats | None = None,
) -> Planted:
    """Return n candidates with labels of the given shares and independent votes on them.

    eagerness: float64[n], a factor on the rate at which all functions vote on a candidate, whatever
    its label; rates stop at .95.
    """
    truth = generator.choice(len(shares), size=n, p=shares)
    factor = np.ones(n) if eagerness is None else eagerness
    votes = np.zeros((n, len(behaviors)), dtype=np.int64)
    for lf, behavior in enumerate(behaviors):
        rates = behavior.table[truth] * factor[:, None]
        rates *= np.minimum(1, 0.95 / np.maximum(rates.sum(axis=1), 1e-12))[:, None]
        passed = generator.random(n)[:, None] >= np.cumsum(rates, axis=1)
        choice = passed.sum(axis=1)
        votes[:, lf] = np.array((*behavior.masks, 0))[choice]
    functions = tuple(
        LabelingFunction(f"lf_{lf}", groups=behavior.groups)
        for lf, behavior in enumerate(behaviors)
    )
    task = Task("planted", "relation", tuple(f"label_{y}" for y in range(len(shares))))
    return Planted(sparse(task, functions, votes), truth)


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


def two_sided(generator: np.random.Generator, n: int, share: float, m: int = 10) -> Planted:
    """Return votes of m functions that vote for both labels, equally right on either."""
    behaviors = []
    for coverage, accuracy in zip(
        generator.uniform(0.3, 0.7, m), generator.uniform(0.65, 0.95, m), strict=True
    ):
        right, wrong = coverage * accuracy, coverage * (1 - accuracy)
        behaviors.append(Behavior((1, 2), np.array([[right, wrong], [wrong, right]])))
    return plant(generator, n, (1 - share, share), behaviors)


def one_sided(generator: np.random.Generator, n: int, share: float) -> Planted:
    """Return votes of five functions that only affirm and five that only deny, as rules do."""
    behaviors = [_affirms(generator, 0.005, 0.05) for _ in range(5)]
    behaviors += [_denies(generator) for _ in range(5)]
    return plant(generator, n, (1 - share, share), behaviors)


def copied(generator: np.random.Generator, n: int, share: float = 0.05) -> Planted:
    """Return votes where four near-copies of one noisy knowledge base rule share a group."""
    behaviors = [Behavior((2,), np.array([[0.1], [0.5]]), frozenset({"kb"}))]
    behaviors += [_affirms(generator, 0.005, 0.02) for _ in range(4)]
    behaviors += [_denies(generator) for _ in range(4)]
    planted = plant(generator, n, (1 - share, share), behaviors)
    matrix = planted.matrix
    votes = np.zeros((n, len(behaviors)), dtype=np.int64)
    votes[matrix.candidate, matrix.lf] = matrix.mask
    copies = np.where(generator.random((n, 4)) < 0.03, 0, votes[:, :1])
    named = tuple(replace(matrix.lfs[0], name=f"copy_{at}") for at in range(4))
    votes = np.concatenate([copies, votes[:, 1:]], axis=1)
    return Planted(sparse(matrix.task, (*named, *matrix.lfs[1:]), votes), planted.truth)


def eager(generator: np.random.Generator, n: int, share: float = 0.3) -> Planted:
    """Return one-class votes that come together on some rows, whatever their label."""
    behaviors = []
    for lf in range(16):
        label = lf % 2
        coverage, precision = generator.uniform(0.05, 0.15), generator.uniform(0.6, 0.85)
        rates = np.full(2, coverage * (1 - precision))
        rates[label] = coverage * precision
        table = rates / np.array([1 - share, share])
        behaviors.append(Behavior((1 << label,), table[:, None]))
    eagerness = np.where(generator.random(n) < 0.3, 3.0, 0.4)
    return plant(generator, n, (1 - share, share), behaviors, eagerness)


def hierarchy(generator: np.random.Generator, n: int) -> Planted:
    """Return votes on eight labels in two halves: some name a label, some only its half."""
    levels = (0b00001111, 0b11110000), tuple(1 << label for label in range(8))
    behaviors = []
    for lf in range(10):
        masks = levels[lf % 2]
        accuracy = generator.uniform(0.6, 0.9)
        right = allowed(np.array(masks), 8).T
        wrong = (1 - accuracy) / (len(masks) - 1)
        behaviors.append(Behavior(masks, 0.5 * np.where(right, accuracy, wrong)))
    return plant(generator, n, (1 / 8,) * 8, behaviors)


def _affirms(generator: np.random.Generator, low: float, high: float) -> Behavior:
    table = [[generator.uniform(low, high)], [generator.uniform(0.2, 0.6)]]
    return Behavior((2,), np.array(table))


def _denies(generator: np.random.Generator) -> Behavior:
    table = [[generator.uniform(0.2, 0.5)], [generator.uniform(0.02, 0.1)]]
    return Behavior((1,), np.array(table))
