"""Regions of the text, half-open ranges of rows for each candidate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, expand_ranges
from biolabel.apply.scene import Frame, Scene, Side
from biolabel.apply.sections import named_sections, stretches
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Half-open rows of a region: k ranges for the n rows of a frame.

    first, end: int32[k], empty where the candidate has no such region; owner: int32[k], ascending,
    the row of the frame that each range belongs to; known: bool[n], false where the document does
    not say what the region is.
    """

    first: Ints
    end: Ints
    owner: Ints
    known: Bools


def ranges_of(first: Ints, end: Ints) -> Ranges:
    """Return one known range for each row of a frame."""
    everyone = np.arange(len(first), dtype=np.int32)
    return Ranges(first, end, everyone, np.ones(len(first), dtype=bool))


def region_ranges(scene: Scene, frame: Frame, region: tree.Region) -> Ranges:
    """Return where a region lies for each row of the frame.

    `sentence` and `between` are empty for two arguments in different sentences, and `before`,
    `after` and `around` end with the argument's sentence: no pattern crosses one. Sections are unknown
    where a document has none to speak of (`sections.named_sections`).
    """
    corpus = scene.corpus
    match region.kind:
        case "document":
            return ranges_of(corpus.doc_rows.take(frame.doc), corpus.doc_rows.take(frame.doc + 1))
        case "title" | "abstract" | "section":
            return _section(scene, frame, region.name.text if region.name else region.kind)
        case "sentence":
            return _sentence(corpus, frame)
        case "between":
            return _between(corpus, frame)
        case "argument" | "before" | "after" | "around":
            side = frame.sides[region.name.text if region.name else "span"]
            return _beside(corpus, side, region)
        case "meta" | "path":
            raise TypeError(f"{region.kind} is no stretch of the text")


def _section(scene: Scene, frame: Frame, name: str) -> Ranges:
    named = named_sections(scene, name)
    doc, first, end = stretches(scene.corpus, named.sections)
    starts = np.searchsorted(doc, np.arange(len(scene.corpus.ids) + 1))
    owner, at = expand_ranges(starts[frame.doc], starts[frame.doc + 1])
    return Ranges(first[at], end[at], owner, named.known[frame.doc])


def _sentence(corpus: Corpus, frame: Frame) -> Ranges:
    if frame.sentence is not None:
        return ranges_of(*frame.sentence)
    if not frame.sides:
        return ranges_of(corpus.doc_rows.take(frame.doc), corpus.doc_rows.take(frame.doc + 1))
    sides = list(frame.sides.values())
    sentence = corpus.row_sentence.take(sides[0].first)
    together = np.logical_and.reduce([corpus.row_sentence.take(s.first) == sentence for s in sides])
    first = corpus.sentence_first_row.take(sentence)
    return ranges_of(first, np.where(together, corpus.sentence_end_row.take(sentence), first))


def _between(corpus: Corpus, frame: Frame) -> Ranges:
    a, b = frame.sides.values()
    first = np.minimum(a.end, b.end)
    end = np.maximum(a.first, b.first)
    together = corpus.row_sentence.take(a.first) == corpus.row_sentence.take(b.first)
    return ranges_of(first, np.where(together, np.maximum(first, end), first))


def _beside(corpus: Corpus, side: Side, region: tree.Region) -> Ranges:
    if region.kind == "argument":
        return ranges_of(side.first, side.end)
    sentence = corpus.row_sentence.take(side.first)
    low = corpus.sentence_first_row.take(sentence)
    high = corpus.sentence_end_row.take(corpus.row_sentence.take(side.end - 1))
    if region.window is not None:
        low, high = within_window(corpus, side, region.window, low, high)
    if region.kind == "before":
        return ranges_of(low, side.first)
    if region.kind == "after":
        return ranges_of(side.end, high)
    return ranges_of(low, high)


def within_window(
    corpus: Corpus, side: Side, window: tree.Window, low: Ints, high: Ints
) -> tuple[Ints, Ints]:
    """Narrow (or, counting sentences, widen) the sentence around an argument to a window."""
    if window.unit == "words":
        words, starts = corpus.words_before, corpus.word_starts
        least = np.maximum(words.take(side.first) - window.number, -1)
        before = starts.take(least + 1) - 1
        after = starts.take(np.minimum(words.take(side.end) + window.number, len(starts) - 1))
        return np.maximum(low, before), np.minimum(high, after)
    if window.unit == "characters":
        stride = int(corpus.row_end.max(initial=0)) + window.number + 2
        of_row = corpus.row_doc.astype(np.int64) * stride
        starts, ends = of_row + corpus.row_start, of_row + corpus.row_end
        doc = of_row[side.first]
        before = np.searchsorted(starts, doc + corpus.row_start[side.first] - window.number)
        after = np.searchsorted(
            ends, doc + corpus.row_end[side.end - 1] + window.number, side="right"
        )
        return np.maximum(low, before).astype(np.int32), np.minimum(high, after).astype(np.int32)
    sentence, doc_of = corpus.row_sentence[side.first], corpus.row_doc[side.first]
    first = np.maximum(sentence - window.number, corpus.doc_sentences[doc_of])
    last = np.minimum(sentence + window.number, corpus.doc_sentences[doc_of + 1] - 1)
    return corpus.sentence_first_row[first], corpus.sentence_end_row[last]


def inside(found: Matches, ranges: Ranges) -> Bools:
    """Return bool[n]: whether a match lies inside a range of each row of the frame."""
    free, owned = found.owner < 0, found.owner >= 0
    answer = np.zeros(len(ranges.known), dtype=bool)
    if free.any():
        first, end = found.first[free], found.end[free]
        nearest = np.minimum.accumulate(end[::-1])[::-1]
        at = np.searchsorted(first, ranges.first)
        exists = np.flatnonzero(at < len(first))
        held = nearest.take(at.take(exists)) <= ranges.end.take(exists)
        answer[ranges.owner.take(exists[held])] = True
    which, index = _of_owners(found, np.flatnonzero(owned), ranges)
    answer[ranges.owner[which[_within(found, index, ranges, which)]]] = True
    return answer


def listed(found: Matches, ranges: Ranges) -> tuple[Ints, Ints]:
    """Return every (row of the frame, match) with the match inside a range of it: two int32 arrays."""
    free, owned = np.flatnonzero(found.owner < 0), np.flatnonzero(found.owner >= 0)
    low = np.searchsorted(found.first[free], ranges.first)
    high = np.searchsorted(found.first[free], ranges.end)
    which, at = expand_ranges(low, high)
    mine, index = _of_owners(found, owned, ranges)
    which, index = np.r_[which, mine], np.r_[free[at], index].astype(np.int32)
    held = _within(found, index, ranges, which)
    return ranges.owner[which[held]], index[held]


def touching(found: Matches, ranges: Ranges, side: str) -> Bools:
    """Return bool[n]: whether a match inside a range starts with it, or ends with it."""
    answer = np.zeros(len(ranges.known), dtype=bool)
    key, edge = (found.first, ranges.first) if side == "starts" else (found.end, ranges.end)
    # Most ranges have no match at their edge, and looking that up costs a tenth of a search.
    borders = np.zeros(int(edge.max(initial=0)) + 1, dtype=bool)
    borders[key[key < len(borders)]] = True
    near = np.flatnonzero(borders.take(edge))
    order = np.argsort(key, kind="stable")
    low = np.searchsorted(key[order], edge[near])
    which, at = expand_ranges(low, np.searchsorted(key[order], edge[near], side="right"))
    which, index = near[which], order[at]
    held = _within(found, index, ranges, which)
    held &= (found.owner[index] < 0) | (found.owner[index] == ranges.owner[which])
    answer[ranges.owner[which[held]]] = True
    return answer


def _of_owners(found: Matches, owned: NDArray[np.int64], ranges: Ranges) -> tuple[Ints, Ints]:
    """Return every (range, match) of those matches that belong to the range's row."""
    owner = found.owner[owned]
    if len(ranges.owner) == len(ranges.known) and (ranges.owner[1:] > ranges.owner[:-1]).all():
        return owner, owned.astype(np.int32)
    starts = np.zeros(len(ranges.known) + 1, dtype=np.int32)
    np.cumsum(np.bincount(ranges.owner, minlength=len(ranges.known)), out=starts[1:])
    at, which = expand_ranges(starts[owner], starts[owner + 1])
    return which, owned[at].astype(np.int32)


def _within(found: Matches, index: NDArray[np.integer[Any]], ranges: Ranges, which: Ints) -> Bools:
    behind = found.first.take(index) >= ranges.first.take(which)
    return np.asarray(behind & (found.end.take(index) <= ranges.end.take(which)))
