"""Phrases as numbered words: many of them in two arrays, cut, joined and compared without any text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Phrases:
    """Phrases of numbered words: phrase i is word[first[i] : first[i + 1]].

    first: int64[n + 1]; word: int32[words], places in a vocabulary that is kept elsewhere.
    """

    first: Longs
    word: Ints

    def __len__(self) -> int:
        """Return the number of phrases."""
        return len(self.first) - 1

    @property
    def sizes(self) -> Longs:
        """The number of words of each phrase: int64[n]."""
        return np.diff(self.first)

    @property
    def place(self) -> Longs:
        """The place of each word in its phrase: int64[words]."""
        return np.arange(len(self.word)) - np.repeat(self.first[:-1], self.sizes)

    def take(self, which: Longs | Bools) -> "Phrases":
        """Return some of the phrases."""
        return splice(self.word, self.first[:-1][which, None], self.first[1:][which, None])

    def any(self, words: Bools) -> Bools:
        """Return bool[n]: whether a phrase has one of the words, given as bool[vocabulary]."""
        found = np.append(0, np.cumsum(words[self.word]))
        return np.asarray(found[self.first[1:]] > found[self.first[:-1]])

    def joined(self, words: Sequence[str]) -> pa.StringArray:
        """Return the texts of phrases, words of the vocabulary joined by blanks."""
        texts = pa.array(words, pa.string()).take(pa.array(self.word))
        return pc.binary_join(pa.ListArray.from_arrays(self.first.astype(np.int32), texts), " ")


def splice(cells: Ints, starts: Longs, ends: Longs) -> Phrases:
    """Return phrases of stretches of cells: starts, ends, int64[n, stretches], are those of each."""
    sizes = ends - starts
    first = np.append(0, np.cumsum(sizes.sum(axis=1)))
    flat = sizes.ravel()
    start = np.repeat(starts.ravel() - (np.cumsum(flat) - flat), flat)
    return Phrases(first, cells[start + np.arange(len(start))])


def together(parts: Sequence[Phrases]) -> Phrases:
    """Return the phrases of several parts, one part after the other."""
    sizes = np.concatenate([np.zeros(0, dtype=np.int64), *(part.sizes for part in parts)])
    word = np.concatenate([np.zeros(0, dtype=np.int32), *(part.word for part in parts)])
    return Phrases(np.append(0, np.cumsum(sizes)), word)


def split(texts: pa.StringArray) -> tuple[Phrases, list[str]]:
    """Return texts as phrases, cut at each blank, and their vocabulary."""
    parts = pc.split_pattern(texts, " ")
    coded = parts.values.dictionary_encode()
    first = parts.offsets.to_numpy().astype(np.int64)
    return Phrases(first, coded.indices.to_numpy()), coded.dictionary.to_pylist()
