"""Exact joint inference where few atoms say all that constraints ask, without visiting pairs of rows.

The rows of a task are independent given the states of its atoms (feasible.py), and with
F(T) = P(no row has a label of the atoms T) = prod over rows of (1 - P(its labels of T)), the
probability of each state is a signed sum of F over sets of atoms (inclusion and exclusion). So a
document costs its rows once, then its states; a row's posterior follows from F without that row.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.errors import ModelError
from biolabel.labelmodel.joint.feasible import Component
from biolabel.labelmodel.pooling import Flags, allowed
from biolabel.labelmodel.votes import Floats


@dataclass(frozen=True, slots=True)
class AtomRows:
    """The rows of one task that take part, as its atoms see them.

    soft: float64[r, k]; document: int[r]; clear: bool[2^a, k], whether a label is in no atom of
    a set of atoms; log_clear: float64[r, 2^a], the log probability that a row is clear of the set.
    """

    soft: Floats
    document: NDArray[np.int32]
    clear: Flags
    log_clear: Floats


def atom_rows(soft: Floats, document: NDArray[np.int32], masks: tuple[int, ...]) -> AtomRows:
    """Return rows as the atoms of their task see them. masks: the atoms."""
    k = soft.shape[1]
    holds = allowed(np.array(masks, dtype=np.int64), k)
    sets = (np.arange(1 << len(masks))[:, None] >> np.arange(len(masks))) & 1
    clear = sets @ holds.astype(np.int64) == 0
    inside, outside = soft @ ~clear.T, soft @ clear.T
    log_clear = np.where(inside < 0.5, np.log1p(-np.minimum(inside, 0.5)), _log(outside))
    return AtomRows(soft, document, clear, log_clear)


def posteriors(
    component: Component, rows: Mapping[str, AtomRows], n_documents: int
) -> dict[str, Floats]:
    """Return the posterior of the rows of each task of a component, float64[r, k].

    Raises:
        ModelError: BL808 where a document's rows admit no labels that the constraints allow.
    """
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


def _by_document(own: AtomRows, n_documents: int) -> Floats:
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


def _message(others: Floats, off: NDArray[np.int64], own: AtomRows) -> Floats:
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


def _row_posteriors(own: AtomRows, log_clear: Floats, signed: Floats) -> Floats:
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
