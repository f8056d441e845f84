"""The tasks of a graph that share their rows: fitted together where constraints say which do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.labelmodel.joint.feasible import linked
from biolabel.labelmodel.params import LabelModelParams, Settings, Together
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.tasks.together import any_votes, fit_together, posterior
from biolabel.labelmodel.tasks.vectors import Shared, shared
from biolabel.labelmodel.votes import Floats


@dataclass(frozen=True, slots=True)
class Known:
    """Tasks on the same rows, and the posterior of their label vectors: float64[n, f]."""

    fitted: Together
    shared: Shared
    vectors: Floats

    def marginals(self) -> dict[str, Floats]:
        """Return the soft labels of each task, float64[n, k], in the order of its own rows."""
        return {
            name: _ordered(self.vectors @ _of_label(self.fitted, at), self.shared, name)
            for at, name in enumerate(self.fitted.tasks)
        }

    def likeliest(self) -> dict[str, Flags]:
        """Return the labels of the likeliest vector of each row, bool[n, k] by task."""
        best = self.vectors.argmax(axis=1)
        return {
            name: _ordered(_of_label(self.fitted, at)[best], self.shared, name) > 0
            for at, name in enumerate(self.fitted.tasks)
        }


def fit_shared(
    matrices: Mapping[str, LabelMatrix],
    graph: TaskGraph,
    soft: Mapping[str, Floats],
    settings: Settings,
) -> tuple[Together, ...]:
    """Return the estimates of all tasks that share rows; soft: float64[n, k] of each task alone."""
    found = []
    for links in linked(graph):
        same = shared(links, graph) if set(links.tasks) <= set(matrices) else None
        if same is not None and any_votes(matrices, same).any():
            found.append(fit_together(matrices, same, soft, settings))
    return tuple(found)


def shares_rows(graph: TaskGraph) -> bool:
    """Return whether tasks of a graph share rows, so that they can only be fitted together.

    Raises:
        ModelError: as `linked`.
    """
    return any(shared(links, graph) is not None for links in linked(graph))


def known_vectors(
    params: LabelModelParams, matrices: Mapping[str, LabelMatrix], graph: TaskGraph
) -> tuple[Known, ...]:
    """Return the posteriors of tasks that share rows as they did in fitting.

    Rows without votes of any of them have the shares of the vectors.
    """
    fitted = {each.tasks: each for each in params.together}
    found = []
    for links in linked(graph) if fitted else ():
        same = shared(links, graph) if set(links.tasks) <= set(matrices) else None
        each = fitted.get(links.tasks)
        if same is None or each is None or not np.array_equal(same.labels, each.labels):
            continue
        lfs = {
            name: np.array([_number(params, name)[lf.name] for lf in matrices[name].lfs], np.int64)
            for name in links.tasks
        }
        vectors = posterior(each, matrices, same, lfs, params.settings)
        vectors[~any_votes(matrices, same)] = each.shares
        found.append(Known(each, same, vectors))
    return tuple(found)


def without(graph: TaskGraph, known: Sequence[Known]) -> TaskGraph:
    """Return the graph with those constraints only that speak of no tasks that are known together."""
    tasks = {name for each in known for name in each.fitted.tasks}
    kept = tuple(
        item
        for item in graph.constraints
        if not tasks & {t.task for c in (*item.condition, *item.consequence) for t in c}
    )
    return replace(graph, constraints=kept)


def _number(params: LabelModelParams, task: str) -> dict[str, int]:
    return {lf.name: at for at, lf in enumerate(params.tasks[task].lfs)}


def _of_label(fitted: Together, at: int) -> Floats:
    """Return which vectors have which label of a task, float64[f, k]."""
    k = fitted.emitted[at].table.shape[1]
    return (fitted.labels[:, at, None] == np.arange(k)).astype(np.float64)


def _ordered(values: Floats, shared: Shared, name: str) -> Floats:
    result = np.zeros_like(values)
    result[shared.rows[name]] = values
    return result
