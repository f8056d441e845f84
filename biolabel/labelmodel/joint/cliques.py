"""Exact inference on a stack of networks by a junction tree, all parts at once, in log space.

Eliminating the variable with the fewest neighbors first gives the cliques and a tree of them in which
the cliques of a variable hang together (Koller and Friedman 2009, "Probabilistic Graphical Models",
sections 9.4 and 10.4). Messages along the tree, toward the root and back, make every clique's table
the joint distribution of its variables; with the maximum in place of the sum, the best one.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from networkx.algorithms.approximation import treewidth_min_degree

from biolabel.labelmodel.joint.network import Stack
from biolabel.labelmodel.votes import Floats, Ints

MAX_CELLS = 1 << 16
"""Cells of a clique's table up to which a network is small: 16 variables with two values each."""

Reduce = Callable[[Floats, tuple[int, ...]], Floats]


@dataclass(frozen=True, slots=True)
class Cliques:
    """The cliques of a junction tree, each a sorted tuple of variables, parents before children.

    parent: the number of each clique's parent, that of a root itself; cells: the largest table.
    """

    variables: tuple[tuple[int, ...], ...]
    parent: tuple[int, ...]
    cells: int


def cliques(stack: Stack) -> Cliques:
    """Return the junction tree of the parts of a stack."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(stack.evidence)))
    for factor in stack.factors:
        graph.add_edges_from(
            (one, other) for at, one in enumerate(factor.scope) for other in factor.scope[:at]
        )
    _, tree = treewidth_min_degree(graph)
    root = min(tree, key=sorted)
    order = list(nx.dfs_preorder_nodes(tree, root))
    above = {child: parent for parent, child in nx.dfs_edges(tree, root)}
    number = {clique: at for at, clique in enumerate(order)}
    return Cliques(
        tuple(tuple(sorted(clique)) for clique in order),
        tuple(number[above.get(clique, clique)] for clique in order),
        max(math.prod(stack.evidence[v].shape[1] for v in clique) for clique in order),
    )


def marginals(stack: Stack, tree: Cliques) -> list[Floats]:
    """Return the log marginals of each variable up to a constant a part, float64[b, k] each."""
    whole, messages = _collect(_tables(stack, tree), tree, sum_out)
    result = {}
    for at, (own, parent) in enumerate(zip(tree.variables, tree.parent, strict=True)):
        if at != parent:
            shared = _shared(own, tree.variables[parent])
            known = _onto(whole[parent], tree.variables[parent], shared, sum_out)
            said = messages[at] > -np.inf  # elsewhere this clique's table is empty already
            known = np.where(said, known - np.where(said, messages[at], 0.0), -np.inf)
            whole[at] = whole[at] + _spread(known, shared, own)
        for v in own:
            if v not in result:
                result[v] = _onto(whole[at], own, (v,), sum_out)
    return [result[v] for v in range(len(stack.evidence))]


def likeliest(stack: Stack, tree: Cliques) -> tuple[Ints, Floats]:
    """Return the values that are likeliest together, int64[b, v], and their log weight, float64[b].

    The weight is `-inf` where no values are possible.
    """
    tables, _ = _collect(_tables(stack, tree), tree, _most)
    b, n = stack.variables.shape
    values = np.full((b, n), -1, dtype=np.int64)
    for own, table in zip(tree.variables, tables, strict=True):
        open_table = table
        for v in own:
            if values[0, v] >= 0:  # decided by a clique above: no other value of it counts
                same = values[:, v, None] == np.arange(stack.evidence[v].shape[1])
                open_table = open_table + _spread(np.where(same, 0.0, -np.inf), (v,), own)
        best = open_table.reshape(b, -1).argmax(axis=1)
        values[:, own] = np.stack(np.unravel_index(best, table.shape[1:]), axis=1)
    return values, tables[0].reshape(b, -1).max(axis=1)


def sum_out(table: Floats, axes: tuple[int, ...]) -> Floats:
    """Return the log of the sum of a log table over some axes; `-inf` where there is nothing."""
    if not axes:
        return table
    top = table.max(axis=axes, keepdims=True)
    top = np.where(top > -np.inf, top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(table - top).sum(axis=axes)) + top.squeeze(axis=axes))


def _most(table: Floats, axes: tuple[int, ...]) -> Floats:
    return np.asarray(table.max(axis=axes)) if axes else table


def _tables(stack: Stack, tree: Cliques) -> list[Floats]:
    """Return the log table of each clique, float64[b, ...]: its variables' evidence and its factors."""
    b = len(stack.variables)
    tables = [np.zeros((b, *(stack.evidence[v].shape[1] for v in own))) for own in tree.variables]
    first: dict[int, int] = {}
    holders: dict[int, list[int]] = {}
    for at, own in enumerate(tree.variables):
        for v in own:
            first.setdefault(v, at)
            holders.setdefault(v, []).append(at)
    for v, at in first.items():
        tables[at] += _spread(stack.evidence[v], (v,), tree.variables[at])
    for factor in stack.factors:
        scope = set(factor.scope)
        rarest = min(factor.scope, key=lambda v: len(holders[v]))
        at = next(at for at in holders[rarest] if scope <= set(tree.variables[at]))
        table = stack.tables[factor.table].transpose(np.argsort(factor.scope))
        tables[at] += _spread(table[None], factor.scope, tree.variables[at])
    return tables


def _collect(
    tables: Sequence[Floats], tree: Cliques, reduce: Reduce
) -> tuple[list[Floats], list[Floats]]:
    """Return the tables with what the cliques below them say, and each clique's message to its parent."""
    whole = list(tables)
    messages = [np.zeros(())] * len(whole)
    for child, parent in reversed(list(enumerate(tree.parent))):
        if child != parent:
            own, other = tree.variables[child], tree.variables[parent]
            shared = _shared(own, other)
            messages[child] = _onto(whole[child], own, shared, reduce)
            whole[parent] = whole[parent] + _spread(messages[child], shared, other)
    return whole, messages


def _shared(own: Iterable[int], other: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(own) & set(other)))


def _onto(table: Floats, own: Sequence[int], kept: Sequence[int], reduce: Reduce) -> Floats:
    return reduce(table, tuple(at + 1 for at, v in enumerate(own) if v not in kept))


def _spread(table: Floats, own: Sequence[int], clique: Sequence[int]) -> Floats:
    """Return a table over some variables with an axis of one for each other one of a clique."""
    sizes = iter(table.shape[1:])
    return table.reshape(len(table), *(next(sizes) if v in own else 1 for v in clique))
