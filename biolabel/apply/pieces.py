r"""What of a regular expression must stand in single rows, wherever the expression matches.

A corpus has far fewer different rows than rows. An expression that matches within words only is asked
once of each different one; of any other one, its pieces are, and only sentences with a row for each
piece can match. A word is here what `\w+` matches, as long as it can be; sentences in which that is
not one row (`SentenceTexts.torn`) are left to the whole expression.
"""

import re
import re._constants as sre  # type: ignore[import-not-found] # no part of typeshed
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from biolabel.apply.searching import REPEATS, bodies

Part = tuple[str, int] | None
"""An expression for signs of one row, and its least width; None for what other signs could match."""
_BORDERS = {sre.AT_BOUNDARY: r"\b", sre.AT_NON_BOUNDARY: r"\B"}
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w"}
_OTHERS = {sre.CATEGORY_NOT_WORD: r"\W", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s"}
_NOT_WORD = (sre.CATEGORY, sre.CATEGORY_NOT_WORD)
_ALONE = frozenset("!#$%&()*+:;<=>?@[]^{|}~")
"""Signs of ASCII that are rows of their own, wherever they stand."""
_WIDEST = 1 << 10
"""Ranges of more signs are not looked through for what is no sign of a word."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What of an expression must stand in rows.

    whole: the expression matches nothing but parts of words, whatever stands around these words.
    sign: the expression matches one sign, which is always in a row.
    needed: expressions for `re` and google-re2, each of which matches in a row wherever the
    expression matches, those that match more signs first.
    """

    whole: bool
    needed: tuple[str, ...]
    sign: bool = False


@lru_cache(maxsize=1 << 10)
def pieces_of(source: str) -> Pieces:
    """Return the pieces of an expression that `re` compiles."""
    try:
        tree = parser.parse(source)
        if tree.getwidth()[0] == 0 or tree.state.flags & re.ASCII:
            return Pieces(whole=False, needed=())
        parts = list(_parts(tree.data, folded=bool(tree.state.flags & re.IGNORECASE)))
        whole = None not in parts and not any(map(_looks_around, _items(tree.data)))
        one = len(tree.data) == 1 and tree.data[0][0] in (sre.LITERAL, sre.IN)
        sign = one and any(part is not None for part in parts)
    except RecursionError:
        return Pieces(whole=False, needed=())
    found = sorted(_joined(parts), key=lambda piece: -piece[1])
    prefix = "(?i)" if tree.state.flags & re.IGNORECASE else ""
    needed = dict.fromkeys(f"{prefix}{piece}" for piece, width in found if width)
    return Pieces(whole, tuple(needed), sign)


def _joined(parts: Iterable[Part]) -> Iterator[tuple[str, int]]:
    """Yield the stretches of parts between those that other signs could match."""
    for other, run in groupby(parts, key=lambda part: part is None):
        if not other:
            texts, widths = zip(*(part for part in run if part is not None), strict=True)
            yield "".join(texts), sum(widths)


def _parts(items: Iterable[tuple[Any, Any]], *, folded: bool) -> Iterator[Part]:
    """Yield parts that match whatever the items match, in their order."""
    for kind, value in items:
        inner = [list(_parts(body.data, folded=folded)) for body in bodies(kind, value)]
        if kind is sre.AT:
            yield (_BORDERS.get(value, ""), 0)
        elif kind is sre.ASSERT_NOT:
            yield ("", 0)
        elif kind is sre.ASSERT:
            yield from (None, *inner[0], None)
        elif kind in (sre.LITERAL, sre.IN):
            yield from _sign(kind, value, folded=folded)
        elif kind is sre.BRANCH:
            yield from _branch(inner)
        elif kind in REPEATS:
            yield from _repeat(value[0], value[1], inner[0])
        elif kind is sre.ATOMIC_GROUP or (kind is sre.SUBPATTERN and value[1:3] == (0, 0)):
            yield from inner[0]
        else:
            yield None


def _branch(options: list[list[Part]]) -> Iterator[Part]:
    """Yield one part for what all options match, or a piece of each that stands alone."""
    alone = any(None in option for option in options)
    best = [max(_joined(option), key=lambda piece: piece[1], default=("", 0)) for option in options]
    least = min(width for _, width in best)
    part = (f"(?:{'|'.join(text for text, _ in best)})", least)
    if alone:
        yield from (None, part, None) if least else (None,)
    else:
        yield part


def _repeat(low: int, high: Any, inner: list[Part]) -> Iterator[Part]:
    if None in inner:
        yield from (None, *inner, None) if low else (None,)
        return
    text, width = next(_joined(inner), ("", 0))
    most = "" if high is sre.MAXREPEAT else high
    yield (f"(?:{text}){{{low},{most}}}", low * width)


def _sign(kind: Any, value: Any, *, folded: bool) -> Iterator[Part]:
    """Yield an expression for one sign; alone if it stands for itself, None if it may be in no row."""
    members = value if kind is sre.IN else [(kind, value)]
    negated = members[0][0] is sre.NEGATE
    words = _NOT_WORD in members if negated else all(_of_words(*member) for member in members)
    alone = all(each is sre.LITERAL and chr(code) in _ALONE for each, code in members)
    text = "".join(_member(*member) for member in members)
    if not (words or alone) or "\0" in text or (folded and not text.isascii()):
        yield None
        return
    part = (text if kind is sre.LITERAL else f"[{text}]"), 1
    yield from (None, part, None) if alone else (part,)


def _of_words(kind: Any, value: Any) -> bool:
    """Return whether a sign, or all of several, are signs of words."""
    if kind is sre.LITERAL:
        return _word(value)
    if kind is sre.RANGE:
        return value[1] - value[0] < _WIDEST and all(map(_word, range(value[0], value[1] + 1)))
    return value in _CATEGORIES


def _word(code: int) -> bool:
    return chr(code).isalnum() or chr(code) == "_"


def _member(kind: Any, value: Any) -> str:
    r"""Return a sign, or several, as `re` and google-re2 read them, \0 for what is never asked."""
    if kind is sre.NEGATE:
        return "^"
    if kind is sre.RANGE:
        return f"{_escaped(value[0])}-{_escaped(value[1])}"
    if kind is sre.CATEGORY:
        return _CATEGORIES.get(value) or _OTHERS.get(value, "\0")
    return _escaped(value)


def _escaped(code: int) -> str:
    sign = chr(code)
    return sign if sign.isalnum() or code > 127 else f"\\x{code:02x}"


def _items(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the items of an expression at any depth."""
    for kind, value in items:
        yield kind, value
        for body in bodies(kind, value):
            yield from _items(body.data)


def _looks_around(item: tuple[Any, Any]) -> bool:
    """Return whether an item asks what stands around, but for whether words begin and end there."""
    kind, value = item
    return kind in (sre.ASSERT, sre.ASSERT_NOT) or (kind is sre.AT and value not in _BORDERS)
