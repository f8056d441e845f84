"""Replacing spans of a soft-labeled document: every offset and every label stays exact."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.documents import Mention
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, WordLabels

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """New text for a span of a document: code points of the old text, half-open."""

    start: int
    end: int
    text: str


def fits(document: LabeledDocument, replacement: Replacement) -> bool:
    """Tell whether the rows around a replaced span would stay as they are.

    They would not if the span cut a word, or if the new text grew together with its neighbors: a
    letter or digit beside another, or a number across a decimal sign.
    """
    new = replacement.text
    rows, _ = rows_of(new)
    if not len(rows):
        return False
    starts, ends = document.words[:, 0], document.words[:, 1]
    touched = (starts < replacement.end) & (ends > replacement.start)
    within = (starts >= replacement.start) & (ends <= replacement.end)
    before = document.text[max(replacement.start - 1, 0) : replacement.start]
    after = document.text[replacement.end : replacement.end + 1]
    grows = _grows(before, new[0]) or _grows(after, new[-1])
    return bool(touched.any() and (touched == within).all()) and not grows


def rewrite(document: LabeledDocument, replacements: Sequence[Replacement]) -> LabeledDocument:
    """Return the document with new text for spans that fit, overlap no other and cut no mention.

    In every entity task the rows of a new text get the mean probabilities of the rows that they
    replace, weighted by those rows' weights, and their mean weight. Pairs of mentions follow their
    mentions. All else is kept.
    """
    ordered = sorted(replacements)
    moved = _Moves(ordered)
    words = moved(document.words)
    pieces: list[Ints] = []
    origin: list[int] = []
    replaced: list[tuple[int, int]] = []
    at = 0
    for item in ordered:
        first, end = np.searchsorted(document.words[:, 0], (item.start, item.end)).tolist()
        rows, _ = rows_of(item.text)
        pieces += [words[at:first], rows + moved(np.array([item.start], dtype=np.int32))]
        origin += [*range(at, first), *[len(words) + len(replaced)] * len(rows)]
        replaced.append((first, end))
        at = end
    pieces.append(words[at:])
    origin += range(at, len(words))
    mentions = tuple(
        replace(mention, start=start, end=end)
        for mention, (start, end) in zip(
            document.mentions, moved(_spans(document)).tolist(), strict=True
        )
    )
    return replace(
        document,
        text=_text(document.text, ordered),
        words=np.concatenate(pieces).astype(np.int32),
        mentions=mentions,
        entities={
            task: _relabeled(labels, replaced, origin) for task, labels in document.entities.items()
        },
        relations=_renamed(document, mentions),
    )


def _renamed(document: LabeledDocument, mentions: Sequence[Mention]) -> dict[str, PairLabels]:
    """Return the relations, with the new keys of mentions that are arguments themselves."""
    keys = zip(document.mentions, mentions, strict=True)
    new = {before.names[-1]: after.names[-1] for before, after in keys}
    return {
        task: replace(labels, pairs=tuple((new.get(a, a), new.get(b, b)) for a, b in labels.pairs))
        for task, labels in document.relations.items()
    }


class _Moves:
    """Where positions outside the replaced spans, or at their edges, lie in the new text."""

    def __init__(self, ordered: Sequence[Replacement]) -> None:
        growth = [len(item.text) - (item.end - item.start) for item in ordered]
        self.ends = np.array([item.end for item in ordered], dtype=np.int32)
        self.shift = np.concatenate([[0], np.cumsum(growth)]).astype(np.int32)

    def __call__(self, positions: Ints) -> Ints:
        shift: Ints = self.shift[np.searchsorted(self.ends, positions, side="right")]
        return positions + shift


def _spans(document: LabeledDocument) -> Ints:
    spans = [(mention.start, mention.end) for mention in document.mentions]
    return np.array(spans, dtype=np.int32).reshape(-1, 2)


def _text(text: str, ordered: Sequence[Replacement]) -> str:
    parts: list[str] = []
    at = 0
    for item in ordered:
        parts += [text[at : item.start], item.text]
        at = item.end
    return "".join([*parts, text[at:]])


def _relabeled(
    labels: WordLabels, replaced: Sequence[tuple[int, int]], origin: Sequence[int]
) -> WordLabels:
    """Append one row of mean labels for each replaced span, then pick the row of each new word."""
    probabilities, weight = [labels.probabilities], [labels.weight]
    for first, end in replaced:
        shares = labels.weight[first:end]
        shares = (
            shares / shares.sum() if shares.sum() > 0 else np.full(end - first, 1 / (end - first))
        )
        probabilities.append((shares @ labels.probabilities[first:end])[None])
        weight.append(labels.weight[first:end].mean(keepdims=True))
    return WordLabels(
        probabilities=np.concatenate(probabilities)[list(origin)].astype(np.float32),
        weight=np.concatenate(weight)[list(origin)].astype(np.float32),
    )


def _grows(neighbor: str, sign: str) -> bool:
    """Tell whether two neighboring signs could belong to one row of the word rule."""
    if neighbor in (".", ","):
        return sign.isdecimal()
    return neighbor.isalnum() or neighbor == "_"
