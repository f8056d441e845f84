"""From a soft-labeled document to what the network reads: windows of pieces and places in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedTokenizerFast

from biolabel.data.documents import Mention
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """One document as the network reads it.

    windows: piece ids int64[n] each, special pieces included.
    words: int64[w, 2], window and column of each word's first piece.
    mentions: int64[x, 3], each (mention, window, column) where a piece of a mention stands; mentions
    are counted among those that a pair names.
    concepts: int64[y, 2], each (concept, mention) that belong together; a mention that is itself an
    argument counts as a concept of its own.
    pairs: relation task to int64[p, 2], the concepts of each pair.
    """

    windows: tuple[Ints, ...]
    words: Ints
    mentions: Ints
    concepts: Ints
    pairs: Mapping[str, Ints]

    @property
    def pieces(self) -> int:
        """Return the number of pieces of all windows, the shorter ones padded."""
        return max(len(window) for window in self.windows) * len(self.windows)


def featurize(
    document: LabeledDocument,
    tasks: Sequence[Task],
    tokenizer: PreTrainedTokenizerFast,
    window: int,
    overlap: int,
) -> Features:
    """Return the features of a checked document (see checks.py).

    Texts longer than `window` pieces are read in windows of about equal length, of which neighbors
    share `overlap` pieces; a word is read in the window where it stands farthest from an edge, a
    mention in all its windows.
    """
    encoded = tokenizer(
        document.text,
        truncation=True,
        max_length=_even_window(document.text, tokenizer, window, overlap),
        stride=overlap,
        padding=False,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    windows = tuple(np.array(ids, dtype=np.int64) for ids in encoded["input_ids"])
    places = _places(encoded["special_tokens_mask"], overlap)
    starts, ends = _offsets(places, encoded["offset_mapping"])
    tasks_with_pairs = [task.name for task in tasks if task.kind == "relation"]
    given = {
        name: document.relations[name].pairs
        for name in tasks_with_pairs
        if name in document.relations
    }
    order = dict.fromkeys(concept for pairs in given.values() for pair in pairs for concept in pair)
    row = {concept: i for i, concept in enumerate(order)}
    mentions = [
        mention for mention in document.mentions if not row.keys().isdisjoint(mention.names)
    ]
    return Features(
        windows=windows,
        words=_home(places, _first_pieces(document.words[:, 0], ends)),
        mentions=_mention_places(mentions, places, starts, ends),
        concepts=_rows(
            [
                (row[concept], i)
                for i, mention in enumerate(mentions)
                for concept in dict.fromkeys(mention.names)
                if concept in row
            ],
            2,
        ),
        pairs={
            name: _rows([(row[subject], row[object_]) for subject, object_ in pairs], 2)
            for name, pairs in given.items()
        },
    )


def buckets(
    lengths: Sequence[int], budget: int, generator: np.random.Generator | None = None
) -> list[list[int]]:
    """Return indices in batches of similar length, each at most `budget` pieces with its padding.

    Without a generator the longest come first. With one, lengths are blurred by a tenth before the
    sorting and the batches are shuffled, so that epochs differ.
    """
    keys = np.asarray(lengths, dtype=np.float64)
    if generator is not None:
        keys = keys * generator.uniform(0.95, 1.05, len(keys))
    batches: list[list[int]] = []
    widest = 0
    for i in np.argsort(-keys, kind="stable").tolist():
        widest = max(widest, lengths[i])
        if batches and widest * (len(batches[-1]) + 1) <= budget:
            batches[-1].append(i)
        else:
            batches.append([i])
            widest = lengths[i]
    if generator is not None:
        generator.shuffle(batches)
    return batches


def _even_window(text: str, tokenizer: PreTrainedTokenizerFast, window: int, overlap: int) -> int:
    """Return the shortest windows that read the text in as few windows as the longest would.

    Else the last window of a text that is a little too long would be nearly all padding.
    """
    special = tokenizer.num_special_tokens_to_add()
    pieces = len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
    if pieces + special <= window:
        return window
    step = window - special - overlap
    count = ceil((pieces - overlap) / step)
    return ceil((pieces - overlap) / count) + overlap + special


def _rows(rows: Sequence[tuple[int, ...]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def _places(special: Sequence[Sequence[int]], overlap: int) -> Ints:
    """Return int64[z, 4]: piece of the document, window, column and distance to the edge.

    A document without a piece gets one, its first special piece.
    """
    parts: list[Ints] = []
    at = 0
    for number, mask in enumerate(special):
        columns = np.flatnonzero(np.array(mask) == 0)
        n = len(columns)
        order = np.arange(n)
        edge = np.minimum(order, n - 1 - order)
        parts.append(np.stack([at + order, np.full(n, number), columns, edge], axis=1))
        at += n - overlap
    places = np.concatenate(parts)
    return places if len(places) else np.zeros((1, 4), dtype=np.int64)


def _offsets(places: Ints, offsets: Sequence[Sequence[tuple[int, int]]]) -> tuple[Ints, Ints]:
    """Return the starts and ends of the document's pieces in code points, never decreasing."""
    spans = np.zeros((int(places[:, 0].max()) + 1, 2), dtype=np.int64)
    for piece, window, column, _ in places.tolist():
        spans[piece] = offsets[window][column]
    return np.maximum.accumulate(spans[:, 0]), np.maximum.accumulate(spans[:, 1])


def _first_pieces(positions: NDArray[np.int32], ends: Ints) -> Ints:
    """Return the first piece that reaches beyond each position, the last one if none does."""
    return np.minimum(np.searchsorted(ends, positions, side="right"), len(ends) - 1)


def _home(places: Ints, pieces: Ints) -> Ints:
    """Return window and column of pieces where they stand farthest from an edge."""
    order = np.lexsort((-places[:, 3], places[:, 0]))
    _, best = np.unique(places[order, 0], return_index=True)
    return places[order][best][pieces, 1:3]


def _mention_places(mentions: Sequence[Mention], places: Ints, starts: Ints, ends: Ints) -> Ints:
    """Return (mention, window, column) for each piece of each mention; at least one each."""
    first = _first_pieces(np.array([mention.start for mention in mentions], dtype=np.int32), ends)
    last = np.searchsorted(starts, [mention.end for mention in mentions], side="left")
    last = np.maximum(last, first + 1)
    piece = places[:, 0]
    inside = (piece >= first[:, None]) & (piece < last[:, None])
    mention, place = np.nonzero(inside)
    return np.concatenate([mention[:, None], places[place, 1:3]], axis=1)
