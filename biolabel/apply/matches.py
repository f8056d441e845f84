"""Tables of matches and the joins that build sequences from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
OpenGap = tuple[int, int | None] | None
"""The words that may stand between two matches: at least and at most, None without a gap."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Where a pattern matches: half-open rows, sorted by (first, end), without repeats.

    owner: int32[n], the candidate that the match belongs to, or -1 for any; keep_first and
    keep_end: the part under `keep(...)`, or -1. All arrays are int32[n].
    """

    first: Ints
    end: Ints
    owner: Ints
    keep_first: Ints
    keep_end: Ints

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.first)


@dataclass(frozen=True, slots=True)
class Placed:
    """Matches and the sentence that each begins in: int32[n]."""

    found: Matches
    sentence: Ints


def matches(
    first: NDArray[np.integer[Any]], end: NDArray[np.integer[Any]], owner: Ints | None = None
) -> Matches:
    """Return matches made of rows, sorted and without repeats."""
    none = np.full(len(first), -1, dtype=np.int32)
    return tidy(
        Matches(
            first.astype(np.int32, copy=False),
            end.astype(np.int32, copy=False),
            none if owner is None else owner,
            none,
            none,
        )
    )


def tidy(found: Matches) -> Matches:
    """Return the matches sorted and without repeats."""
    places = found.first.astype(np.int64) << 32 | found.end
    ahead = places[1:] > places[:-1]
    if ahead.all():
        return found
    ahead |= (places[1:] == places[:-1]) & (found.owner[1:] > found.owner[:-1])
    if ahead.all():
        return found
    columns = (found.keep_end, found.keep_first, found.owner)
    keys = [*(column for column in columns if (column != column[0]).any()), places]
    # A stable sort merges what comes from tables that are sorted already.
    order = np.lexsort(keys) if len(keys) > 1 else np.argsort(places, kind="stable")
    fresh = np.zeros(len(order), dtype=bool)
    fresh[0] = True
    for key in keys:
        fresh[1:] |= key[order[1:]] != key[order[:-1]]
    return take(found, order if fresh.all() else order[fresh])


def take(found: Matches, index: NDArray[np.integer[Any]] | Bools) -> Matches:
    """Return some of the matches, in the order of `index`."""
    at = np.flatnonzero(index) if index.dtype == np.bool_ else index
    return Matches(
        found.first.take(at),
        found.end.take(at),
        found.owner.take(at),
        found.keep_first.take(at),
        found.keep_end.take(at),
    )


def union(parts: Sequence[Matches]) -> Matches:
    """Return all matches of several tables."""
    if len(parts) == 1:
        return parts[0]
    return tidy(
        Matches(
            *(
                np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, np.int32)])
                for name in ("first", "end", "owner", "keep_first", "keep_end")
            )
        )
    )


def kept(found: Matches) -> Matches:
    """Mark whole matches as the part that becomes the span."""
    return Matches(found.first, found.end, found.owner, found.first, found.end)


def expand_ranges(
    low: NDArray[np.integer[Any]], high: NDArray[np.integer[Any]]
) -> tuple[Ints, Ints]:
    """Return, for ranges [low, high), the number of each range and every index within, as int32."""
    sizes = np.maximum(high - low, 0)
    of_range = np.repeat(np.arange(len(low), dtype=np.int32), sizes)
    # Behind the sum of the sizes before it, each range goes on with its own numbers.
    shift = low - (np.cumsum(sizes) - sizes)
    at = np.arange(len(of_range), dtype=np.int32) + np.repeat(shift.astype(np.int32), sizes)
    return of_range, at


def span_keys(
    corpus: Corpus, first: NDArray[np.integer[Any]], end: NDArray[np.integer[Any]]
) -> NDArray[np.int64]:
    """Return one number a span of rows, in the order of (first, end)."""
    return first.astype(np.int64) * (len(corpus.row_start) + 1) + end


def follow(corpus: Corpus, left: Matches, right: Matches, gap: OpenGap) -> Matches:
    """Join matches that stand one after the other in a sentence.

    Without a gap nothing but soft signs lies between them; with one, between low and high words and
    any signs. Matches that belong to different candidates are not joined.
    """
    lefts, rights = _by_ownership(left), _by_ownership(right)
    if len(lefts) != 1 or len(rights) != 1:
        return union([follow(corpus, a, b, gap) for a in lefts for b in rights])
    owned = bool((left.owner[0] >= 0) & (right.owner[0] >= 0))
    low, high = rows_behind(corpus, left, gap)
    stride = np.int64(len(corpus.row_start) + 1)
    if owned:
        order = np.lexsort((right.first, right.owner))
        right = take(right, order)
        keys = right.owner.astype(np.int64) * stride + right.first
        base = left.owner.astype(np.int64) * stride
    else:
        keys, base = right.first, np.zeros(len(left), dtype=np.int32)
    a, b = expand_ranges(np.searchsorted(keys, base + low), np.searchsorted(keys, base + high))
    ahead, behind = take(left, a), take(right, b)
    in_left = ahead.keep_first >= 0
    return tidy(
        Matches(
            ahead.first,
            behind.end,
            np.where(ahead.owner >= 0, ahead.owner, behind.owner),
            np.where(in_left, ahead.keep_first, behind.keep_first),
            np.where(in_left, ahead.keep_end, behind.keep_end),
        )
    )


def _by_ownership(found: Matches) -> list[Matches]:
    """Split a table into matches of candidates and matches of any candidate, empty parts left out."""
    owned = found.owner >= 0
    if owned.all() or not owned.any():
        return [found] if len(found) else []
    return [take(found, owned), take(found, ~owned)]


def placed(corpus: Corpus, found: Matches) -> Placed:
    """Return matches with the sentence that each begins in."""
    return Placed(found, corpus.row_sentence.take(found.first))


def sharing(corpus: Corpus, parts: Sequence[tuple[Placed, bool]]) -> list[Matches]:
    """Return the matches of each part of a sequence that begin in sentences where it can be whole.

    parts: what is found of each, and whether the sequence needs it. All parts begin in the sentence of
    the first, and most sentences lack one that is needed.
    """
    needed = sorted((part.sentence for part, need in parts if need), key=len)
    if not needed:
        return [part.found for part, _ in parts]
    holding = np.ones(len(corpus.sentence_doc), dtype=bool)
    for sentence in needed:
        both = np.zeros_like(holding)
        both[sentence[holding.take(sentence)]] = True
        holding = both
    return [take(part.found, np.flatnonzero(holding.take(part.sentence))) for part, _ in parts]


def rows_behind(corpus: Corpus, found: Matches, gap: OpenGap) -> tuple[Ints, Ints]:
    """Return the half-open rows at which something may begin behind matches and a gap."""
    sentence_end = corpus.sentence_end_row.take(corpus.row_sentence.take(found.first))
    if gap is None:
        return found.end, np.minimum(found.end + 1, sentence_end)
    return gap_rows(corpus, found.end, sentence_end, gap)


def gap_rows(
    corpus: Corpus, end: Ints, limit: Ints, gap: tuple[int, int | None]
) -> tuple[Ints, Ints]:
    """Return the half-open rows at which something may begin after a gap behind `end`."""
    words, starts = corpus.words_before.take(end), corpus.word_starts
    last = len(starts) - 1
    low = np.maximum(end, starts.take(np.minimum(words + min(gap[0], last), last)))
    if gap[1] is None:
        return low, limit
    return low, np.minimum(limit, starts.take(np.minimum(words + min(gap[1] + 1, last), last)))


def before_gap(corpus: Corpus, found: Matches, gap: OpenGap) -> Matches:
    """Return the matches, each with every gap of the right length that may end it."""
    if gap is None:
        return found
    # A mention may reach beyond its sentence, where no word follows but an empty gap may.
    limit = np.maximum(corpus.sentence_end_row[corpus.row_sentence[found.first]], found.end) + 1
    which, end = expand_ranges(*gap_rows(corpus, found.end, limit.astype(np.int32), gap))
    longer = take(found, which)
    return tidy(replace(longer, end=end))


def behind_gap(corpus: Corpus, found: Matches, gap: OpenGap) -> Matches:
    """Return the matches, each with every gap of the right length that may begin it."""
    if gap is None:
        return found
    words, starts = corpus.words_before[found.first], corpus.word_starts
    low = corpus.sentence_first_row[corpus.row_sentence[found.first]]
    if gap[1] is not None:
        low = np.maximum(low, starts[np.maximum(words - gap[1], 0)])
    high = starts[np.maximum(words - gap[0], -1) + 1]
    which, first = expand_ranges(low, np.minimum(high, found.first + 1))
    longer = take(found, which)
    return tidy(replace(longer, first=first))


def gap_stretches(corpus: Corpus, gap: OpenGap) -> Matches:
    """Return every stretch of rows of a sentence that holds so many words; none without a gap."""
    rows = np.arange(len(corpus.row_start) if gap is not None else 0, dtype=np.int32)
    found = before_gap(corpus, matches(rows, rows), gap)
    return take(found, found.end > found.first)


def longest(found: Matches) -> Matches:
    """Return the leftmost matches, the longest at each place, none overlapping another."""
    order = np.lexsort((-found.end, found.first))
    chosen: list[int] = []
    free = -1
    for index, first, end in zip(
        order.tolist(), found.first[order].tolist(), found.end[order].tolist(), strict=True
    ):
        if first >= free:
            chosen.append(index)
            free = end
    return take(found, np.array(chosen, dtype=np.int64))
