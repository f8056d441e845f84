"""Discrete variables and the factors between them, in parts of equal shape.

A network is what the constraints make of some documents: variables with what is known of each alone,
and factors that weigh the values of several variables together. Parts that no factor joins are
independent of each other, and parts of equal shape (the same sizes, factors and tables) are worked
on together, as one stack.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Factor:
    """A weight for the values of some distinct variables: log tables with one axis a variable."""

    scope: tuple[int, ...]
    table: int


@dataclass(frozen=True, slots=True)
class Network:
    """Variables, their log evidence (float64[k] each, `-inf` where a value cannot be), and factors.

    tables: the distinct log tables of the factors, `-inf` where a hard constraint forbids.
    """

    evidence: Sequence[Floats]
    factors: Sequence[Factor]
    tables: Sequence[Floats]


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts of a network with equal shapes.

    variables: int64[b, v], the variables of each part; evidence: for each of the v, float64[b, k];
    factors: those of every part, over the numbers 0 to v - 1.
    """

    variables: Ints
    evidence: tuple[Floats, ...]
    factors: tuple[Factor, ...]
    tables: Sequence[Floats]


_PARTS = 256
"""Parts in a stack: enough that the work on each counts for nothing, few enough for its memory."""


def stacks(network: Network) -> Iterator[Stack]:
    """Yield the parts of a network that factors join, those of equal shape together."""
    if not network.factors:
        return
    n = len(network.evidence)
    ends = [(f.scope[0], other) for f in network.factors for other in f.scope]
    first, second = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    links = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    _, part = connected_components(links, directed=False)
    members: dict[int, list[int]] = {}
    for variable in np.unique(np.r_[first, second]).tolist():
        members.setdefault(int(part[variable]), []).append(variable)
    local = {v: at for variables in members.values() for at, v in enumerate(variables)}
    own: dict[int, list[Factor]] = {}
    for factor in network.factors:
        moved = Factor(tuple(local[v] for v in factor.scope), factor.table)
        own.setdefault(int(part[factor.scope[0]]), []).append(moved)
    shapes: dict[tuple[object, ...], list[int]] = {}
    for number, variables in members.items():
        sizes = tuple(len(network.evidence[v]) for v in variables)
        shapes.setdefault((sizes, *own[number]), []).append(number)
    for parts in shapes.values():
        for first_part in range(0, len(parts), _PARTS):
            some = parts[first_part : first_part + _PARTS]
            together = np.array([members[number] for number in some], dtype=np.int64)
            evidence = tuple(
                np.stack([network.evidence[v] for v in column]) for column in together.T.tolist()
            )
            yield Stack(together, evidence, tuple(own[some[0]]), network.tables)
