"""Regions of the text, one half-open range of rows a candidate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, expand_ranges
from biolabel.apply.scene import Frame, Scene, Side
from biolabel.data.corpus import Corpus
from biolabel.lang import tree

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Half-open rows: first and end, each int32[n]; empty where the candidate has no such region."""

    first: Ints
    end: Ints


def region_ranges(scene: Scene, frame: Frame, region: tree.Region) -> Ranges:
    """Return where a region lies for each row of the frame.

    `sentence` and `between` are empty for two arguments in different sentences, and `before`,
    `after` and `around` end with the argument's sentence: no pattern crosses one.
    """
    corpus = scene.corpus
    match region.kind:
        case "document":
            return Ranges(corpus.doc_rows[frame.doc], corpus.doc_rows[frame.doc + 1])
        case "title" | "abstract" | "section":
            kind = region.name.text if region.name else region.kind
            return _section(corpus, frame, kind)
        case "sentence":
            return _sentence(corpus, frame)
        case "between":
            return _between(corpus, frame)
        case "argument" | "before" | "after" | "around":
            side = frame.sides[region.name.text if region.name else "span"]
            return _beside(corpus, side, region)
        case "meta" | "path":
            raise TypeError(f"the compiler refuses the region {region.kind}")


def _section(corpus: Corpus, frame: Frame, kind: str) -> Ranges:
    """Return the rows of the first section of a kind in each document."""
    first = np.zeros(len(corpus.ids), dtype=np.int32)
    end = np.zeros(len(corpus.ids), dtype=np.int32)
    number = corpus.section_kinds.index(kind) if kind in corpus.section_kinds else -1
    sections = np.flatnonzero(corpus.section_kind == number)
    low = np.searchsorted(corpus.sentence_section, sections)
    high = np.searchsorted(corpus.sentence_section, sections, side="right")
    sections, low, high = sections[low < high], low[low < high], high[low < high]
    docs, which = np.unique(corpus.section_doc[sections], return_index=True)
    first[docs] = corpus.sentence_first_row[low[which]]
    end[docs] = corpus.sentence_end_row[high[which] - 1]
    return Ranges(first[frame.doc], end[frame.doc])


def _sentence(corpus: Corpus, frame: Frame) -> Ranges:
    if not frame.sides:
        return Ranges(corpus.doc_rows[frame.doc], corpus.doc_rows[frame.doc + 1])
    sides = list(frame.sides.values())
    sentence = corpus.row_sentence[sides[0].first]
    together = np.logical_and.reduce([corpus.row_sentence[s.first] == sentence for s in sides])
    first = corpus.sentence_first_row[sentence]
    return Ranges(first, np.where(together, corpus.sentence_end_row[sentence], first))


def _between(corpus: Corpus, frame: Frame) -> Ranges:
    a, b = frame.sides.values()
    first = np.minimum(a.end, b.end)
    end = np.maximum(a.first, b.first)
    together = corpus.row_sentence[a.first] == corpus.row_sentence[b.first]
    return Ranges(first, np.where(together, np.maximum(first, end), first))


def _beside(corpus: Corpus, side: Side, region: tree.Region) -> Ranges:
    if region.kind == "argument":
        return Ranges(side.first, side.end)
    sentence = corpus.row_sentence[side.first]
    low = corpus.sentence_first_row[sentence]
    high = corpus.sentence_end_row[corpus.row_sentence[side.end - 1]]
    if region.window is not None:
        low, high = _window(corpus, side, region.window, low, high)
    if region.kind == "before":
        return Ranges(low, side.first)
    if region.kind == "after":
        return Ranges(side.end, high)
    return Ranges(low, high)


def _window(
    corpus: Corpus, side: Side, window: tree.Window, low: Ints, high: Ints
) -> tuple[Ints, Ints]:
    """Narrow (or, counting sentences, widen) the sentence around an argument to a window."""
    if window.unit == "words":
        words = corpus.words_before
        before = np.searchsorted(words, words[side.first] - window.number, side="right") - 1
        after = np.searchsorted(words, words[side.end] + window.number)
        return np.maximum(low, before).astype(np.int32), np.minimum(high, after).astype(np.int32)
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
    """Return bool[n]: whether a match lies inside each range."""
    n = len(ranges.first)
    free, owned = found.owner < 0, found.owner >= 0
    answer = np.zeros(n, dtype=bool)
    if free.any():
        first, end = found.first[free], found.end[free]
        nearest = np.minimum.accumulate(end[::-1])[::-1]
        at = np.searchsorted(first, ranges.first)
        exists = at < len(first)
        answer[exists] = nearest[at[exists]] <= ranges.end[exists]
    owner = found.owner[owned]
    held = (found.first[owned] >= ranges.first[owner]) & (found.end[owned] <= ranges.end[owner])
    answer[owner[held]] = True
    return answer


def listed(found: Matches, ranges: Ranges) -> tuple[Ints, Ints]:
    """Return every (range, match) with the match inside the range, as two int32 arrays."""
    free, owned = np.flatnonzero(found.owner < 0), np.flatnonzero(found.owner >= 0)
    low = np.searchsorted(found.first[free], ranges.first)
    high = np.searchsorted(found.first[free], ranges.end)
    which, at = expand_ranges(low, high)
    which = np.r_[which, found.owner[owned]]
    index = np.r_[free[at], owned].astype(np.int32)
    held = (found.first[index] >= ranges.first[which]) & (found.end[index] <= ranges.end[which])
    return which[held], index[held]


def touching(found: Matches, ranges: Ranges, side: str) -> Bools:
    """Return bool[n]: whether a match inside the range starts with it, or ends with it."""
    answer = np.zeros(len(ranges.first), dtype=bool)
    key, edge = (found.first, ranges.first) if side == "starts" else (found.end, ranges.end)
    order = np.argsort(key, kind="stable")
    which, at = expand_ranges(
        np.searchsorted(key[order], edge), np.searchsorted(key[order], edge, side="right")
    )
    index = order[at]
    held = (found.first[index] >= ranges.first[which]) & (found.end[index] <= ranges.end[which])
    held &= (found.owner[index] < 0) | (found.owner[index] == which)
    answer[which[held]] = True
    return answer
