"""Where in a corpus a regular expression can match: around the rows that hold its pieces.

A window begins and ends with the rows in which a match that has these pieces can begin and end, and
one more on each side. So whatever matches in a window, as a text of its own, reads nothing of where it
was cut, and what `re` finds in all windows is what it finds in the sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.asked import entries_with, is_quick
from biolabel.apply.matches import expand_ranges
from biolabel.apply.pieces import Piece, Pieces
from biolabel.apply.sentences import SentenceTexts

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

MANY = 2
"""Pieces in more rows than so many a sentence are in most sentences."""
RARE = 0.25
"""The rows a sentence of a piece below which asking for others takes longer than searching.

Expressions of `benchmarks/engine.py` took within an eighth of the same time from 0.1 to 1.
"""
WIDE = 8
"""Pieces that may be more rows apart are looked for in the same sentence only."""
_NONE = np.empty(0, dtype=np.int32)
_NUMBER = Piece(r"\d[.,]\d", 2)
r"""The rows in which several of `\w+` stand."""


@dataclass(frozen=True, eq=False, slots=True)
class Windows:
    """Stretches of sentences that ascend and are apart.

    sentence: int64[n]; start, end: int64[n], half-open places; first, last: int32[n], half-open rows.
    """

    sentence: Longs
    start: Longs
    end: Longs
    first: Ints
    last: Ints

    def rows(
        self, texts: SentenceTexts, number: Longs, start: Longs, end: Longs
    ) -> tuple[Ints, Ints]:
        """Return the first row and the end row of stretches of some windows that touch a row.

        number: the window of each stretch, ascending.
        """
        if not len(number):
            return _NONE, _NONE
        used = number[_firsts(number[1:] > number[:-1], len(number))]
        window, rows = expand_ranges(self.first[used], self.last[used])
        shift = texts.shift[self.sentence[used]][window]
        first = np.searchsorted(shift + texts.corpus.row_end[rows], start, side="right")
        last = np.searchsorted(shift + texts.corpus.row_start[rows], end)
        touched = first < last
        return rows[first[touched]], rows[last[touched] - 1] + np.int32(1)


def windows(texts: SentenceTexts, pieces: Pieces) -> Windows:
    """Return where an expression with such pieces can match; torn sentences are in it as a whole."""
    possible = ~texts.torn
    best: tuple[int, Ints] | None = None
    for stretch in sorted(_stretches(pieces.needed), key=lambda each: _cost(pieces, each)):
        found = _anchors(texts, pieces.needed, stretch)
        if found is None:
            continue
        holding = np.zeros_like(possible)
        holding[texts.corpus.row_sentence[found[1]]] = True
        possible &= holding
        if best is None or len(found[1]) < len(best[1]):
            best = found
        if len(best[1]) <= RARE * len(possible):
            break
    if best is None:
        return whole(texts, np.ones_like(possible))
    number, rows = best
    rows = rows[possible[texts.corpus.row_sentence[rows]]]
    around = _around(texts, rows, *_reach(pieces, number))
    torn = whole(texts, texts.torn)
    both = [(getattr(around, each.name), getattr(torn, each.name)) for each in fields(Windows)]
    columns = list(map(np.concatenate, both))
    order = np.argsort(columns[1], kind="stable")
    return Windows(*(column[order] for column in columns))


def whole(texts: SentenceTexts, chosen: Bools) -> Windows:
    """Return whole sentences."""
    numbers = np.flatnonzero(chosen)
    first, last = texts.corpus.sentence_first_row, texts.corpus.sentence_end_row
    return Windows(
        numbers, texts.places[numbers], texts.ends[numbers], first[numbers], last[numbers]
    )


def _around(texts: SentenceTexts, rows: Ints, before: int | None, behind: int | None) -> Windows:
    """Return the windows around rows that reach so many rows, None for all, to both sides."""
    corpus = texts.corpus
    sentence = corpus.row_sentence[rows].astype(np.int64)
    first, last = corpus.sentence_first_row[sentence], corpus.sentence_end_row[sentence]
    start, end, shift = texts.places[sentence], texts.ends[sentence], texts.shift[sentence]
    if before is not None:
        cut = rows - np.int32(before + 1)
        start = np.where(cut > first, shift + corpus.row_start[np.maximum(cut, first)], start)
        first = np.maximum(cut, first)
    if behind is not None:
        cut = rows + np.int32(behind + 2)
        end = np.where(cut < last, shift + corpus.row_end[np.minimum(cut, last) - 1], end)
        last = np.minimum(cut, last)
    begins = _firsts(start[1:] >= end[:-1], len(rows))
    ends = np.append(begins[1:], len(rows))[: len(begins)] - 1
    return Windows(sentence[begins], start[begins], end[ends], first[begins], last[ends])


def _firsts(fresh: Bools, size: int) -> Longs:
    """Return the first of some things, and those of which it is said that they are unlike the one before."""
    return np.append(0, np.flatnonzero(fresh) + 1)[:size]


def _reach(pieces: Pieces, number: int) -> tuple[int | None, int | None]:
    """Return how many rows a match can reach to both sides of the row of a piece."""
    most = [piece.most for piece in pieces.needed]
    before = [pieces.before, *most[1 : number + 1]]
    behind = [pieces.behind, *most[number + 1 :]]
    return _sum(before), _sum(behind)


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _stretches(needed: Sequence[Piece]) -> list[list[int]]:
    """Return pieces, by number, by the stretches in which it is known how many rows they are apart."""
    found: list[list[int]] = []
    for number, piece in enumerate(needed):
        if piece.most is None or piece.most > WIDE:
            found.append([])
        found[-1].append(number)
    return found


def _cost(pieces: Pieces, stretch: Sequence[int]) -> tuple[bool, int]:
    """Return what is less for a stretch that is quicker to ask, or likely to be in fewer rows."""
    own = [pieces.needed[number] for number in stretch]
    return not any(map(is_quick, own)), -max(piece.rare for piece in own)


def _anchors(
    texts: SentenceTexts, needed: Sequence[Piece], stretch: Sequence[int]
) -> tuple[int, Ints] | None:
    """Return a piece of a stretch, and the rows of it that have the others around; None if it is common.

    Pieces that must be searched for are not asked once there are few rows.
    """
    forms, sentences = texts.forms, len(texts.places)
    asked = {n: entries_with(texts, needed[n]) for n in stretch if is_quick(needed[n])}
    waiting = [number for number in stretch if number not in asked and needed[number].rare]
    waiting.sort(key=lambda number: needed[number].rare)
    counts = {number: forms.count(entries) for number, entries in asked.items()}
    while waiting and min(counts.values(), default=sentences * MANY) >= sentences * MANY:
        number = waiting.pop()
        asked[number] = entries_with(texts, needed[number])
        counts[number] = forms.count(asked[number])
    anchor = min(counts, key=counts.__getitem__, default=stretch[0])
    rows = None
    if counts.get(anchor, sentences * MANY) < sentences * MANY:
        rows = forms.rows(asked.pop(anchor))
    rows = _equal(texts, needed, stretch, anchor, rows)
    if rows is None:
        return None
    for number in (*asked, *reversed(waiting)):
        if number not in asked and len(rows) <= RARE * sentences:
            break
        first, last = _distance(needed, anchor, number)
        if last - first <= WIDE:
            mask = forms.mask(entries_with(texts, needed[number]))
            near = (_forms_at(texts, rows, shift) for shift in range(first, last + 1))
            rows = rows[np.logical_or.reduce([mask[each] for each in near])]
    return anchor, rows


def _equal(
    texts: SentenceTexts,
    needed: Sequence[Piece],
    stretch: Sequence[int],
    anchor: int,
    rows: Ints | None,
) -> Ints | None:
    """Return those of the rows of a piece, None for all, around which equal pieces are in equal rows."""
    forms = texts.forms
    for number in stretch:
        same = needed[number].same
        if same is None or same not in stretch:
            continue
        near, far = _distance(needed, anchor, same), _distance(needed, anchor, number)
        if near[0] == near[1] and far[0] == far[1]:
            if rows is None:
                rows = np.arange(len(forms.ids), dtype=np.int32)
            one, other = (_forms_at(texts, rows, shift) for shift, _ in (near, far))
            several = forms.mask(entries_with(texts, _NUMBER))
            rows = rows[(one == other) | several[one] | several[other]]
    return rows


def _forms_at(texts: SentenceTexts, rows: Ints, shift: int) -> Ints:
    return texts.forms.ids.take(rows + np.int32(shift), mode="clip")


def _distance(needed: Sequence[Piece], one: int, other: int) -> tuple[int, int]:
    """Return how many rows the row of a piece is behind that of another one, at least and at most."""
    first, last = min(one, other), max(one, other)
    between = needed[first + 1 : last + 1]
    low = sum(piece.low for piece in between)
    most = sum(piece.most or 0 for piece in between)
    return (low, most) if one <= other else (-most, -low)
