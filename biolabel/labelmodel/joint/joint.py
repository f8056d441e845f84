"""Joint inference over words, pairs and documents under the constraints of the task graph.

Where constraints speak about whole documents by few atoms, all rows are summed over at once
(inclusion.py). Elsewhere they become a network of factors (ground.py): exact by a junction tree
where its cliques are small, else by damped loopy belief propagation.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from biolabel.data.labels import TaskGraph
from biolabel.errors import ModelError
from biolabel.labelmodel.joint.beliefs import propagate
from biolabel.labelmodel.joint.bindings import rows_of
from biolabel.labelmodel.joint.cliques import MAX_CELLS, cliques, likeliest, marginals
from biolabel.labelmodel.joint.feasible import Linked, component, linked
from biolabel.labelmodel.joint.ground import Ground, ground
from biolabel.labelmodel.joint.inclusion import atom_rows, posteriors
from biolabel.labelmodel.joint.network import stacks
from biolabel.labelmodel.joint.programs import best, possible
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats

_DOUBT = 1e-9
"""Share of doubt mixed into each row, so that certain votes cannot make a document impossible.

It is below the resolution of the float32 soft labels that leave the label model.
"""


def infer(
    soft: Mapping[str, Floats], covered: Mapping[str, Flags], graph: TaskGraph
) -> dict[str, Floats]:
    """Return the soft labels of each task under the constraints of the graph.

    soft: float64[n, k] by task, rows of exclusive tasks sum to 1; covered: bool[n] by task. Rows
    of entity and relation tasks take part where they are covered. A hard constraint's violations
    get the probability 0 exactly, a soft one multiplies the odds of its violation by
    (1 - strength) / strength.

    Raises:
        ModelError: BL808 where a document's rows admit no labels that the constraints allow, BL807
            and BL809 for constraints that cannot be used.
    """
    result = dict(soft)
    for links, doubtful, part in _parts(soft, covered, graph):
        states = component(links, graph)
        if states is not None:
            rows = {}
            for name, masks in states.atoms.items():
                at = np.flatnonzero(part[name])
                rows[name] = atom_rows(doubtful[name][at], graph.documents[name][at], masks)
            for name, posterior in posteriors(states, rows, graph.n_documents).items():
                result[name] = soft[name].copy()
                result[name][part[name]] = posterior
            continue
        found = _ground(links, doubtful, part, graph)
        values: dict[int, Floats] = {}
        for stack in stacks(found.network):
            tree = cliques(stack)
            exact = tree.cells <= MAX_CELLS
            logs = marginals(stack, tree) if exact else propagate(stack).marginals
            if not exact:  # messages only compare values
                _possible(possible(stack, np.stack([it.argmax(axis=1) for it in logs], 1)), links)
            for nodes, log in zip(stack.variables.T.tolist(), logs, strict=True):
                values |= zip(nodes, _shares(log, links), strict=True)
        for name in links.tasks:
            result[name] = soft[name].copy()
        for (name, row, label), node in found.nodes.items():
            if label < 0:
                result[name][row] = values[node]
            else:
                result[name][row, label] = values[node][1]
    return result


def decode(
    soft: Mapping[str, Floats], covered: Mapping[str, Flags], graph: TaskGraph
) -> dict[str, Flags]:
    """Return which labels each row has, bool[n, k] by task, in the likeliest labeling of all rows.

    It is the likeliest of those that break no hard constraint, which the likeliest labels of single
    rows may do together. Rows that no constraint speaks about have their own likeliest label, or
    those with at least one half.

    Raises:
        ModelError: as `infer`.
    """
    result = {}
    for task in graph.tasks:
        if task.name in soft:
            own = soft[task.name]
            highest = own.argmax(axis=1)[:, None] == np.arange(own.shape[1])
            result[task.name] = highest if task.exclusive else own >= 0.5
    for links, doubtful, part in _parts(soft, covered, graph):
        found = _ground(links, doubtful, part, graph)
        values: dict[int, int] = {}
        for stack in stacks(found.network):
            tree = cliques(stack)
            exact = tree.cells <= MAX_CELLS
            labels, weight = likeliest(stack, tree) if exact else best(stack)
            _possible(weight > -np.inf, links)
            values |= zip(stack.variables.ravel().tolist(), labels.ravel().tolist(), strict=True)
        for (name, row, label), node in found.nodes.items():
            if label < 0:
                result[name][row] = np.arange(result[name].shape[1]) == values[node]
            else:
                result[name][row, label] = values[node] == 1
    return result


def _parts(
    soft: Mapping[str, Floats], covered: Mapping[str, Flags], graph: TaskGraph
) -> Iterator[tuple[Linked, dict[str, Floats], dict[str, Flags]]]:
    """Yield linked tasks with their rows' probabilities, a little doubtful, and which take part."""
    tasks = {task.name: task for task in graph.tasks}
    for links in linked(graph):
        missing = sorted(set(links.tasks) - set(soft))
        if missing:
            raise ModelError(
                "BL804", f"a constraint needs the task `{missing[0]}`, which has no votes"
            )
        part = {name: covered[name] | (tasks[name].kind == "document") for name in links.tasks}
        doubtful = {
            name: (1 - _DOUBT) * soft[name]
            + _DOUBT / (soft[name].shape[1] if tasks[name].exclusive else 2)
            for name in links.tasks
        }
        yield links, doubtful, part


def _ground(
    links: Linked, soft: Mapping[str, Floats], part: Mapping[str, Flags], graph: TaskGraph
) -> Ground:
    tasks = {task.name: task for task in graph.tasks}
    rows = {name: rows_of(tasks[name], soft[name], part[name], graph) for name in links.tasks}
    return ground(links.constraints, rows, graph.n_documents)


def _shares(log: Floats, links: Linked) -> Floats:
    """Return probabilities, float64[b, k], of their logs up to a constant a row."""
    top = log.max(axis=1, keepdims=True)
    _possible(top[:, 0] > -np.inf, links)
    weight = np.exp(log - top)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _possible(fine: Flags, links: Linked) -> None:
    if not fine.all():
        tasks = ", ".join(f"`{name}`" for name in links.tasks)
        raise ModelError(
            "BL808",
            f"{np.sum(~fine)} documents or rows of {tasks} admit no labels that all hard "
            "constraints allow",
            hint="a constraint that demands a row needs documents with covered rows",
        )
