"""A trie over words: where any of many names stands in a text, for all rows of the text at once.

The rows that begin a name walk the trie side by side. Each step is a few operations on arrays over the
rows that are still on a path, which soon are few; only the first one touches every row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.kb.phrases import Phrases, split

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: its multiples spread over all numbers (Knuth, TAOCP 3, section 6.4)."""
_ROOM = 16
"""Bits of the filter for each edge: one of sixteen wrong steps passes it, and is looked up in vain."""


@dataclass(frozen=True, eq=False)
class Trie:
    """Numbered names as paths of words.

    words: the w distinct words, as strings; edges: int64[e], ascending, `node * w + word` for each step
    from a node; edge i leads to node i + 1, and the root is node 0. The names that end at node n are
    names[offsets[n] : offsets[n + 1]]; names: int32[names], offsets: int32[e + 2].
    """

    words: pa.Array
    edges: Longs
    offsets: Ints
    names: Ints

    @cached_property
    def _likely(self) -> tuple[Bools, np.uint64]:
        """Return a filter of steps, and how far to shift hashes for it; all edges pass, others rarely."""
        bits = max(int(len(self.edges) * _ROOM).bit_length(), 1)
        shift = np.uint64(64 - bits)
        filter_ = np.zeros(1 << bits, dtype=bool)
        filter_[_hashes(self.edges, shift)] = True
        return filter_, shift

    @cached_property
    def _first(self) -> tuple[Ints, Bools]:
        """Return the node of each word as a first one, or 0: int32[w]; and which nodes go on: bool[e + 1]."""
        node = np.zeros(len(self.words), dtype=np.int32)
        count = int(np.searchsorted(self.edges, len(self.words)))
        node[self.edges[:count]] = np.arange(1, count + 1)
        goes_on = np.zeros(len(self.edges) + 1, dtype=bool)
        goes_on[self.edges // len(self.words)] = True
        goes_on[0] = False
        return node, goes_on

    def find(
        self,
        entries: Sequence[str],
        ids: Ints,
        begins: Ints,
        meant: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> tuple[Ints, Ints, Ints]:
        """Return where names stand: first and end row, and name, each int32[h], in this order.

        entries, ids: the words of the text, and which of them each row is, int32[r]; begins: the rows
        at which sentences begin, which no name goes over; meant: words of names for which entries that
        are none may stand.
        """
        if not len(self.edges) or not len(ids):
            return (np.empty(0, dtype=np.int32),) * 3
        words = self._words(entries, meant)
        first_node, goes_on = self._first
        ends = np.diff(self.offsets) > 0
        inner = np.append((words.sizes > 0)[ids], False)
        inner[begins] = False
        row = np.flatnonzero(words.any(ends[first_node])[ids]).astype(np.int32)
        row, _, word = _spread(ids[row], words, row, row)
        node = first_node[word]
        found = [(row[ends[node]], node[ends[node]])]
        onward = words.any(goes_on[first_node])[ids] & inner[1:]
        row = np.flatnonzero(onward).astype(np.int32)
        row, _, word = _spread(ids[row], words, row, row)
        going = goes_on[first_node[word]]
        row, node = row[going], first_node[word[going]]
        while len(row):
            row, node = self._step(*_spread(ids[row + len(found)], words, row, node))
            ended = ends[node]
            found.append((row[ended], node[ended]))
            going = goes_on[node] & inner[row + len(found)]
            row, node = row[going], node[going]
        return self._named(found)

    def _words(self, entries: Sequence[str], meant: Mapping[str, Sequence[str]]) -> Phrases:
        """Return the words of the trie that each entry may be: itself, or those meant; often none."""
        other = [(n, word) for n, entry in enumerate(entries) for word in meant.get(entry, ())]
        texts = pa.array([*entries, *(word for _, word in other)], pa.string())
        known = pc.index_in(texts, value_set=self.words).fill_null(-1).to_numpy()
        owner = np.append(np.arange(len(entries)), np.array([n for n, _ in other], dtype=np.int64))
        owner, known = owner[known >= 0], known[known >= 0]
        order = np.argsort(owner, kind="stable")
        counts = np.bincount(owner, minlength=len(entries))
        first = np.append(0, np.cumsum(counts))
        return Phrases(first, known[order].astype(np.int32))

    def _step(self, row: Ints, node: Ints, word: Ints) -> tuple[Ints, Ints]:
        """Return the rows from whose nodes the trie goes on with their words, and the nodes there."""
        likely, shift = self._likely
        edge = node.astype(np.int64) * len(self.words) + word
        passed = likely[_hashes(edge, shift)]
        row, edge = row[passed], edge[passed]
        place = np.minimum(np.searchsorted(self.edges, edge), len(self.edges) - 1)
        right = self.edges[place] == edge
        return row[right], (place[right] + 1).astype(np.int32)

    def _named(self, found: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
        """Return the hits of all steps, given rows and nodes of each, with the names of the nodes."""
        none = np.empty(0, dtype=np.int32)
        sizes = np.repeat(np.arange(1, len(found) + 1, dtype=np.int32), [len(r) for r, _ in found])
        row = np.concatenate([none, *(row for row, _ in found)])
        node = np.concatenate([none, *(node for _, node in found)])
        # Steps stand one after the other, so that shorter names stay before longer ones.
        order = np.argsort(row, kind="stable")
        row, node, sizes = row[order], node[order], sizes[order]
        low, count = self.offsets[node], self.offsets[node + 1] - self.offsets[node]
        start = np.repeat(low - (np.cumsum(count) - count), count)
        name = self.names[start + np.arange(len(start))]
        return np.repeat(row, count), np.repeat(row + sizes, count), name


def _spread(entry: Ints, words: Phrases, row: Ints, node: Ints) -> tuple[Ints, Ints, Ints]:
    """Return rows and their nodes, each once for each word that an entry may be, and these words."""
    start = words.first[entry]
    if len(words.word) > np.count_nonzero(words.sizes):
        sizes = words.sizes[entry]
        which = np.repeat(np.arange(len(row)), sizes)
        start = np.repeat(start - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(which))
        row, node = row[which], node[which]
    return row, node, words.word[start]


def trie_of(names: Sequence[str], numbers: Sequence[int]) -> Trie:
    """Return a trie of names, each its words joined by blanks, and the number of each.

    The same name may be there with several numbers.
    """
    phrases, words = split(pa.array(names, pa.string()))
    edges, node = paths(phrases, len(words))
    return trie_at(pa.array(words, pa.string()), edges, node, np.array(numbers, dtype=np.int32))


def paths(phrases: Phrases, words: int) -> tuple[Longs, Longs]:
    """Return the edges of a trie of phrases over so many words, and the node at which each ends."""
    node = np.zeros(len(phrases), dtype=np.int64)
    sizes, edges = phrases.sizes, [np.empty(0, dtype=np.int64)]
    longer, before = np.arange(len(phrases)), 1
    for step in range(int(sizes.max(initial=0))):
        longer = longer[sizes[longer] > step]
        taken = node[longer] * words + phrases.word[phrases.first[longer] + step]
        fresh, inverse = np.unique(taken, return_inverse=True)
        node[longer] = before + inverse
        before += len(fresh)
        edges.append(fresh)
    return np.concatenate(edges), node


def trie_at(words: pa.Array, edges: Longs, nodes: Longs, names: Ints) -> Trie:
    """Return the trie with names at some of its nodes: nodes int64[n], names int32[n]."""
    order = np.argsort(nodes, kind="stable")
    offsets = np.searchsorted(nodes[order], np.arange(len(edges) + 2))
    return Trie(words, edges, offsets.astype(np.int32), names[order])


def _hashes(edges: Longs, shift: np.uint64) -> NDArray[np.uint64]:
    return (edges.view(np.uint64) * _SPREAD) >> shift
