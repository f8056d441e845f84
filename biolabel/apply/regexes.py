"""Regular expressions over characters, as rows.

`re` says what matches. An expression that matches within words is searched for once in each different
word; any other one around the rows that hold its pieces (`apply.windows`). google-re2 finds the same as
`re` in linear time in plain texts, where it knows the expression.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.asked import entries_matching
from biolabel.apply.matches import Matches, matches
from biolabel.apply.pieces import pieces_of
from biolabel.apply.searching import Searcher, spans_of, tells_apart
from biolabel.apply.sentences import SentenceTexts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.apply.windows import Windows, whole, windows
from biolabel.lang import tree

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


def regex_matches(texts: SentenceTexts, regex: tree.Regex) -> Matches:
    """Return the rows that a regular expression touches, looked for within each sentence.

    Raises:
        Runaway: if one text takes longer than `searching.SECONDS`.
    """
    searcher = Searcher(regex)
    quick = searcher.linear
    pieces = pieces_of(searcher.source)
    if not pieces.whole or quick is None:
        return matches(*_rows(texts, searcher, quick, windows(texts, pieces)))
    rows = texts.forms.rows(entries_matching(texts, searcher, quick))
    rows = rows[~texts.torn[texts.corpus.row_sentence[rows]]]
    first, end = _rows(texts, searcher, quick, whole(texts, texts.torn))
    return matches(np.r_[rows, first], np.r_[rows + np.int32(1), end])


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


def _rows(
    texts: SentenceTexts, searcher: Searcher, quick: Any, where: Windows
) -> tuple[Ints, Ints]:
    """Return first and end row of all matches in some windows, those of google-re2 before those of `re`."""
    standing = quick is not None and not tells_apart(searcher.source)
    lines = (texts.alike if standing else texts.plain)[where.sentence] & (quick is not None)
    one = _by_lines(texts, quick, where, np.flatnonzero(lines))
    if lines.all():
        return one
    other = _by_texts(texts, searcher, where, np.flatnonzero(~lines))
    return np.concatenate([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _by_lines(
    texts: SentenceTexts, quick: Any, where: Windows, numbers: Longs
) -> tuple[Ints, Ints]:
    """Return what google-re2 finds in the signs of some windows."""
    start = where.start[numbers]
    number, *span = spans_of(quick, texts.signs.cut(start, where.end[numbers]))
    return where.rows(texts, numbers[number], *(start[number] + place for place in span))


def _by_texts(
    texts: SentenceTexts, searcher: Searcher, where: Windows, numbers: Longs
) -> tuple[Ints, Ints]:
    """Return what `re` finds in some windows as they are written."""
    written = texts.signs.texts(where.start[numbers], where.end[numbers])
    # What takes too long shows soonest in the longest.
    pairs = sorted(zip(numbers.tolist(), written, strict=True), key=lambda pair: -len(pair[1]))
    number, *span = np.array(sorted(searcher.spans_in(pairs)), np.int64).reshape(-1, 3).T
    return where.rows(texts, number, *(where.start[number] + place for place in span))
