"""Tasks that share their rows: which row of each belongs together, and which labels may meet there.

Tasks share rows where constraints link them and each has one row for every place that they speak
about: one a document, or one for each way to bind the same arguments. Then all that constraints say
is which vectors of labels are possible, and these can have shares of their own, which rows of
several tasks teach better than each task's own votes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from biolabel.data.labels import TaskGraph, Term
from biolabel.labelmodel.joint.feasible import Linked
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints

MAX_VECTORS = 256
"""Vectors of labels, feasible or not, up to which they are listed."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Tasks on the same rows.

    rows: int64[n] by task, its row of each place; labels: int64[f, t], the vectors that hard constraints
    allow, tasks in the order of `rows`; log_weight: float64[f], what soft constraints say of them.
    """

    rows: Mapping[str, Ints]
    labels: Ints
    log_weight: Floats


def shared(links: Linked, graph: TaskGraph) -> Shared | None:
    """Return linked tasks as tasks on the same rows, None where they are not."""
    tasks = {task.name: task for task in graph.tasks}
    size = math.prod(len(tasks[name].labels) for name in links.tasks)
    alone = len(links.tasks) < 2 or size > MAX_VECTORS
    if alone or not all(tasks[name].exclusive for name in links.tasks):
        return None
    rows = _aligned(links, graph)
    if rows is None:
        return None
    sizes = tuple(len(tasks[name].labels) for name in links.tasks)
    labels = np.indices(sizes).reshape(len(sizes), -1).T
    weight = np.ones(len(labels))
    for item in links.constraints:
        fires, follows = (
            _holds(part, links.tasks, labels) for part in (item.condition, item.consequence)
        )
        weight *= np.where(follows | ~fires, item.strength, 1 - item.strength)
    return Shared(rows, labels[weight > 0], np.log(weight[weight > 0]))


def _holds(choices: tuple[tuple[Term, ...], ...], tasks: tuple[str, ...], labels: Ints) -> Flags:
    true = np.zeros(len(labels), dtype=np.bool_)
    for conjunction in choices:
        one = np.ones(len(labels), dtype=np.bool_)
        for term in conjunction:
            one &= term.mask >> labels[:, tasks.index(term.task)] & 1 == 1
        true |= one
    return true


def _aligned(links: Linked, graph: TaskGraph) -> dict[str, Ints] | None:
    """Return the rows of the tasks in one order of the places that they share, if they do."""
    terms = [
        term
        for item in links.constraints
        for part in (item.condition, item.consequence)
        for conjunction in part
        for term in conjunction
    ]
    if len({term.arguments for term in terms}) != 1:
        return None
    rows, places = {}, []
    for name in links.tasks:
        found = graph.documents[name].astype(np.int64)[:, None]
        if terms[0].arguments:
            held = graph.arguments[name]
            if len(held.row) != len(found) or not np.array_equal(
                np.sort(held.row), np.arange(len(found))
            ):
                return None
            found = np.concatenate([found, held.names[np.argsort(held.row)]], axis=1)
        rows[name] = np.lexsort(found.T[::-1])
        places.append(found[rows[name]])
    first = places[0]
    if not all(np.array_equal(first, other) for other in places[1:]):
        return None
    return rows if np.all(np.any(np.diff(first, axis=0) != 0, axis=1)) else None
