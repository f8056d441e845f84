"""Damped loopy belief propagation on a stack of networks too large for a junction tree.

Messages go from all factors to all their variables at once, and half of each is kept from the round
before (Murphy, Weiss and Jordan 1999, "Loopy belief propagation for approximate inference"). On
trees the result is exact; elsewhere the messages may be off, though what no consistent neighborhood
allows still gets the probability 0. That a network allows nothing at all is not found: messages
only ever compare values (programs.py finds it).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from biolabel.labelmodel.joint.cliques import sum_out
from biolabel.labelmodel.joint.network import Stack
from biolabel.labelmodel.votes import Floats, Ints

_NEVER = -1e4
"""Log weight of what cannot be: finite, so that messages can be taken off again, and `exp` of it is 0."""

_KEPT = 0.5
"""Share of each message that stays from one round to the next."""

_TOLERANCE, _ROUNDS = 1e-9, 1000


@dataclass(frozen=True, slots=True)
class Beliefs:
    """The log marginals of each variable of a stack, and whether they stopped moving."""

    marginals: list[Floats]
    rounds: int
    converged: bool


@dataclass(frozen=True, slots=True)
class _Kind:
    """The factors with one table. edges: int64[f, a], the numbers of their messages by axis."""

    table: Floats
    edges: Ints


def propagate(stack: Stack) -> Beliefs:
    """Return what belief propagation makes of the variables of each part, by `_TOLERANCE`."""
    b, n = stack.variables.shape
    sizes = [known.shape[1] for known in stack.evidence]
    kinds, ends = _kinds(stack)
    start = np.full((n, b, max(sizes)), _NEVER)
    for v, known in enumerate(stack.evidence):
        start[v, :, : sizes[v]] = np.maximum(known, _NEVER)
    ones = np.ones(len(ends))
    gather = csr_array((ones, (ends, np.arange(len(ends)))), shape=(n, len(ends)))
    messages = np.zeros((len(ends), b, max(sizes)))
    beliefs, change, rounds = start, np.inf, 0
    while change > _TOLERANCE and rounds < _ROUNDS:
        messages = _KEPT * messages + (1 - _KEPT) * _answers(kinds, beliefs[ends] - messages)
        following = start + (gather @ messages.reshape(len(ends), -1)).reshape(start.shape)
        following = following - following.max(axis=2, keepdims=True)
        change = float(np.abs(_shares(following) - _shares(beliefs)).max(initial=0.0))
        beliefs, rounds = following, rounds + 1
    found = np.where(beliefs > _NEVER / 2, beliefs, -np.inf)
    return Beliefs([found[v, :, : sizes[v]] for v in range(n)], rounds, change <= _TOLERANCE)


def _kinds(stack: Stack) -> tuple[list[_Kind], Ints]:
    """Return the factors by table, and the variable of each message."""
    scopes: dict[int, list[tuple[int, ...]]] = {}
    for factor in stack.factors:
        scopes.setdefault(factor.table, []).append(factor.scope)
    kinds, ends, before = [], [np.zeros(0, dtype=np.int64)], 0
    for table, found in scopes.items():
        of_axis = np.array(found, dtype=np.int64)
        edges = before + np.arange(of_axis.size).reshape(of_axis.shape)
        kinds.append(_Kind(np.maximum(stack.tables[table], _NEVER), edges))
        ends.append(of_axis.ravel())
        before += of_axis.size
    return kinds, np.concatenate(ends)


def _answers(kinds: list[_Kind], asked: Floats) -> Floats:
    """Return the messages of factors to variables, given those of variables to factors."""
    result = np.full(asked.shape, _NEVER)
    for kind in kinds:
        shape = kind.table.shape
        incoming = []
        for axis, size in enumerate(shape):
            heard = asked[kind.edges[:, axis], :, :size]
            heard = heard - heard.max(axis=2, keepdims=True)
            incoming.append(np.maximum(heard, _NEVER))
        for axis, size in enumerate(shape):
            total = kind.table[None, None]
            for other, heard in enumerate(incoming):
                if other != axis:
                    wide = [1] * len(shape)
                    wide[other] = shape[other]
                    total = total + heard.reshape(*heard.shape[:2], *wide)
            others = tuple(2 + at for at in range(len(shape)) if at != axis)
            out = sum_out(total, others)
            out = np.broadcast_to(out, (*incoming[axis].shape[:2], size))
            out = out - out.max(axis=2, keepdims=True)
            result[kind.edges[:, axis], :, :size] = np.maximum(out, _NEVER)
    return result


def _shares(beliefs: Floats) -> Floats:
    weight = np.exp(beliefs - beliefs.max(axis=2, keepdims=True))
    return np.asarray(weight / weight.sum(axis=2, keepdims=True))
