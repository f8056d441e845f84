"""What a dependency group is believed to emit where it was seldom seen: a tree of its members.

With five members a label has thousands of joint symbols, most of them never seen. Members that
depend on each other in pairs only, along the tree of the largest mutual information (Chow and Liu,
"Approximating discrete probability distributions with dependence trees", IEEE Trans. Inf. Theory
1968; here of all rows), need a number for each label and pair of symbols. Joint symbols are drawn toward
that tree in proportion to how many kinds of them there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import sparse

from biolabel.labelmodel.emission import Sources
from biolabel.labelmodel.pooling import Flags
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


@dataclass(frozen=True, slots=True)
class Forest:
    """The trees of all groups as two sparse matrices: EM asks for all of them in each iteration.

    Joint symbols of the groups stand one below the other, silence last in each. Cells are what they
    are counted by: the symbols of each member, then those pairs along branches that occur.

    group: int64[t], the group of each joint symbol; voiced: bool[t], whether it is not silence; joint:
    int64[t'], the numbers of voiced ones among those of all sources; kinds: int64[g], how many joint
    symbols each group has; parameters: how many numbers a label has in all trees; counts:
    float64[c + p, t], the joint symbols of each cell; of: int64[c + p], its group; among: int64[c],
    how many symbols the member of a cell has; ends: int64[2, p], the two symbols of a pair; factors:
    float64[t, c + p], how often the probability of a cell is a factor of that of a joint symbol.
    """

    group: Ints
    voiced: Flags
    joint: Ints
    kinds: Ints
    parameters: int
    counts: sparse.csr_matrix
    of: Ints
    among: Ints
    ends: Ints
    factors: sparse.csr_matrix


def forest(alphabets: Sequence[Alphabet]) -> Forest:
    """Return the trees of groups, stacked."""
    kinds = np.array([len(letters.code) for letters in alphabets], dtype=np.int64)
    start = np.cumsum(kinds) - kinds
    group = np.repeat(np.arange(len(kinds)), kinds)
    voiced = np.ones(len(group), dtype=bool)
    voiced[start + kinds - 1] = False
    singles = _Cells()
    pairs = _Cells()
    ends: list[Ints] = []
    for at, (letters, before) in enumerate(zip(alphabets, start, strict=True)):
        degree = np.bincount(
            np.ravel(letters.branches).astype(np.int64), minlength=len(letters.sizes)
        )
        first = [
            singles.add(column, at, before, size, 1.0 - degree[member])
            for member, (column, size) in enumerate(zip(letters.code.T, letters.sizes, strict=True))
        ]
        for i, j in letters.branches:
            mine, theirs = letters.code[:, i], letters.code[:, j]
            seen, code = np.unique(mine * letters.sizes[j] + theirs, return_inverse=True)
            pairs.add(code.ravel(), at, before, len(seen), 1.0)
            mine, theirs = np.divmod(seen, letters.sizes[j])
            ends.append(np.stack([first[i] + mine, first[j] + theirs]))
    size = len(group)
    counts = sparse.vstack([singles.matrix(size), pairs.matrix(size)], format="csr")
    factor = np.array(singles.factor + pairs.factor)
    return Forest(
        group, voiced,
        np.concatenate([np.zeros(0, np.int64), *(letters.joint for letters in alphabets)]),
        kinds, sum(letters.parameters for letters in alphabets), counts,
        np.array(singles.of + pairs.of, dtype=np.int64), np.array(singles.among, dtype=np.int64),
        np.concatenate([np.zeros((2, 0), np.int64), *ends], axis=1),
        sparse.csr_matrix(counts.T @ sparse.diags(factor)),
    )  # fmt: skip


def believed(trees: Forest, mass: Floats) -> Floats:
    """Return what trees make of expected counts: P(joint symbol | label), float64[t, k].

    mass: float64[t, k], of each joint symbol.
    """
    sums = np.stack([np.bincount(trees.group, c, len(trees.kinds)) for c in mass.T], axis=1)
    counted, c = np.asarray(trees.counts @ mass), len(trees.among)
    whole = sums[trees.of]
    rates = (counted[:c] + _ONE) / (whole[:c] + _ONE * trees.among[:, None])
    one, other = trees.ends
    pseudo = np.concatenate([rates, rates[one] * rates[other]])
    cells = (counted + _PAIR * pseudo) / (whole + _PAIR)
    return np.asarray(np.exp(trees.factors @ np.log(cells)))


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


class _Cells:
    """Cells as they are collected: which joint symbols each counts, and what is known of it."""

    def __init__(self) -> None:
        self.of: list[int] = []
        self.among: list[int] = []
        self.factor: list[float] = []
        self._row: list[Ints] = []
        self._column: list[Ints] = []

    def add(self, code: Ints, group: int, before: int, size: int, factor: float) -> int:
        """Add the cells of a column of codes, one a joint symbol; return the number of the first."""
        first = len(self.of)
        self._row.append(first + code)
        self._column.append(before + np.arange(len(code)))
        self.of += [group] * size
        self.among += [size] * size
        self.factor += [factor] * size
        return first

    def matrix(self, columns: int) -> sparse.csr_matrix:
        """Return 1 where a cell, by row, counts a joint symbol, by column."""
        row = np.concatenate([np.zeros(0, np.int64), *self._row])
        column = np.concatenate([np.zeros(0, np.int64), *self._column])
        shape = len(self.of), columns
        return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=shape)
