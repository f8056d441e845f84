"""Planted votes of several tasks on the same rows, and the best possible joint soft labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.data.labels import Constraint, LabelMatrix, Task, TaskGraph, Term
from biolabel.labelmodel.planted.draw import Behavior, normalized, vote
from biolabel.labelmodel.planted.single import rule
from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class PlantedTasks:
    """Label matrices of tasks with one row a document each: row i of every task is document i.

    truth: int64[n] by task; posterior: float64[n, k] by task, P(label | votes of all tasks) under
    the parameters of the draw; vectors: int64[f, t], the feasible labels of the tasks together, in
    the order of the matrices; joint: float64[n, f], their posterior. Without constraints there are
    no vectors, and the tasks are independent.
    """

    matrices: Mapping[str, LabelMatrix]
    graph: TaskGraph
    truth: Mapping[str, Ints]
    posterior: Mapping[str, Floats]
    vectors: Ints
    joint: Floats


def related(generator: np.random.Generator, n: int) -> PlantedTasks:
    """Return votes on the types of two arguments and their relation, which needs both types.

    Six of the twelve label vectors are feasible. The rules on the types are many and good, those on
    the relation few and weak.
    """
    tasks = (
        Task("chemical", "document", ("no", "yes")),
        Task("disease", "document", ("no", "yes")),
        Task("relation", "document", ("none", "causes", "treats")),
    )
    vectors = np.array([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 1, 2]])
    shares = np.array([0.15, 0.15, 0.15, 0.25, 0.2, 0.1])
    constraints = tuple(
        Constraint(f"{name} typed", ((Term("relation", 0b110),),), ((Term(name, 0b10),),))
        for name in ("chemical", "disease")
    )
    behaviors = {
        task.name: [
            _balanced(generator, len(task.labels), 0.6 if len(task.labels) == 3 else 0.7)
            for _ in range(6)
        ]
        for task in tasks
    }
    return _together(generator, n, tasks, vectors, shares, constraints, behaviors)


def tiers(generator: np.random.Generator, n: int) -> PlantedTasks:
    """Return votes on a fine task of eight labels and a coarse one of two, which the fine one implies.

    All rules vote for one label: two for each fine one, three for each coarse one.
    """
    tasks = (
        Task("fine", "document", tuple(f"fine_{y}" for y in range(8))),
        Task("coarse", "document", ("low", "high")),
    )
    vectors = np.stack([np.arange(8), np.arange(8) // 4], axis=1)
    shares = np.array([0.3, 0.15, 0.05, 0.1, 0.1, 0.1, 0.15, 0.05])
    constraints = tuple(
        Constraint(f"{name} is {half}", ((Term("fine", 0b1111 << 4 * at),),),
                   ((Term("coarse", 1 << at),),))
        for at, (name, half) in enumerate((("first", "low"), ("second", "high")))
    )  # fmt: skip
    behaviors = {
        "fine": [_one_class(generator, shares, lf % 8) for lf in range(16)],
        "coarse": [_one_class(generator, np.array([0.6, 0.4]), lf % 2) for lf in range(6)],
    }
    return _together(generator, n, tasks, vectors, shares, constraints, behaviors)


def unrelated(generator: np.random.Generator, n: int, count: int = 100) -> PlantedTasks:
    """Return votes of ten one-class rules on each of many tasks with 5 to 40 % positive rows."""
    tasks = tuple(Task(f"task_{at}", "document", ("no", "yes")) for at in range(count))
    matrices, truth, posterior = {}, {}, {}
    for task in tasks:
        share = generator.uniform(0.05, 0.4)
        labels = (generator.random(n) < share).astype(np.int64)
        behaviors = [rule(generator, share, lf % 2, 0.05, 0.3) for lf in range(10)]
        drawn = vote(generator, task, labels, behaviors)
        matrices[task.name], truth[task.name] = drawn.matrix, labels
        posterior[task.name] = normalized(drawn.log_likelihood + np.log([1 - share, share]))
    nothing = np.zeros((0, count), dtype=np.int64)
    joint = np.zeros((n, 0))
    return PlantedTasks(matrices, _graph(tasks, (), n), truth, posterior, nothing, joint)


def alike(generator: np.random.Generator, n: int, count: int = 100) -> PlantedTasks:
    """Return votes on many tasks whose ten functions are worth about the same in each.

    How much likelier a function's vote is with its label varies by a factor of 1.3 between tasks (one
    standard deviation); how often it votes, and the share of positive rows, vary freely.
    """
    tasks = tuple(Task(f"task_{at}", "document", ("no", "yes")) for at in range(count))
    likelier = generator.uniform(0.3, 3.0, 10)
    matrices, truth, posterior = {}, {}, {}
    for task in tasks:
        share = generator.uniform(0.05, 0.4)
        labels = (generator.random(n) < share).astype(np.int64)
        ratios = np.exp(likelier + np.log(1.3) * generator.standard_normal(10))
        behaviors = []
        for lf, ratio in enumerate(ratios):
            own = share if lf % 2 else 1 - share
            rates = np.ones(2)
            rates[lf % 2] = ratio
            mean = own * ratio + 1 - own
            coverage = min(np.exp(generator.uniform(np.log(0.05), np.log(0.3))), 0.9 * mean / ratio)
            behaviors.append(Behavior((1 << lf % 2,), (coverage * rates / mean)[:, None]))
        drawn = vote(generator, task, labels, behaviors)
        matrices[task.name], truth[task.name] = drawn.matrix, labels
        posterior[task.name] = normalized(drawn.log_likelihood + np.log([1 - share, share]))
    nothing = np.zeros((0, count), dtype=np.int64)
    return PlantedTasks(matrices, _graph(tasks, (), n), truth, posterior, nothing, np.zeros((n, 0)))


def _together(
    generator: np.random.Generator,
    n: int,
    tasks: tuple[Task, ...],
    vectors: Ints,
    shares: Floats,
    constraints: tuple[Constraint, ...],
    behaviors: Mapping[str, Sequence[Behavior]],
) -> PlantedTasks:
    """Return votes on tasks whose labels come in vectors, int64[f, t], of given shares."""
    which = generator.choice(len(vectors), size=n, p=shares)
    matrices, truth, log_likelihood = {}, {}, np.zeros((n, len(vectors)))
    for at, task in enumerate(tasks):
        truth[task.name] = vectors[which, at]
        drawn = vote(generator, task, truth[task.name], behaviors[task.name])
        matrices[task.name] = drawn.matrix
        log_likelihood += drawn.log_likelihood[0][:, vectors[:, at]]
    joint = normalized((log_likelihood + np.log(shares))[None])
    posterior = {
        task.name: np.stack(
            [joint[:, vectors[:, at] == label].sum(axis=1) for label in range(len(task.labels))],
            axis=1,
        )
        for at, task in enumerate(tasks)
    }
    return PlantedTasks(matrices, _graph(tasks, constraints, n), truth, posterior, vectors, joint)


def _one_class(generator: np.random.Generator, shares: Floats, label: int) -> Behavior:
    """Return a rule for one label that is right in 50 to 90 % and finds 20 to 60 % of its rows."""
    precision, recall = generator.uniform(0.5, 0.9), generator.uniform(0.2, 0.6)
    wrong = recall * shares[label] * (1 - precision) / precision / (1 - shares[label])
    rates = np.full(len(shares), wrong)
    rates[label] = recall
    return Behavior((1 << label,), rates[:, None])


def _balanced(generator: np.random.Generator, k: int, least: float) -> Behavior:
    """Return a function that votes for any of k labels, equally right on all."""
    coverage, accuracy = generator.uniform(0.3, 0.7), generator.uniform(least, least + 0.2)
    wrong = np.full((k, k), (1 - accuracy) / (k - 1))
    table = coverage * np.where(np.eye(k, dtype=np.bool_), accuracy, wrong)
    return Behavior(tuple(1 << label for label in range(k)), table)


def _graph(tasks: tuple[Task, ...], constraints: tuple[Constraint, ...], n: int) -> TaskGraph:
    documents = {task.name: np.arange(n, dtype=np.int32) for task in tasks}
    return TaskGraph(tasks, constraints, n, documents)
