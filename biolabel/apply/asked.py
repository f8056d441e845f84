"""Which different words of a corpus an expression matches in.

Each is asked once, all as one text where they are of ASCII, and those that a piece of an expression
holds in are kept for the next expression that has it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.pieces import Piece, words_of_piece
from biolabel.apply.searching import Searcher, linear, starts_of, tells_apart
from biolabel.apply.sentences import Lines, SentenceTexts
from biolabel.lang import tree

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


def is_quick(texts: SentenceTexts, piece: Piece) -> bool:
    """Return whether `entries_with` need not search for a piece."""
    return piece.source in texts.with_piece or words_of_piece(piece.source) is not None


def entries_with(texts: SentenceTexts, piece: Piece) -> Ints:
    """Return the different words, by number, in which a piece matches, or might."""
    source = piece.source
    if source not in texts.with_piece:
        words, quick = words_of_piece(source), linear(source)
        if words is not None:
            found = np.array(texts.forms.numbers(words), np.int32)
        elif quick is None:
            found = np.arange(len(texts.forms.entries), dtype=np.int32)
        else:
            found = entries_matching(texts, Searcher(tree.Regex(source)), quick)
        texts.with_piece[source] = found
    return texts.with_piece[source]


def entries_matching(texts: SentenceTexts, searcher: Searcher, quick: Any) -> Ints:
    """Return the different words, by number, in which an expression matches."""
    lines = texts.lines
    strings = lines.odd if tells_apart(searcher.source) else lines.singular
    found = np.zeros(len(lines.starts), dtype=bool)
    found[np.searchsorted(lines.ends, starts_of(quick, lines.text), side="right")] = True
    found &= ~strings
    if strings.any():
        found[_written(lines, searcher, np.flatnonzero(strings))] = True
    return np.flatnonzero(found).astype(np.int32)


def _written(lines: Lines, searcher: Searcher, numbers: Longs) -> list[int]:
    """Return those of some words, by number, in which `re` finds an expression."""
    texts = lines.signs.texts(lines.starts[numbers], lines.ends[numbers])
    # What takes too long shows soonest in the longest.
    pairs = sorted(zip(numbers.tolist(), texts, strict=True), key=lambda pair: -len(pair[1]))
    return [number for number, _, _ in searcher.spans_in(pairs)]
