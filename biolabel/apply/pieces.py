r"""What of a regular expression must stand in single rows, wherever the expression matches.

A corpus has far fewer different rows than rows. An expression that matches within words only is asked
once of each different one; of any other one, its pieces are, and it is looked for around the rows that
hold them (`apply.windows`). Sentences in which words are not rows (`SentenceTexts.torn`) are left to
the whole expression.
"""

import re
import re._constants as sre  # type: ignore[import-not-found] # no part of typeshed
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from biolabel.apply.parts import (
    Part,
    Reader,
    Run,
    bordered,
    gap_of,
    is_alone,
    items_of,
    looks_around,
    turns,
)
from biolabel.apply.searching import REPEATS, bodies

_MOST_WORDS = 64
"""Pieces for more words are searched for."""
_LITERAL, _FEW_LITERALS = 3, 3
"""Looking for so many texts of so many signs takes a third of a search for the expression, or less."""
_STUBBORN = (sre.ASSERT_NOT, sre.ATOMIC_GROUP, sre.POSSESSIVE_REPEAT)


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression for `re` and google-re2 that matches in one row, wherever the whole matches.

    rare: how many of the signs it matches can not be just any small letter. low, most: how many rows
    behind that of the piece before it this row is, at least and at most; None if it may be anywhere in
    the sentence. same: the piece before it, by number, that stands in an equal row, None if any may.
    """

    source: str
    rare: int
    low: int = 0
    most: int | None = None
    same: int | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """What of an expression must stand in rows.

    whole: the expression matches nothing but parts of words, whatever stands around these words.
    sign: the expression matches one sign, which is always in a row.
    needed: in their order in the expression. before, behind: how many rows can begin in a match, and
    in what is read for it, before the row of the first of them, and behind that of the last; None if
    that is not bounded.
    """

    whole: bool
    needed: tuple[Piece, ...]
    sign: bool = False
    before: int | None = None
    behind: int | None = None


@lru_cache(maxsize=1 << 10)
def pieces_of(source: str) -> Pieces:
    """Return the pieces of an expression that `re` compiles."""
    try:
        tree = parser.parse(source)
        if tree.getwidth()[0] == 0 or tree.state.flags & re.ASCII:
            return Pieces(whole=False, needed=())
        folded = bool(tree.state.flags & re.IGNORECASE)
        parts = list(Reader(folded).parts(tree.data))
        runs_only = all(isinstance(part, Run) for part in parts)
        whole = runs_only and not any(map(looks_around, items_of(tree.data)))
        one = len(tree.data) == 1 and tree.data[0][0] in (sre.LITERAL, sre.IN)
        sign = one and any(isinstance(part, Run) for part in parts)
        parts = _trimmed(tree.data, parts)
        before, behind = _around(tree.data, parts)
    except RecursionError:
        return Pieces(whole=False, needed=())
    prefix = "(?i)" if folded else ""
    needed = (replace(each, source=f"{prefix}{each.source}") for each in _chain(parts, folded))
    return Pieces(whole, tuple(needed), sign, before, behind)


@lru_cache(maxsize=1 << 10)
def words_of_piece(source: str) -> frozenset[str] | None:
    """Return the rows that a piece matches in, as words or signs, None if these are many or not known."""
    tree = parser.parse(source)
    items = list(tree.data)
    border = (sre.AT, sre.AT_BOUNDARY)
    if tree.state.flags & re.IGNORECASE:
        return None
    found = frozenset(_texts([item for item in items if item != border]) or ())
    if found and all(len(text) == 1 and is_alone(text) for text in found):
        return found
    bordered = [items[:1], items[-1:]] == [[border]] * 2
    return found if found and bordered and all(map(str.isalpha, found)) else None


@lru_cache(maxsize=1 << 10)
def literals_of(source: str) -> frozenset[str]:
    """Return texts one of which stands in whatever an expression matches, none if few are not known."""
    tree = parser.parse(source)
    if tree.state.flags & re.IGNORECASE:
        return frozenset()
    options: list[list[str]] = []
    for literal, group in groupby(tree.data, key=lambda item: item[0] is sre.LITERAL):
        items = list(group)
        options += [_texts(items) or []] if literal else [_texts([item]) or [] for item in items]
    usual = [texts for texts in options if texts and all(map(_is_telling, texts))]
    best = min(usual, key=len, default=[])
    return frozenset(best if len(best) <= _FEW_LITERALS else [])


def _is_telling(text: str) -> bool:
    return len(text) >= _LITERAL and text.isalnum() and text.isascii()


@lru_cache(maxsize=1 << 10)
def signs_of_piece(source: str) -> tuple[frozenset[int], int] | None:
    """Return signs of ASCII, and how many of them stand in a row wherever a piece matches.

    A row without a sign beyond ASCII that has so many may be one in which the piece does not match.
    None if a piece is more than repeats of one of several signs, or can be of others than ASCII's.
    """
    tree = parser.parse(source)
    items = [item for item in tree.data if item[0] is not sre.AT]
    if tree.state.flags & re.IGNORECASE or len(items) != 1 or items[0][0] is not sre.MAX_REPEAT:
        return None
    low, _, body = items[0][1]
    if len(body) != 1 or body[0][0] is not sre.IN:
        return None
    found: set[int] = set()
    for kind, value in body[0][1]:
        if kind is sre.RANGE:
            found |= set(range(value[0], value[1] + 1))
        elif kind is sre.LITERAL:
            found.add(value)
        elif value is sre.CATEGORY_DIGIT:
            found |= set(range(ord("0"), ord("9") + 1))
        else:
            return None
    return (frozenset(found), low) if low and max(found) < 128 else None


def _texts(items: Iterable[tuple[Any, Any]]) -> list[str] | None:
    """Return all texts that items match, None if these are many or not known."""
    found = [""]
    for kind, value in items:
        inner = [_texts(body.data) for body in bodies(kind, value)]
        known = [texts for texts in inner if texts is not None]
        if len(known) < len(inner):
            return None
        if kind is sre.LITERAL:
            next_ = [chr(value)]
        elif kind is sre.IN and all(each is sre.LITERAL for each, _ in value):
            next_ = [chr(code) for _, code in value]
        elif kind is sre.BRANCH:
            next_ = [text for texts in known for text in texts]
        elif kind in REPEATS and value[1] == 1:
            next_ = [*known[0], *([""] if not value[0] else [])]
        elif kind is sre.SUBPATTERN and value[1:3] == (0, 0):
            next_ = known[0]
        else:
            return None
        found = [one + other for one in found for other in next_]
        if len(found) > _MOST_WORDS:
            return None
    return found


def _trimmed(items: Sequence[tuple[Any, Any]], parts: list[Part]) -> list[Part]:
    """Return parts without what goes on behind a look-ahead at the end, or before a look-behind."""
    first, last = items[0], items[-1]
    start = int(first[0] is sre.ASSERT and first[1][0] < 0)
    end = len(parts) - int(last[0] is sre.ASSERT and last[1][0] > 0)
    return parts[start:end]


def _around(
    items: Sequence[tuple[Any, Any]], parts: Sequence[Part]
) -> tuple[int | None, int | None]:
    """Return how many rows can begin before the first piece, and behind the last one.

    What an expression refuses, or takes and never gives back, may reach as far as all of it.
    """
    gaps, _ = turns(parts)
    before, behind, whole = gaps[0].most, gaps[-1].most, gap_of(parts).most
    stubborn = [(kind, value) for kind, value in items_of(items) if kind in _STUBBORN]
    if not stubborn and (whole is not None or not any(map(looks_around, items_of(items)))):
        return before, behind
    inner = (gap_of(Reader(False).parts(body.data)) for item in stubborn for body in bodies(*item))
    reaches = [whole, *(gap.most for gap in inner)]
    reach = sum(most for most in reaches if most is not None)
    return (None, None) if None in reaches else (reach, reach)


def _chain(parts: Sequence[Part], folded: bool) -> Iterator[Piece]:
    """Yield the pieces of parts, with the rows between them."""
    gaps, _ = turns(parts)
    rows: dict[int, int] = {}
    for number, run in enumerate(bordered(parts)):
        before = gaps[number]
        most = None if before.most is None or not number else before.most + 1
        same = None
        row = run.text.startswith(r"\b") and run.text.endswith(r"\b")
        if run.group is not None and row and not folded:
            same = rows.get(run.group)
            rows.setdefault(run.group, number)
        yield Piece(run.text, run.rare, before.low, most, same)
