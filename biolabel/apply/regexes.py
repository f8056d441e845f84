"""Regular expressions over characters, as rows.

`re` says what matches. An expression that matches within words is searched for once in each different
word; any other one in the sentences that have a word for each of its pieces (`apply.pieces`).
google-re2 finds the same as `re` in linear time in plain texts, where it knows the expression.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from biolabel.apply.matches import Matches, matches
from biolabel.apply.pieces import Pieces, pieces_of
from biolabel.apply.searching import Searcher, linear
from biolabel.apply.sentences import Lines, Part, SentenceTexts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.lang import tree

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

COMMON = 256
"""A piece that matches more often in the different words says too little to be worth its hits.

The expressions of benchmarks/engine.py take the same time with 128 to 512.
"""
FEW = 0.02
"""The share of sentences below which no more pieces are asked: searching these is quicker."""
# What a line among others does not match, though it would alone.
_BEGINNING = re.compile(r"\\A|\(\?[a-z]*-")


def regex_matches(texts: SentenceTexts, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    Raises:
        Runaway: if one sentence takes longer than `searching.SECONDS`.
    """
    searcher = Searcher(regex)
    alone = _BEGINNING.search(searcher.source)
    quick = None if alone else linear(searcher.source, lines=True)
    pieces = pieces_of(searcher.source)
    if not pieces.whole or quick is None:
        return matches(*_in_sentences(texts, searcher, quick, _possible(texts, pieces)))
    rows = _in_words(texts, searcher, quick)
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


def _in_words(texts: SentenceTexts, searcher: Searcher, quick: Any) -> Longs:
    """Return the rows in which an expression matches that matches in words only."""
    found = _in_lines(texts.form_lines, quick)[0]
    others = _spans(searcher, texts.other_forms)[0]
    return texts.forms.rows(np.unique(np.r_[found, others]).astype(np.int32)).astype(np.int64)


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


def _possible(texts: SentenceTexts, pieces: Pieces) -> Part:
    """Return the sentences in which an expression with such pieces can match, and maybe others."""
    possible = np.ones(len(texts.places), dtype=bool)
    for piece in pieces.needed:
        if piece not in texts.with_piece:
            texts.with_piece[piece] = _with_piece(texts, piece)
        having = texts.with_piece[piece]
        if having is not None:
            possible &= having
        if np.count_nonzero(possible) <= FEW * len(possible):
            break
    return texts.everywhere if possible.all() else texts.part(possible)


def _with_piece(texts: SentenceTexts, piece: str) -> Bools | None:
    """Return the sentences that have a word for a piece, or a torn one; None for a common piece."""
    quick = linear(piece, lines=True)
    if quick is None:
        return None
    hits = list(islice(quick.finditer(texts.form_lines.text), COMMON + 1))
    if len(hits) > COMMON:
        return None
    found = _entries(texts.form_lines, [hit.start() for hit in hits])
    others = _spans(Searcher(tree.Regex(piece)), texts.other_forms)[0]
    rows = texts.forms.rows(np.unique(np.r_[found, others]).astype(np.int32))
    having = texts.torn.copy()
    having[texts.corpus.row_sentence[rows]] = True
    return having


def _spans(searcher: Searcher, strings: Sequence[tuple[int, str]]) -> Longs:
    """Return number, start and end of what `re` finds in each text: int64[3, matches]."""
    return np.array(searcher.spans_in(strings), dtype=np.int64).reshape(-1, 3).T


def _in_lines(lines: Lines, quick: Any) -> Longs:
    """Return number, start and end of what google-re2 finds in each line: int64[3, matches]."""
    spans = np.array([hit.span() for hit in quick.finditer(lines.text)], dtype=np.int64)
    start, end = spans.reshape(-1, 2).T
    line = np.searchsorted(lines.starts, start, side="right") - 1
    begins = lines.starts[line]
    return np.stack([lines.numbers[line], start - begins, end - begins])


def _entries(lines: Lines, starts: list[int]) -> Longs:
    """Return the numbers of the lines in which hits begin."""
    return lines.numbers[np.searchsorted(lines.starts, starts, side="right") - 1]
