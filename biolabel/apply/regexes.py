"""Regular expressions over characters, as rows.

`re` says what matches. An expression that matches within words is searched for once in each different
word; any other one in the sentences that have a word for each of its pieces (`apply.pieces`).
google-re2 finds the same as `re` in linear time in plain texts, where it knows the expression.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, matches
from biolabel.apply.pieces import Piece, Pieces, pieces_of, words_of_piece
from biolabel.apply.searching import Searcher, linear, spans_of, tells_apart
from biolabel.apply.sentences import Lines, Part, SentenceTexts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.lang import tree

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

MANY = 2
"""Pieces in more rows than so many a sentence leave most sentences."""
RARE = 0.1
"""The rows a sentence of a piece below which asking others takes longer than searching."""
WIDE = 8
"""Pieces that may be more rows apart are looked for in the same sentence only."""
FEW = 0.02
"""The share of sentences below which no more pieces are asked: searching these is quicker."""


def regex_matches(texts: SentenceTexts, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    Raises:
        Runaway: if one sentence takes longer than `searching.SECONDS`.
    """
    searcher = Searcher(regex)
    quick = searcher.linear
    pieces = pieces_of(searcher.source)
    if not pieces.whole or quick is None:
        standing = quick is not None and not tells_apart(searcher.source)
        part = _possible(texts, pieces, standing=standing)
        return matches(*_in_sentences(texts, searcher, quick, part))
    rows = texts.forms.rows(_holding(texts, searcher, quick)).astype(np.int64)
    rows = rows[~texts.torn[texts.corpus.row_sentence[rows]]]
    first, end = _in_sentences(texts, searcher, quick, texts.torn_part)
    return matches(np.r_[rows, first], np.r_[rows + 1, end])


def sign_matches(forms: Vocabulary, regex: tree.Regex) -> Matches | None:
    """Return the rows in which an expression of one sign matches, None for any other expression.

    It needs no sentences. forms: the words as written.
    """
    searcher = Searcher(regex)
    if not pieces_of(searcher.source).sign:
        return None
    holding = np.array(searcher.found_in(forms.entries), dtype=bool)
    rows = np.flatnonzero(holding[forms.ids])
    return matches(rows, rows + 1)


def _in_sentences(
    texts: SentenceTexts, searcher: Searcher, quick: Any, part: Part
) -> tuple[Longs, Longs]:
    """Return first and end row of all matches in some sentences."""
    if quick is None:
        plain = texts.sentences.take(pa.array(part.lines.numbers)).to_pylist()
        strings = [*zip(part.lines.numbers.tolist(), plain, strict=True), *part.strings]
        found = _spans(searcher, sorted(strings, key=lambda pair: -len(pair[1])))
    else:
        in_lines = _in_lines(part.lines, quick)
        found = np.concatenate([in_lines, _spans(searcher, part.strings)], axis=1)
    sentence, start, end = found
    first = np.searchsorted(texts.row_ends, texts.places[sentence] + start, side="right")
    last = np.searchsorted(texts.row_starts, texts.places[sentence] + end)
    return first[first < last], last[first < last]


def _possible(texts: SentenceTexts, pieces: Pieces, *, standing: bool) -> Part:
    """Return the sentences in which an expression with such pieces can match, and maybe others."""
    possible = np.ones(len(texts.places), dtype=bool)
    for stretch in _stretches(pieces.needed):
        rows = _rows(texts, stretch)
        if rows is None:
            continue
        having = texts.torn.copy()
        having[texts.corpus.row_sentence[rows]] = True
        possible &= having
        if np.count_nonzero(possible) <= FEW * len(possible):
            break
    return texts.part(possible, standing=standing)


def _stretches(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return pieces by the stretches in which it is known how many rows they are apart."""
    found: list[list[Piece]] = []
    for piece in pieces:
        if piece.most is None or piece.most > WIDE:
            found.append([])
        found[-1].append(piece)
    return found


def _rows(texts: SentenceTexts, stretch: Sequence[Piece]) -> Ints | None:
    """Return the rows of the rarest of some pieces that have the others around, None if it is common.

    Pieces that are not asked yet are not worth it once another one is rare.
    """
    entries: dict[int, Ints] = {}
    counts: dict[int, int] = {}
    few = RARE * len(texts.places)
    for number in sorted(range(len(stretch)), key=lambda number: _cost(texts, stretch[number])):
        if _cost(texts, stretch[number]) and min(counts.values(), default=few) < few:
            break
        entries[number] = _with_piece(texts, stretch[number].source)
        counts[number] = texts.forms.count(entries[number])
    rarest = min(counts, key=counts.__getitem__)
    if counts[rarest] > MANY * len(texts.places):
        return None
    rows = texts.forms.rows(entries.pop(rarest))
    low = np.cumsum([0, *(piece.low for piece in stretch[1:])])
    most = np.cumsum([0, *(piece.most or 0 for piece in stretch[1:])])
    for number, found in entries.items():
        first, last = sorted((low[number] - low[rarest], most[number] - most[rarest]))
        if last - first <= WIDE:
            mask = texts.forms.mask(found)
            near = (rows + np.int32(shift) for shift in range(first, last + 1))
            holds = (mask[texts.forms.ids.take(each, mode="clip")] for each in near)
            rows = rows[np.logical_or.reduce(list(holds))]
    return rows


def _cost(texts: SentenceTexts, piece: Piece) -> float:
    """Return 0 for a piece that is quick to ask, else more for pieces that match fewer signs."""
    quick = piece.source in texts.with_piece or words_of_piece(piece.source) is not None
    return 0.0 if quick else 1 / piece.width


def _with_piece(texts: SentenceTexts, piece: str) -> Ints:
    """Return the different words, by number, in which a piece of an expression matches, or might."""
    if piece not in texts.with_piece:
        words, quick = words_of_piece(piece), linear(piece)
        if words is not None:
            found = np.array(texts.forms.numbers(words), np.int32)
        elif quick is None:
            found = np.arange(len(texts.forms.entries), dtype=np.int32)
        else:
            found = _holding(texts, Searcher(tree.Regex(piece)), quick)
        texts.with_piece[piece] = found
    return texts.with_piece[piece]


def _holding(texts: SentenceTexts, searcher: Searcher, quick: Any) -> Ints:
    """Return the different words, by number, in which an expression matches."""
    text, numbers, starts = texts.form_lines
    hits = spans_of(quick, text)[1]
    found = numbers[np.searchsorted(starts, hits, side="right") - 1]
    others = [number for number, _, _ in searcher.spans_in(texts.other_forms)]
    return np.unique(np.r_[found, np.array(others, np.int64)]).astype(np.int32)


def _spans(searcher: Searcher, strings: Sequence[tuple[int, str]]) -> Longs:
    """Return number, start and end of what `re` finds in each text: int64[3, matches]."""
    return np.array(searcher.spans_in(strings), dtype=np.int64).reshape(-1, 3).T


def _in_lines(lines: Lines, quick: Any) -> Longs:
    """Return number, start and end of what google-re2 finds in each line: int64[3, matches]."""
    found = spans_of(quick, lines.texts)
    found[0] = lines.numbers[found[0]]
    return found
