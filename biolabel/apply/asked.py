"""Which different words of a corpus an expression matches in.

Each is asked once, all as one text where they are of ASCII, and those that a piece of an expression
holds in are kept for the next expression that has it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.pieces import Piece, literals_of, signs_of_piece, words_of_piece
from biolabel.apply.searching import Searcher, linear, starts_of, tells_apart
from biolabel.apply.sentences import Lines, SentenceTexts
from biolabel.lang import tree

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


def is_quick(piece: Piece) -> bool:
    """Return whether `entries_with` need not search for a piece."""
    return words_of_piece(piece.source) is not None


def entries_with(texts: SentenceTexts, piece: Piece) -> Ints:
    """Return the different words, by number, in which a piece matches, or might."""
    source = piece.source
    if source not in texts.with_piece:
        words, signs = words_of_piece(source), signs_of_piece(source)
        quick = linear(source)
        if words is not None:
            found = np.array(texts.forms.numbers(words), np.int32)
        elif signs is not None:
            found = _with_signs(texts.lines, *signs)
        elif quick is None:
            found = np.arange(len(texts.forms.entries), dtype=np.int32)
        else:
            found = entries_matching(texts, Searcher(tree.Regex(source)), quick)
        texts.with_piece[source] = found
    return texts.with_piece[source]


def _with_signs(lines: Lines, signs: frozenset[int], many: int) -> Ints:
    """Return the different words, by number, that have so many of some signs in a row, or might."""
    table = bytes(code in signs for code in range(256))
    begins = np.frombuffer(lines.signs.codes.tobytes().translate(table), bool)
    for _ in range(many - 1):
        begins = begins[:-1] & begins[1:]
    found = lines.singular.copy()
    found[lines.of_sign[np.flatnonzero(begins)]] = True
    return np.flatnonzero(found).astype(np.int32)


def entries_matching(texts: SentenceTexts, searcher: Searcher, quick: Any) -> Ints:
    """Return the different words, by number, in which an expression matches."""
    lines = texts.lines
    literals = literals_of(searcher.source)
    if literals:
        some = {number for literal in literals for number in _having(lines, literal)}
        numbers = _written(lines, searcher, np.array(sorted(some), np.int64))
        return np.unique(np.array(numbers, np.int32))
    strings = lines.odd if tells_apart(searcher.source) else lines.singular
    found = np.zeros(len(lines.starts), dtype=bool)
    found[lines.of_sign[starts_of(quick, lines.text)]] = True
    found &= ~strings
    if strings.any():
        found[_written(lines, searcher, np.flatnonzero(strings))] = True
    return np.flatnonzero(found).astype(np.int32)


def _having(lines: Lines, literal: str) -> Iterator[int]:
    """Yield the different words, by number, in which letters and digits of ASCII stand."""
    at = lines.read.find(literal)
    while at >= 0:
        yield (number := int(lines.of_sign[at]))
        at = lines.read.find(literal, lines.ends[number])


def _written(lines: Lines, searcher: Searcher, numbers: Longs) -> list[int]:
    """Return those of some words, by number, in which `re` finds an expression."""
    texts = lines.signs.texts(lines.starts[numbers], lines.ends[numbers])
    # What takes too long shows soonest in the longest.
    pairs = sorted(zip(numbers.tolist(), texts, strict=True), key=lambda pair: -len(pair[1]))
    return [number for number, _, _ in searcher.spans_in(pairs)]
