"""Dependency trees as columns: heads of spans, steps along edges, shortest paths.

A walk is a set of places, pairs of an owner (a row of a frame) and a row of the corpus, kept as the
keys owner * rows + row, int64, sorted and without repeats.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.data.corpus import Corpus

Ints = NDArray[np.int32]
Keys = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Paths:
    """Shortest paths between two rows of each of n owners.

    length: float64[n], the edges, NaN without a path; owner and row: int32[p], the rows on the
    paths, both ends included, sorted by owner and then by place; place: int32[p], the edges from
    the first row.
    """

    length: NDArray[np.float64]
    owner: Ints
    row: Ints
    place: Ints

    @property
    def between(self) -> Bools:
        """Which rows stand between the ends of their path: bool[p]."""
        return (self.place > 0) & (self.place < self.length[self.owner])


@dataclass(frozen=True, eq=False)
class Trees:
    """The dependency trees of a corpus."""

    corpus: Corpus

    @cached_property
    def _children(self) -> tuple[Ints, Ints]:
        """Return where the children of each row begin, int32[rows + 1], and the children."""
        head = self.corpus.row_head
        order = np.argsort(head, kind="stable").astype(np.int32)
        starts = np.searchsorted(head[order], np.arange(len(head) + 1)).astype(np.int32)
        return starts, order

    @cached_property
    def _depth(self) -> Ints:
        """Return how many rows stand above each row: int32[rows]."""
        head = self.corpus.row_head
        depth = np.zeros(len(head), dtype=np.int32)
        row, above = np.arange(len(head)), head
        while (held := above >= 0).any():
            row, above = row[held], above[held]
            depth[row] += 1
            above = head[above]
        return depth

    def parsed(self, row: Rows) -> Bools:
        """Return whether each row stands in a tree."""
        return self.corpus.row_dep[row] >= 0

    def heads(self, first: Rows, end: Rows) -> Ints:
        """Return the head of each span of rows: int32[n].

        It is the word whose own head lies outside the span; of several the last, and a hard sign
        only where the span has no such word.
        """
        which, row = expand_ranges(first, end)
        above = self.corpus.row_head[row]
        outside = (above < first[which]) | (above >= end[which])
        found = np.full(len(first), -1, dtype=np.int32)
        for words in (False, True):
            held = outside & self.corpus.row_is_word[row] if words else outside
            found[which[held]] = row[held]
        return found

    def keys(self, owner: Rows, row: Rows) -> Keys:
        """Return places as keys, sorted and without repeats."""
        return np.unique(owner.astype(np.int64) * len(self.corpus.row_head) + row)

    def places(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return the owners and rows of keys."""
        owner, row = np.divmod(keys, len(self.corpus.row_head))
        return owner.astype(np.int32), row.astype(np.int32)

    def up(self, keys: Keys, labels: Collection[str] | None) -> Keys:
        """Follow the edge to the row above; labels: those that the edge may have, None for any."""
        owner, row = self.places(keys)
        above = self.corpus.row_head[row]
        held = (above >= 0) & self._labeled(labels)[row]
        return self.keys(owner[held], above[held])

    def down(self, keys: Keys, labels: Collection[str] | None) -> Keys:
        """Follow the edges to the rows below."""
        owner, row = self.places(keys)
        starts, children = self._children
        which, at = expand_ranges(starts[row], starts[row + 1])
        below = children[at]
        held = self._labeled(labels)[below]
        return self.keys(owner[which[held]], below[held])

    def _labeled(self, labels: Collection[str] | None) -> Bools:
        """Return which rows hang on an edge with one of the labels, in any case: bool[rows]."""
        if labels is None:
            return self.corpus.row_dep >= 0
        wanted = {label.lower() for label in labels}
        passes = [dep.lower() in wanted for dep in self.corpus.deps]
        return np.array([*passes, False], dtype=bool)[self.corpus.row_dep]

    def shortest(self, a: Ints, b: Ints) -> Paths:
        """Return the paths from the rows a to the rows b, each int32[n]."""
        head, depth = self.corpus.row_head, self._depth
        owner = np.arange(len(a), dtype=np.int32)
        left, right = a.copy(), b.copy()
        steps = np.zeros((2, len(a)), dtype=np.int32)
        trails = [
            (owner, left.copy(), 0, steps[0].copy()),
            (owner, right.copy(), 1, steps[1].copy()),
        ]
        going = owner
        while len(going := going[(left[going] != right[going]) & self._linked(left, right, going)]):
            deeper = depth[left[going]] - depth[right[going]]
            for side, at, held in ((0, left, deeper >= 0), (1, right, deeper <= 0)):
                moved = going[held]
                at[moved] = head[at[moved]]
                steps[side, moved] += 1
                there = moved[at[moved] >= 0]
                trails.append((there, at[there].copy(), side, steps[side, there].copy()))
        met = (left == right) & (left >= 0)
        length = np.where(met, steps.sum(axis=0), np.nan)
        owners = np.concatenate([trail[0] for trail in trails])
        rows = np.concatenate([trail[1] for trail in trails])
        place = np.concatenate([
            step if side == 0 else steps.sum(axis=0)[own] - step for own, _, side, step in trails
        ])  # fmt: skip
        held = met[owners]
        table = np.unique(np.stack([owners[held], place[held], rows[held]]), axis=1)
        return Paths(length, *(table[i].astype(np.int32) for i in (0, 2, 1)))

    def _linked(self, left: Ints, right: Ints, going: Ints) -> Bools:
        return (left[going] >= 0) & (right[going] >= 0)
