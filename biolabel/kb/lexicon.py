"""The names of several ontologies in one automaton, so that a text is walked once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from biolabel.kb.phrases import Ints, Longs
from biolabel.kb.terms import Terms
from biolabel.kb.trie import Trie, trie_at


@dataclass(frozen=True, eq=False, slots=True)
class Lexicon:
    """Tries of the names of o ontologies: those of ontology i are starts[i] : starts[i + 1].

    starts: int64[o + 1]; folded, spelled: as those of `Terms`.
    """

    starts: Longs
    folded: Trie
    spelled: Trie

    def shares(self, first: Ints, end: Ints, name: Ints) -> list[tuple[Ints, Ints, Ints]]:
        """Return the hits of each ontology, in the order given, with its own numbers of names."""
        owner = np.searchsorted(self.starts, name, side="right") - 1
        order = np.argsort(owner, kind="stable")
        parts = np.split(order, np.searchsorted(owner[order], np.arange(1, len(self.starts) - 1)))
        return [
            (first[part], end[part], (name[part] - start).astype(np.int32))
            for part, start in zip(parts, self.starts, strict=False)
        ]


def lexicon_of(terms: Sequence[Terms]) -> Lexicon:
    """Return the names of ontologies, one or more, together."""
    starts = np.append(0, np.cumsum([len(each.keys) for each in terms])).astype(np.int64)
    return Lexicon(
        starts,
        joined([each.folded for each in terms], starts),
        joined([each.spelled for each in terms], starts),
    )


def joined(tries: Sequence[Trie], starts: Longs) -> Trie:
    """Return one trie with the names of several: name n of trie i becomes starts[i] + n.

    The nodes of all tries that are so many steps deep are joined at once, those before them first.
    """
    words = pc.unique(pa.chunked_array([trie.words for trie in tries]))
    parts = [_Part.of(trie, words) for trie in tries]
    edges, before = [np.empty(0, dtype=np.int64)], 1
    while sum(part.advance() for part in parts):
        taken = [part.steps(len(words)) for part in parts]
        fresh, inverse = np.unique(np.concatenate(taken), return_inverse=True)
        borders = np.cumsum([len(each) for each in taken])[:-1]
        for part, nodes in zip(parts, np.split(before + inverse, borders), strict=True):
            part.joined[part.low : part.high] = nodes
        edges.append(fresh)
        before += len(fresh)
    nodes = [np.repeat(p.joined, np.diff(t.offsets)) for p, t in zip(parts, tries, strict=True)]
    names = [trie.names + start for trie, start in zip(tries, starts, strict=False)]
    numbers = np.concatenate(names).astype(np.int32)
    return trie_at(words, np.concatenate(edges), np.concatenate(nodes), numbers)


@dataclass(eq=False, slots=True)
class _Part:
    """A trie while it is joined to others, from the root on.

    parent, word: of the edge to each node but the root, int64[e], words as the joined trie numbers them;
    joined: its node for each of ours; low, high: the nodes that are joined now, all equally deep.
    """

    parent: Longs
    word: Longs
    joined: Longs
    low: int = 0
    high: int = 1

    @classmethod
    def of(cls, trie: Trie, words: pa.Array) -> "_Part":
        number = pc.index_in(trie.words, value_set=words).to_numpy()
        parent, word = np.divmod(trie.edges, max(len(number), 1))
        joined = np.zeros(len(trie.edges) + 1, dtype=np.int64)
        return cls(parent, number.astype(np.int64)[word], joined)

    def advance(self) -> int:
        """Go one step deeper, and return how many nodes are there."""
        low, high = np.searchsorted(self.parent, [self.low, self.high])
        self.low, self.high = int(low) + 1, int(high) + 1
        return self.high - self.low

    def steps(self, words: int) -> Longs:
        """Return the edges of the joined trie that lead to the nodes of now."""
        edges = slice(self.low - 1, self.high - 1)
        return self.joined[self.parent[edges]] * words + self.word[edges]
