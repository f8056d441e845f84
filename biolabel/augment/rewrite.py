"""Replacing spans of a soft-labeled document: every offset and every label stays exact."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from biolabel.augment.version import Version
from biolabel.data.documents import Mention, Passage
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, WordLabels

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
_SAME: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """New text for a span of a document: code points of the old text, half-open; "" deletes it."""

    start: int
    end: int
    text: str


class Fitting:
    """What tells whether new texts fit into a document, made once for all its spans."""

    def __init__(self, version: Version) -> None:
        """Take the borders of rows and sentences of a version."""
        self._text = version.document.text
        self._starts: list[int] = version.document.words[:, 0].tolist()
        self._ends: list[int] = version.document.words[:, 1].tolist()
        self._sentences: list[int] = version.sentences.tolist()

    def fits(self, replacement: Replacement) -> bool:
        """Tell whether rows and sentences around a replaced span would stay as they are.

        They would not if the span cut a word or ran into another sentence, or if the new text grew
        together with its neighbors: a letter or digit beside another, or a number across a decimal
        sign. Nothing is put where no row was.
        """
        start, end, new = replacement.start, replacement.end, replacement.text
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if first == last or self._ends[last - 1] > end or (first and self._ends[first - 1] > start):
            return False
        # What is deleted must not end where a sentence starts either: a blank would be missing there.
        last_start = end if new else end + 1
        if bisect_left(self._sentences, start + 1) < bisect_left(self._sentences, last_start):
            return False
        before, after = self._text[max(start - 1, 0) : start], self._text[end : end + 1]
        if not new:
            return not (before and after and _grows(before, after) and _grows(after, before))
        return bool(len(rows(new))) and not _grows(before, new[0]) and not _grows(after, new[-1])


@lru_cache(maxsize=1 << 16)
def rows(text: str) -> Ints:
    """Return the rows of a new text, int32[n, 2]; names come again and again."""
    found, _ = rows_of(text)
    found.flags.writeable = False
    return found


def rewrite(
    version: Version,
    replacements: Sequence[Replacement],
    renamed: Mapping[str, str] = _SAME,
) -> Version:
    """Return the version with new text for spans that fit, overlap no other and cut no mention.

    In every entity task the rows of a new text get the mean probabilities of the rows that they
    replace, weighted by those rows' weights, and their mean weight. Pairs of mentions follow their
    mentions. renamed: concepts that are others now, in mentions and pairs. Abbreviations of which a
    form is cut are forgotten. All else is kept.
    """
    if not replacements:
        return version
    ordered, document = sorted(replacements), version.document
    moved = _Moves(ordered)
    words = moved(document.words)
    starts: list[int] = document.words[:, 0].tolist()
    pieces: list[Ints] = []
    origin: list[int] = []
    replaced: list[tuple[int, int]] = []
    at = 0
    for item, place in zip(ordered, moved.places, strict=True):
        first, end = bisect_left(starts, item.start, at), bisect_left(starts, item.end, at)
        new = rows(item.text) if item.text else words[:0]
        pieces += [words[at:first], new + np.int32(place)]
        origin += [*range(at, first), *[len(words) + len(replaced)] * len(new)]
        replaced.append((first, end))
        at = end
    pieces.append(words[at:])
    origin += range(at, len(words))
    mentions = _moved_mentions(document.mentions, moved, renamed)
    picked = np.array(origin, dtype=np.int64)
    text = _text(document.text, ordered)
    return replace(
        version,
        document=replace(
            document,
            text=text,
            words=np.concatenate(pieces),
            mentions=mentions,
            entities={
                task: _relabeled(labels, replaced, picked)
                for task, labels in document.entities.items()
            },
            relations=_renamed(document, mentions, renamed),
        ),
        passages=_moved_passages(version.passages, moved, text),
        sentences=moved(version.sentences),
        abbreviations=_moved_entries(version.abbreviations, moved),
        origin=np.append(version.origin, np.full(len(replaced), -1, np.int32))[picked],
    )


class _Moves:
    """Where positions outside the replaced spans, or at their edges, lie in the new text."""

    def __init__(self, ordered: Sequence[Replacement]) -> None:
        growth = [len(item.text) - (item.end - item.start) for item in ordered]
        self.starts = np.array([item.start for item in ordered], dtype=np.int32)
        self.ends = np.array([item.end for item in ordered], dtype=np.int32)
        self.shift = np.concatenate([[0], np.cumsum(growth)]).astype(np.int32)
        self.places: list[int] = (self.starts + self.shift[:-1]).tolist()

    def __call__(self, positions: Ints) -> Ints:
        shift: Ints = self.shift[np.searchsorted(self.ends, positions, side="right")]
        return positions + shift

    def cut(self, positions: Ints) -> Bools:
        """Return which positions lie inside a replaced span, not at its edges."""
        which = np.searchsorted(self.ends, positions, side="right")
        starts = np.append(self.starts, np.iinfo(np.int32).max)
        return np.asarray(starts[which] < positions)


def _moved_mentions(
    mentions: Sequence[Mention], moved: _Moves, renamed: Mapping[str, str]
) -> tuple[Mention, ...]:
    spans = np.array([(m.start, m.end) for m in mentions], dtype=np.int32).reshape(-1, 2)
    return tuple(
        Mention(
            start,
            end,
            mention.type,
            tuple(renamed.get(c, c) for c in mention.concepts) if renamed else mention.concepts,
            mention.source,
            mention.probability,
            _moved_parts(mention, moved) if mention.parts else (),
        )
        for mention, (start, end) in zip(mentions, moved(spans).tolist(), strict=True)
    )


def _moved_parts(mention: Mention, moved: _Moves) -> tuple[tuple[int, int], ...]:
    """Return the parts of a discontinuous mention; one whose text was replaced is in one part."""
    places = np.array(mention.parts, dtype=np.int32)
    if moved.cut(places).any():
        return ()
    return tuple((start, end) for start, end in moved(places).tolist())


def _moved_passages(passages: Sequence[Passage], moved: _Moves, text: str) -> tuple[Passage, ...]:
    spans = np.array([(p.offset, p.offset + len(p.text)) for p in passages], dtype=np.int32)
    return tuple(
        Passage(passage.kind, start, text[start:end], passage.heading)
        for passage, (start, end) in zip(passages, moved(spans).tolist(), strict=True)
    )


def _moved_entries(entries: Ints, moved: _Moves) -> Ints:
    whole = ~moved.cut(entries).any(axis=1)
    return moved(entries if whole.all() else entries[whole])


def _renamed(
    document: LabeledDocument, mentions: Sequence[Mention], renamed: Mapping[str, str]
) -> Mapping[str, PairLabels]:
    """Return the relations, with the new names of concepts and of mentions that are arguments."""
    new = dict(renamed)
    if any(pair[0][:1] == "@" for labels in document.relations.values() for pair in labels.pairs):
        both = zip(document.mentions, mentions, strict=True)
        new |= {before.names[-1]: after.names[-1] for before, after in both}
    if not new:
        return document.relations
    return {
        task: replace(labels, pairs=tuple((new.get(a, a), new.get(b, b)) for a, b in labels.pairs))
        for task, labels in document.relations.items()
    }


def _text(text: str, ordered: Sequence[Replacement]) -> str:
    parts: list[str] = []
    at = 0
    for item in ordered:
        parts += [text[at : item.start], item.text]
        at = item.end
    return "".join([*parts, text[at:]])


def _relabeled(
    labels: WordLabels, replaced: Sequence[tuple[int, int]], picked: NDArray[np.int64]
) -> WordLabels:
    """Append one row of mean labels for each replaced span, then pick the row of each new word."""
    first, end = np.array(replaced).T
    count = (end - first)[:, None]
    shares = np.append(0, np.cumsum(labels.weight, dtype=np.float64))
    weight = (shares[end] - shares[first])[:, None]
    mean = _sums(labels.weight[:, None] * labels.probabilities, first, end) / np.maximum(
        weight, 1e-12
    )
    plain = _sums(labels.probabilities, first, end) / count
    chosen = np.where(weight > 0, mean, plain).clip(0, 1)
    return WordLabels(
        np.concatenate([labels.probabilities, chosen])[picked].astype(np.float32),
        np.concatenate([labels.weight, (weight / count)[:, 0]])[picked].astype(np.float32),
    )


def _sums(
    values: NDArray[np.float32], first: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.float64]:
    before = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=before[1:])
    return np.asarray(before[end] - before[first])


def _grows(neighbor: str, sign: str) -> bool:
    """Tell whether a sign and what it comes to stand beside could belong to one row of the word rule."""
    if neighbor in (".", ","):
        return sign.isdecimal()
    return neighbor.isalnum() or neighbor == "_"
