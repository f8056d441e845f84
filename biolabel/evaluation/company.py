"""The company of labeling functions: which vote on the same candidates, alike or in conflict.

Two votes on a candidate are the same if their labels are, and conflict if no label is in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_BITS = 63
"""Distinct votes whose presence fits into one integer."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labeling functions that vote on common candidates.

    together: the number of those candidates; same, conflicts: on how many of them both give the same
    vote, and votes in conflict; jaccard: the candidates with the same vote as a share of those on
    which either votes.
    """

    first: str
    second: str
    together: int
    same: int
    conflicts: int
    jaccard: float

    @property
    def agreement(self) -> float:
        """The share of the common candidates without conflict."""
        return 1 - self.conflicts / self.together

    def other(self, name: str) -> str:
        """Return the other one of the two."""
        return self.second if name == self.first else self.first


@dataclass(frozen=True, slots=True)
class Cluster:
    """Labeling functions that say the same: their names, and the mean Jaccard index of their pairs."""

    names: tuple[str, ...]
    jaccard: float


@dataclass(frozen=True, eq=False)
class Tree:
    """Labeling functions with votes, joined step by step by how alike they are.

    names: the m leaves in the order of the label matrix; links: float64[m - 1, 4], each step as
    `scipy.cluster.hierarchy` writes it: two nodes, their distance (1 - mean Jaccard), their leaves.
    """

    names: tuple[str, ...]
    links: NDArray[np.float64]

    def ordered(self) -> tuple[str, ...]:
        """Return the names so that those which say the same stand together."""
        from scipy.cluster.hierarchy import leaves_list

        if len(self.names) < 2:
            return self.names
        return tuple(self.names[at] for at in leaves_list(self.links).tolist())


def pairs_of(matrix: LabelMatrix) -> tuple[Pair, ...]:
    """Return all pairs that vote on common candidates, most conflicts first, then in matrix order."""
    # Analyses that were kept need no new product.
    from scipy import sparse

    m, n = len(matrix.lfs), matrix.n_candidates
    masks, kind = np.unique(matrix.mask, return_inverse=True)
    k = max(len(masks), 1)
    # A column for every (labeling function, labels): the product counts how often two stand together.
    column = matrix.lf.astype(np.int64) * k + kind
    rows = np.concatenate([[0], np.cumsum(np.bincount(matrix.candidate, minlength=n))])
    ones = np.ones(len(column), dtype=np.int32)
    cast = sparse.csr_array((ones, column, rows), shape=(n, m * k))
    found = (cast.T.tocsr() @ cast).tocoo()
    one, other = found.row // k, found.col // k
    kept = one < other
    one, other, count = one[kept], other[kept], found.data[kept]
    left, right = found.row[kept] % k, found.col[kept] % k
    keys, pair = np.unique(one.astype(np.int64) * max(m, 1) + other, return_inverse=True)

    def total(some: Bools) -> Ints:
        summed = np.bincount(pair[some], weights=count[some], minlength=len(keys))
        return summed.astype(np.int64)

    together, same = total(np.ones(len(pair), dtype=bool)), total(left == right)
    conflicts = total(masks[left] & masks[right] == 0)
    votes = np.bincount(matrix.lf, minlength=m)
    first, second = np.divmod(keys, max(m, 1))
    jaccard = same / (votes[first] + votes[second] - together)
    order = np.lexsort((keys, -conflicts))
    columns = [c[order].tolist() for c in (first, second, together, same, conflicts, jaccard)]
    names = [lf.name for lf in matrix.lfs]
    return tuple(
        Pair(names[a], names[b], *numbers) for a, b, *numbers in zip(*columns, strict=True)
    )


def in_conflict(matrix: LabelMatrix) -> Bools:
    """Return which votes conflict with another on their candidate: bool[v]."""
    masks, kind = np.unique(matrix.mask, return_inverse=True)
    first = np.flatnonzero(np.diff(matrix.candidate, prepend=-1))
    group = np.repeat(np.arange(len(first)), np.diff(first, append=len(kind)))
    found = np.zeros(len(kind), dtype=bool)
    for low in range(0, len(masks), _BITS):
        some = masks[low : low + _BITS]
        bits = np.int64(1) << np.arange(len(some), dtype=np.int64)
        own = np.zeros(len(masks), dtype=np.int64)
        own[low : low + len(some)] = bits
        present = np.bitwise_or.reduceat(own[kind], first)
        against = np.array([bits[some & mask == 0].sum() for mask in masks], dtype=np.int64)
        found |= present[group] & against[kind] != 0
    return found


def repeated(matrix: LabelMatrix) -> Bools:
    """Return which votes another labeling function gives too, with the same labels: bool[v]."""
    masks, kind = np.unique(matrix.mask, return_inverse=True)
    key = matrix.candidate.astype(np.int64) * max(len(masks), 1) + kind
    order = np.argsort(key, kind="stable")
    equal = np.diff(key[order]) == 0
    found = np.empty(len(key), dtype=bool)
    found[order] = np.append(equal, False) | np.insert(equal, 0, False)
    return found


def similarity_tree(names: Sequence[str], pairs: Sequence[Pair]) -> Tree:
    """Return the labeling functions of some names joined by average linkage of Jaccard distances.

    Source: Sokal and Michener 1958, "A statistical method for evaluating systematic relationships".
    """
    from scipy.cluster.hierarchy import linkage

    at = {name: i for i, name in enumerate(names)}
    distance = np.ones((len(names), len(names)))
    np.fill_diagonal(distance, 0)
    for pair in pairs:
        if pair.first in at and pair.second in at:
            one, other = at[pair.first], at[pair.second]
            distance[one, other] = distance[other, one] = 1 - pair.jaccard
    if len(names) < 2:
        return Tree(tuple(names), np.empty((0, 4)))
    return Tree(tuple(names), linkage(distance[np.triu_indices(len(names), 1)], "average"))


def clusters(tree: Tree, least: float) -> tuple[Cluster, ...]:
    """Return the groups of several whose mean Jaccard index is at least a number, most alike first."""
    members: dict[int, tuple[str, ...]] = {i: (name,) for i, name in enumerate(tree.names)}
    level: dict[int, float] = {}
    for step, (one, other, distance, _) in enumerate(tree.links.tolist()):
        node = len(tree.names) + step
        if 1 - distance < least:
            continue
        members[node] = members.pop(int(one)) + members.pop(int(other))
        level[node] = 1 - distance
    found = [Cluster(members[node], level[node]) for node in level if node in members]
    return tuple(sorted(found, key=lambda cluster: -cluster.jaccard))
