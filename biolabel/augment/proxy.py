"""A small stand-in for the end model: logistic heads over hashed words, trained in seconds.

It sees of words their form, ending, shape and neighbors, of pairs their names, the words around and
between their closest mentions, and of documents their words. That is enough to learn names by heart, as
end models do, and so to tell which transformations help against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from biolabel.data.documents import Mention
from biolabel.data.training import LabeledDocument

WIDTH = 1 << 15
"""Hashed features; collisions cost less than they save (Weinberger et al., "Feature Hashing for Large
Scale Multitask Learning", ICML 2009)."""
_BETWEEN, _AROUND = 15, 3
"""Words that are looked at between two mentions, and before and behind them."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_Part = tuple[list[Ints], NDArray[np.float32], NDArray[np.float32], int]
"""Features, labels and weights of the rows of one document, and its place."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one task.

    features: float64[n, WIDTH], sparse; labels: float64[n, k]; weight: float64[n]; document: int64[n],
    the place of each row's document.
    """

    features: sp.csr_array
    labels: Floats
    weight: Floats
    document: Ints

    def of(self, kept: NDArray[np.bool_] | Ints) -> "Rows":
        """Return some of the rows, by number or as bool[n]."""
        return Rows(self.features[kept], self.labels[kept], self.weight[kept], self.document[kept])

    def loss(self, heads: Floats) -> float:
        """Return the mean cross-entropy of logistic heads float64[WIDTH, k], in nats a unit of weight."""
        logits = np.asarray(self.features @ heads)
        each = np.logaddexp(0, logits) - self.labels * logits
        return float(self.weight @ each.sum(axis=1) / self._mass)

    def gradient(self, heads: Floats) -> Floats:
        """Return the gradient of the loss, float64[WIDTH, k]."""
        logits = np.asarray(self.features @ heads)
        off = (1 / (1 + np.exp(-logits)) - self.labels) * (self.weight / self._mass)[:, None]
        return np.asarray(self.features.T @ off)

    @property
    def _mass(self) -> float:
        return max(float(self.weight.sum()), 1e-9)


def rows_of_tasks(documents: Sequence[LabeledDocument]) -> dict[str, Rows]:
    """Return the rows of all tasks of some documents, those without weight left out."""
    codes: dict[str, tuple[int, int, int]] = {}
    found: dict[str, list[_Part]] = {}
    for place, document in enumerate(documents):
        words = _codes(document, codes)
        for task, labels in document.entities.items():
            kept = np.flatnonzero(labels.weight)
            columns = list(_word_features(words)[kept])
            found.setdefault(task, []).append(
                (columns, labels.probabilities[kept], labels.weight[kept], place)
            )
        spans = _spans(document)
        for task, pairs in document.relations.items():
            kept = np.flatnonzero(pairs.weight)
            columns = [_pair_features(words[:, 0], spans, *pairs.pairs[i]) for i in kept.tolist()]
            found.setdefault(task, []).append(
                (columns, pairs.probabilities[kept], pairs.weight[kept], place)
            )
        for task, topic in document.topics.items():
            if topic.weight:
                columns = [_in_role(np.unique(words[:, 0]), 17)]
                weight = np.array([topic.weight], dtype=np.float32)
                part = columns, topic.probabilities[None], weight, place
                found.setdefault(task, []).append(part)
    return {task: _joined(parts) for task, parts in found.items()}


def _codes(document: LabeledDocument, known: dict[str, tuple[int, int, int]]) -> Ints:
    """Return three numbers a word, int64[w, 3]: of its lower-cased form, its ending and its shape."""
    text = document.text
    rows = []
    for start, end in document.words.tolist():
        form = text[start:end]
        if form not in known:
            low = form.lower()
            case = f"{form.islower():d}{form.isupper():d}{form.isalpha():d}{min(len(form), 4)}"
            parts = (f"w {low}", f"s {low[-3:]}", f"c {case}")
            known[form] = (crc32(parts[0].encode()), crc32(parts[1].encode()), crc32(case.encode()))
        rows.append(known[form])
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _in_role(codes: Ints, role: int) -> Ints:
    """Return features of words in a role: the same word is another feature in another one."""
    mixed = (codes * 0x9E3779B1 + role * 0x85EBCA77) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 15)) % WIDTH


def _word_features(words: Ints) -> Ints:
    """Return int64[w, 6]: form, ending and shape of each word, and the forms of its neighbors."""
    before, behind = np.roll(words[:, 0], 1), np.roll(words[:, 0], -1)
    own = [_in_role(words[:, i], i) for i in range(3)]
    ends = _in_role(np.roll(words[:, 1], -1), 5)
    return np.stack([*own, _in_role(before, 3), _in_role(behind, 4), ends], axis=1)


def _spans(document: LabeledDocument) -> dict[str, list[tuple[int, int]]]:
    """Return the rows of the mentions that each name means: first and end."""
    starts, ends = document.words[:, 0], document.words[:, 1]
    found: dict[str, list[tuple[int, int]]] = {}
    for mention in document.mentions:
        span = _rows_of(mention, starts, ends)
        for name in mention.names:
            found.setdefault(name, []).append(span)
    return found


def _rows_of(
    mention: Mention, starts: NDArray[np.int32], ends: NDArray[np.int32]
) -> tuple[int, int]:
    first = int(np.searchsorted(ends, mention.start, side="right"))
    return first, max(int(np.searchsorted(starts, mention.end, side="left")), first + 1)


def _pair_features(
    words: Ints, spans: Mapping[str, Sequence[tuple[int, int]]], subject: str, object_: str
) -> Ints:
    """Return the features of a pair, by its closest mentions and by how often it is mentioned."""
    both = [(s, o) for s in spans[subject] for o in spans[object_]]
    one, other = min(both, key=lambda pair: (_gap(*pair), pair))
    low, high = sorted([one, other])
    first, last = low[1], high[0]
    gap = max(last - first, 0)
    facts = np.array(
        [int(one < other), min(gap.bit_length(), 8) + 2, min(len(both), 5) + 20, 40], dtype=np.int64
    )
    return np.unique(
        np.concatenate(
            [
                _in_role(words[slice(*one)], 10),
                _in_role(words[slice(*other)], 11),
                _in_role(words[first : min(last, first + _BETWEEN)], 12 + int(one < other)),
                _in_role(words[max(low[0] - _AROUND, 0) : low[0]], 14),
                _in_role(words[high[1] : high[1] + _AROUND], 15),
                _in_role(facts, 16),
            ]
        )
    )


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    low, high = sorted([one, other])
    return max(high[0] - low[1], 0)


def _joined(parts: Sequence[_Part]) -> Rows:
    """Return the rows of all documents; the features of a row together have length 1."""
    columns = [row for rows, _, _, _ in parts for row in rows]
    sizes = np.array([len(row) for row in columns], dtype=np.int64)
    counts = [len(weight) for _, _, weight, _ in parts]
    flat = np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    first = np.concatenate([[0], np.cumsum(sizes)])
    return Rows(
        sp.csr_array((values, flat, first), shape=(len(columns), WIDTH)),
        np.concatenate([labels for _, labels, _, _ in parts]).astype(np.float64),
        np.concatenate([weight for _, _, weight, _ in parts]).astype(np.float64),
        np.repeat([place for *_, place in parts], counts).astype(np.int64),
    )
