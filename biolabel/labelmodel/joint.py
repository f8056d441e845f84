"""Joint inference over the rows and tasks of a document: exact, and without visiting its rows.

The rows of a task are independent given the states of its atoms (feasible.py), and with
F(T) = P(no row has a label of the atoms T) = prod over rows of (1 - P(its labels of T)), the
probability of each state is a signed sum of F over sets of atoms (inclusion and exclusion). So a
document costs its rows once, then its states; a row's posterior follows from F without that row.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import TaskGraph
from biolabel.errors import ModelError
from biolabel.labelmodel.feasible import Component, components
from biolabel.labelmodel.pooling import Flags, allowed
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
    kinds = {task.name: task.kind for task in graph.tasks}
    for component in components(graph):
        missing = sorted(set(component.atoms) - set(soft))
        if missing:
            raise ModelError(
                "BL804", f"a constraint needs the task `{missing[0]}`, which has no votes"
            )
        part = {
            name: np.flatnonzero(covered[name] | (kinds[name] == "document"))
            for name in component.atoms
        }
        rows = {
            name: _rows(soft[name][taken], graph.documents[name][taken], component.atoms[name])
            for name, taken in part.items()
        }
        for name, posterior in _posteriors(component, rows, graph.n_documents).items():
            result[name] = soft[name].copy()
            result[name][part[name]] = posterior
    return result


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one task that take part, as its atoms see them.

    soft: float64[r, k]; document: int[r]; clear: bool[2^a, k], whether a label is in no atom of
    a set of atoms; log_clear: float64[r, 2^a], the log probability that a row is clear of the set.
    """

    soft: Floats
    document: NDArray[np.int32]
    clear: Flags
    log_clear: Floats


def _rows(soft: Floats, document: NDArray[np.int32], masks: tuple[int, ...]) -> _Rows:
    k = soft.shape[1]
    soft = (1 - _DOUBT) * soft + _DOUBT / k
    holds = allowed(np.array(masks, dtype=np.int64), k)
    sets = (np.arange(1 << len(masks))[:, None] >> np.arange(len(masks))) & 1
    clear = sets @ holds.astype(np.int64) == 0
    inside, outside = soft @ ~clear.T, soft @ clear.T
    log_clear = np.where(inside < 0.5, np.log1p(-np.minimum(inside, 0.5)), _log(outside))
    return _Rows(soft, document, clear, log_clear)


def _posteriors(
    component: Component, rows: Mapping[str, _Rows], n_documents: int
) -> dict[str, Floats]:
    """Return the posterior of the rows of each task of a component, float64[r, k]."""
    log_clear = {name: _by_document(own, n_documents) for name, own in rows.items()}
    log_state = {name: _log_states(values) for name, values in log_clear.items()}
    off = {name: len(own.clear) - 1 - component.codes(name) for name, own in rows.items()}
    whole = component.log_weight + sum(log_state[name][:, off[name]] for name in rows)
    _possible(whole.max(axis=1, initial=-np.inf) > -np.inf, component)
    result = {}
    for name, own in rows.items():
        others = component.log_weight + sum(
            (log_state[other][:, off[other]] for other in rows if other != name),
            np.zeros((n_documents, 1)),
        )
        result[name] = _row_posteriors(own, log_clear[name], _message(others, off[name], own))
        _possible(result[name].sum(axis=1) > 0, component)
        result[name] /= result[name].sum(axis=1, keepdims=True)
    return result


def _by_document(own: _Rows, n_documents: int) -> Floats:
    """Return log F, the log probability that all rows are clear of each set, float64[d, 2^a]."""
    result = np.zeros((n_documents, len(own.clear)))
    for at, column in enumerate(own.log_clear.T):
        result[:, at] = np.bincount(own.document, weights=column, minlength=n_documents)
    return result


def _log_states(log_clear: Floats) -> Floats:
    """Return the log probability that exactly the atoms of a set are off, float64[d, 2^a].

    log_clear: float64[d, 2^a], the same for all of a set being off, whatever the others are.
    """
    exact = np.exp(log_clear)
    sets = np.arange(exact.shape[1])
    for bit in (1 << np.arange(exact.shape[1].bit_length() - 1)).tolist():
        without = sets[sets & bit == 0]
        exact[:, without] -= exact[:, without | bit]
    result = _log(np.maximum(exact, 0.0))
    result[:, -1] = log_clear[:, -1]  # all off: not rounded to 0 where rows are many
    return result


def _message(others: Floats, off: NDArray[np.int64], own: _Rows) -> Floats:
    """Return what the other tasks and the constraints make of each set of atoms that is off.

    The result, float64[d, 2^a] up to a factor a document, is already in the signed form that
    multiplies F(T): the sum over the sets O within T of (-1)^|T - O| times the weight of O.
    """
    n = len(own.clear)
    log_weight = np.full((len(others), n), -np.inf)
    for code in np.unique(off).tolist():
        log_weight[:, code] = np.logaddexp.reduce(others[:, off == code], axis=1)
    signed = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    sets = np.arange(n)
    for bit in (1 << np.arange(n.bit_length() - 1)).tolist():
        having = sets[sets & bit != 0]
        signed[:, having] -= signed[:, having ^ bit]
    return signed


def _row_posteriors(own: _Rows, log_clear: Floats, signed: Floats) -> Floats:
    """Return each row's labels weighed by its document without it, float64[r, k], not normalized.

    A label that every feasible state forbids has only zeros to sum, so it gets 0 and not nearly 0.
    """
    possible = own.log_clear > -np.inf
    rest = np.where(
        possible, log_clear[own.document] - np.where(possible, own.log_clear, 0.0), -np.inf
    )
    log_size = _log(np.abs(signed))[own.document] + rest
    largest = log_size.max(axis=1, keepdims=True, initial=-np.inf)
    size = np.exp(log_size - np.where(largest > -np.inf, largest, 0.0))
    weight = (np.sign(signed)[own.document] * size) @ own.clear
    return np.maximum(own.soft * weight, 0.0)


def _log(values: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(values)


def _possible(fine: Flags, component: Component) -> None:
    if not fine.all():
        tasks = ", ".join(f"`{name}`" for name in component.atoms)
        raise ModelError(
            "BL808",
            f"{np.sum(~fine)} documents or rows of {tasks} admit no labels that all hard "
            "constraints allow",
            hint="a constraint that demands a row needs documents with covered rows",
        )
