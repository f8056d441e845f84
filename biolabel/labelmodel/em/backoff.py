"""What a dependency group is believed to emit where it was seldom seen: a tree of its members.

With five members a label has thousands of joint symbols, most of them never seen. Members that
depend on each other in pairs only, along the tree of the largest mutual information (Chow and Liu,
"Approximating discrete probability distributions with dependence trees", IEEE Trans. Inf. Theory
1968; here of all rows), need a number for each label and pair of symbols. Joint symbols are drawn toward
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
    m'], what each member says, numbered by member; sizes: how many symbols each member has;
    branches: the edges of the tree.
    """

    joint: Ints
    code: Ints
    sizes: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]

    @property
    def parameters(self) -> int:
        """How many numbers a label has in the tree."""
        pairs = ((self.sizes[i] - 1) * (self.sizes[j] - 1) for i, j in self.branches)
        return sum(self.sizes) - len(self.sizes) + sum(pairs)


def alphabet(sources: Sources, found: Symbols, source: int, votes: Floats, rows: float) -> Alphabet:
    """Return the joint symbols of a source with several members.

    votes: float64[j], how often each joint symbol was seen, among so many rows.
    """
    joint = np.flatnonzero(sources.source == source)
    lfs = np.flatnonzero(sources.of_lf == source)
    code = np.zeros((len(joint) + 1, len(lfs)), dtype=np.int64)
    for at, j in enumerate(joint):
        symbol = sources.member[sources.start[j] : sources.start[j + 1]]
        code[at, np.searchsorted(lfs, found.lf[symbol])] = symbol + 1
    columns = [np.unique(column, return_inverse=True) for column in code.T]
    numbered = np.stack([inverse.ravel() for _, inverse in columns], axis=1)
    sizes = tuple(len(values) for values, _ in columns)
    count = np.append(votes[joint], max(rows - votes[joint].sum(), 0.0))
    return Alphabet(joint, numbered, sizes, _branches(numbered, sizes, count))


def tree(letters: Alphabet, mass: Floats) -> Floats:
    """Return what the tree makes of expected counts: P(joint symbol | label), float64[j' + 1, k].

    mass: float64[j' + 1, k], of each joint symbol, silence last.
    """
    rates = [
        _rates(_counts(column, mass, size))
        for column, size in zip(letters.code.T, letters.sizes, strict=True)
    ]
    total = mass.sum(axis=0) + _PAIR
    one = [
        (_counts(column, mass, len(rate)) + _PAIR * rate) / total
        for column, rate in zip(letters.code.T, rates, strict=True)
    ]
    table = np.ones_like(mass)
    for member, column in enumerate(letters.code.T):
        degree = sum(member in branch for branch in letters.branches)
        table = table * one[member][column] ** (1 - degree)
    for i, j in letters.branches:
        mine, theirs = letters.code[:, i], letters.code[:, j]
        shape = letters.sizes[i], letters.sizes[j], mass.shape[1]
        pair = _counts(mine * shape[1] + theirs, mass, shape[0] * shape[1]).reshape(shape)
        pair = (pair + _PAIR * rates[i][:, None] * rates[j][None]) / total
        table = table * pair[mine, theirs]
    return table


def _branches(code: Ints, sizes: tuple[int, ...], count: Floats) -> tuple[tuple[int, int], ...]:
    """Return the edges of the spanning tree with the largest mutual information."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sizes)))
    for i in range(len(sizes)):
        for j in range(i):
            key = code[:, i] * sizes[j] + code[:, j]
            pair = np.bincount(key, count, sizes[i] * sizes[j]).reshape(sizes[i], sizes[j])
            alone = pair.sum(axis=1, keepdims=True) * pair.sum(axis=0) / max(pair.sum(), 1e-12)
            ratio = np.maximum(pair, 1e-12) / np.maximum(alone, 1e-12)
            graph.add_edge(i, j, weight=float(np.sum(pair * np.log(ratio))))
    return tuple(nx.maximum_spanning_tree(graph).edges)


def _counts(key: Ints, mass: Floats, size: int) -> Floats:
    return np.stack([np.bincount(key, column, size) for column in mass.T], axis=1)


def _rates(counts: Floats) -> Floats:
    return np.asarray((counts + _ONE) / (counts.sum(axis=0) + _ONE * len(counts)))
