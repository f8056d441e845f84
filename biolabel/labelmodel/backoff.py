"""What a dependency group is believed to emit where it was seldom seen: a tree of its members.

With five members a label has thousands of joint symbols, most of them never seen. Members that
depend on each other in pairs only, along the tree of the largest mutual information (Chow and Liu,
"Approximating discrete probability distributions with dependence trees", IEEE Trans. Inf. Theory
1968; here given the label), need a number for each pair of symbols. Joint symbols are drawn toward
that tree in proportion to how many kinds of them there are.
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np

from biolabel.labelmodel.emission import Sources
from biolabel.labelmodel.votes import Floats, Ints, Symbols

_PAIR = 2.0
"""Pseudo-votes that draw a pair of members toward independence."""

_ONE = 0.5
"""Pseudo-votes of a symbol of one member: Jeffreys' prior."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The joint symbols of one source in terms of its members; the last one is silence.

    joint: int64[j'], their numbers among those of all sources, without silence; code: int64[j' + 1,
    m'], what each member says, numbered by member; sizes: how many symbols each member has.
    """

    joint: Ints
    code: Ints
    sizes: tuple[int, ...]


def alphabet(sources: Sources, found: Symbols, source: int) -> Alphabet:
    """Return the joint symbols of a source with several members."""
    joint = np.flatnonzero(sources.source == source)
    lfs = np.flatnonzero(sources.of_lf == source)
    code = np.zeros((len(joint) + 1, len(lfs)), dtype=np.int64)
    length = np.diff(sources.start)[joint]
    symbol = np.concatenate(
        [sources.member[sources.start[j] : sources.start[j + 1]] for j in joint]
    )
    code[np.repeat(np.arange(len(joint)), length), np.searchsorted(lfs, found.lf[symbol])] = (
        symbol + 1
    )
    columns = [np.unique(column, return_inverse=True) for column in code.T]
    numbered = np.stack([inverse.ravel() for _, inverse in columns], axis=1)
    return Alphabet(joint, numbered, tuple(len(values) for values, _ in columns))


@dataclass(frozen=True, slots=True)
class Tree:
    """The back-off of a source: P(joint symbol | label), float64[j' + 1, k], silence last.

    parameters: how many numbers a label has in it.
    """

    table: Floats
    parameters: int


def tree(letters: Alphabet, mass: Floats) -> Tree:
    """Return the tree that the expected counts of joint symbols imply, float64[j' + 1, k]."""
    members, k = letters.code.shape[1], mass.shape[1]
    total = mass.sum(axis=0)
    sizes = letters.sizes
    counts = [_counts(letters.code[:, i], mass, sizes[i]) for i in range(members)]
    rates = [(count + _ONE) / (total + _ONE * len(count)) for count in counts]
    graph = nx.Graph()
    pairs: dict[tuple[int, int], Floats] = {}
    for i in range(members):
        for j in range(i):
            key = letters.code[:, i] * sizes[j] + letters.code[:, j]
            pair = _counts(key, mass, sizes[i] * sizes[j]).reshape(sizes[i], sizes[j], k)
            pairs[i, j], pairs[j, i] = pair, pair.transpose(1, 0, 2)
            alone = counts[i][:, None] * counts[j][None] / np.maximum(total, 1e-12)
            ratio = np.maximum(pair, 1e-12) / np.maximum(alone, 1e-12)
            graph.add_edge(i, j, weight=float(np.sum(pair * np.log(ratio))))
    table = rates[0][letters.code[:, 0]]
    parameters = sizes[0] - 1
    branches = nx.maximum_spanning_tree(graph)
    for parent, child in nx.bfs_edges(branches, 0):
        given = pairs[parent, child] + _PAIR * rates[child][None]
        given /= counts[parent][:, None] + _PAIR
        table = table * given[letters.code[:, parent], letters.code[:, child]]
        parameters += sizes[parent] * (sizes[child] - 1)
    return Tree(table, parameters)


def _counts(key: Ints, mass: Floats, size: int) -> Floats:
    return np.stack([np.bincount(key, column, size) for column in mass.T], axis=1)
