r"""What of a regular expression must stand in single rows, wherever the expression matches.

A corpus has far fewer different rows than rows. An expression that matches within words only is asked
once of each different one; of any other one, its pieces are, and only sentences with a row for each
piece can match. A word is here what `\w+` matches, as long as it can be; sentences in which that is
not one row (`SentenceTexts.torn`) are left to the whole expression.
"""

import re
import re._constants as sre  # type: ignore[import-not-found] # no part of typeshed
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from itertools import groupby, pairwise
from typing import Any

from biolabel.apply.searching import REPEATS, bodies
from biolabel.data.words import SOFT

_BORDERS = {sre.AT_BOUNDARY: r"\b", sre.AT_NON_BOUNDARY: r"\B"}
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w"}
_OTHERS = {sre.CATEGORY_NOT_WORD: r"\W", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s"}
_NOT_WORD = (sre.CATEGORY, sre.CATEGORY_NOT_WORD)
_BLANKS = ((sre.CATEGORY, sre.CATEGORY_SPACE), (sre.LITERAL, ord(" ")))
_ALONE = frozenset("!#$%&()*+:;<=>?@[]^{|}~")
"""Signs of ASCII that are rows of their own, wherever they stand."""
_MOST_WORDS = 64
"""Pieces for more words are searched for."""
_WIDEST = 1 << 10
"""Ranges of more signs are not looked through for what is no sign of a word."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression for `re` and google-re2 that matches in one row, wherever the whole matches.

    width: the fewest signs it matches. low, most: how many rows behind that of the piece before it
    this row is, at least and at most; None if it may be anywhere in the sentence.
    """

    source: str
    width: int
    low: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """What of an expression must stand in rows.

    whole: the expression matches nothing but parts of words, whatever stands around these words.
    sign: the expression matches one sign, which is always in a row.
    needed: in their order in the expression.
    """

    whole: bool
    needed: tuple[Piece, ...]
    sign: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch in one row: an expression, and its least width; alone if it can be a sign of no word."""

    text: str
    width: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Gap:
    """What may stand in no row, or in several.

    low: 1 if something in it surely parts rows; most: how many rows can begin in it; left, right:
    whether its first and last sign, if it has any, are no signs of words; empty: whether it can be so.
    """

    low: int = 0
    most: int | None = None
    left: bool = False
    right: bool = False
    empty: bool = True


Part = _Run | _Gap
_NOTHING = _Gap(0, 0, True, True)
_ANYTHING = _Gap()
_PARTING = _Gap(1, 0, True, True, False)


@lru_cache(maxsize=1 << 10)
def pieces_of(source: str) -> Pieces:
    """Return the pieces of an expression that `re` compiles."""
    try:
        tree = parser.parse(source)
        if tree.getwidth()[0] == 0 or tree.state.flags & re.ASCII:
            return Pieces(whole=False, needed=())
        parts = list(_parts(tree.data, folded=bool(tree.state.flags & re.IGNORECASE)))
        gaps = any(isinstance(part, _Gap) for part in parts)
        whole = not gaps and not any(map(_looks_around, _items(tree.data)))
        one = len(tree.data) == 1 and tree.data[0][0] in (sre.LITERAL, sre.IN)
        sign = one and any(isinstance(part, _Run) for part in parts)
    except RecursionError:
        return Pieces(whole=False, needed=())
    prefix = "(?i)" if tree.state.flags & re.IGNORECASE else ""
    needed = (replace(each, source=f"{prefix}{each.source}") for each in _chain(parts))
    return Pieces(whole, tuple(needed), sign)


@lru_cache(maxsize=1 << 10)
def words_of_piece(source: str) -> frozenset[str] | None:
    """Return the words of letters that a piece matches in, None if these are many or not whole words."""
    tree = parser.parse(source)
    items = list(tree.data)
    border = (sre.AT, sre.AT_BOUNDARY)
    if tree.state.flags & re.IGNORECASE or [items[:1], items[-1:]] != [[border]] * 2:
        return None
    words = _texts([item for item in items if item != border])
    found = frozenset(words or ())
    return found if found and all(word.isalpha() for word in found) else None


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


def _chain(parts: Iterable[Part]) -> Iterator[Piece]:
    """Yield the runs of parts that match a sign at least, with the rows between them.

    Next to a sign of no word, a run is at the border of its word.
    """
    gaps, runs = _turns(parts)
    for number, (run, (before, behind)) in enumerate(zip(runs, pairwise(gaps), strict=True)):
        left = r"\b" if before.right and not before.empty and not run.alone else ""
        right = r"\b" if behind.left and not behind.empty and not run.alone else ""
        most = None if before.most is None or not number else before.most + 1
        yield Piece(f"{left}{run.text}{right}", run.width, before.low, most)


def _turns(parts: Iterable[Part]) -> tuple[list[_Gap], list[_Run]]:
    """Return parts as gaps and the runs between them; runs that may match nothing count as gaps."""
    gaps, runs = [_NOTHING], list[_Run]()
    for _, group in groupby(parts, key=lambda part: isinstance(part, _Gap)):
        members = list(group)
        stretch = [part for part in members if isinstance(part, _Run)]
        width = sum(run.width for run in stretch)
        if width:
            alone = any(run.alone for run in stretch)
            runs.append(_Run("".join(run.text for run in stretch), width, alone))
            gaps.append(_NOTHING)
        else:
            gaps[-1] = _both(gaps[-1], _gap(members))
    return gaps, runs


def _both(one: _Gap, other: _Gap) -> _Gap:
    """Return the gap of one gap behind another."""
    return _Gap(
        max(one.low, other.low),
        None if one.most is None or other.most is None else one.most + other.most,
        one.left and (not one.empty or other.left),
        other.right and (not other.empty or one.right),
        one.empty and other.empty,
    )


def _either(one: _Gap, other: _Gap) -> _Gap:
    """Return the gap that is one or the other."""
    return _Gap(
        min(one.low, other.low),
        None if one.most is None or other.most is None else max(one.most, other.most),
        one.left and other.left,
        one.right and other.right,
        one.empty or other.empty,
    )


def _gap(parts: Iterable[Part]) -> _Gap:
    """Return parts as one gap."""
    gaps = (part if isinstance(part, _Gap) else _Gap(0, 1, empty=not part.width) for part in parts)
    return reduce(_both, gaps, _NOTHING)


def _runs(parts: Iterable[Part]) -> bool:
    return any(isinstance(part, _Run) and part.width for part in parts)


def _parts(items: Iterable[tuple[Any, Any]], *, folded: bool) -> Iterator[Part]:
    """Yield parts that match whatever the items match, in their order."""
    for kind, value in items:
        inner = [list(_parts(body.data, folded=folded)) for body in bodies(kind, value)]
        if kind is sre.AT:
            yield _Run(_BORDERS.get(value, ""), 0)
        elif kind is sre.ASSERT_NOT:
            yield _Run("", 0)
        elif kind is sre.ASSERT:
            # What goes on behind a look-ahead stands where it looked.
            yield from (_ANYTHING, *inner[0]) if value[0] < 0 else (*inner[0], _ANYTHING)
        elif kind in (sre.LITERAL, sre.IN):
            yield from _sign(kind, value, folded=folded)
        elif kind is sre.BRANCH:
            yield from _branch(inner)
        elif kind in REPEATS:
            yield from _repeat(value[0], value[1], inner[0])
        elif kind is sre.ATOMIC_GROUP or (kind is sre.SUBPATTERN and value[1:3] == (0, 0)):
            yield from inner[0]
        elif kind in (sre.ANY, sre.NOT_LITERAL):
            yield _Gap(0, 1, empty=False)
        else:
            yield _ANYTHING


def _branch(options: list[list[Part]]) -> Iterator[Part]:
    """Yield one part for what all options match, or a piece of each between gaps."""
    if not any(isinstance(part, _Gap) for option in options for part in option):
        texts = ["".join(part.text for part in each if isinstance(part, _Run)) for each in options]
        widths = [sum(part.width for part in each if isinstance(part, _Run)) for each in options]
        yield _Run(f"(?:{'|'.join(texts)})", min(widths))
        return
    around = reduce(_either, map(_gap, options))
    if not all(map(_runs, options)):
        yield around
        return
    best = [max(_chain(option), key=lambda piece: piece.width) for option in options]
    beside = _Gap(0, around.most)
    text = "|".join(piece.source for piece in best)
    yield from (beside, _Run(f"(?:{text})", min(piece.width for piece in best), True), beside)


def _repeat(low: int, high: Any, inner: list[Part]) -> Iterator[Part]:
    endless = high is sre.MAXREPEAT
    if not any(isinstance(part, _Gap) for part in inner):
        run = "".join(part.text for part in inner if isinstance(part, _Run))
        width = sum(part.width for part in inner if isinstance(part, _Run))
        yield _Run(f"(?:{run}){{{low},{'' if endless else high}}}", low * width)
        return
    once = _gap(inner)
    most = 0 if once.most == 0 else None if endless or once.most is None else once.most * high
    if not low or not _runs(inner):
        yield replace(once, low=once.low if low else 0, most=most, empty=once.empty or not low)
    elif high == 1:
        yield from inner
    else:
        yield from (_Gap(0, most), *inner, _Gap(0, most))


def _sign(kind: Any, value: Any, *, folded: bool) -> Iterator[Part]:
    """Yield a run for a sign of words, a run between gaps for one alone, a gap for any other."""
    members = value if kind is sre.IN else [(kind, value)]
    negated = members[0][0] is sre.NEGATE
    words = _NOT_WORD in members if negated else all(_of_words(*member) for member in members)
    signs = not negated and all(each is sre.LITERAL for each, _ in members)
    alone = signs and all(chr(code) in _ALONE for _, code in members)
    text = "".join(_member(*member) for member in members)
    if not (words or alone) or "\0" in text or (folded and not text.isascii()):
        yield _between(members, negated=negated, signs=signs)
        return
    run = _Run(text if kind is sre.LITERAL else f"[{text}]", 1, alone)
    yield from (_PARTING, run, _PARTING) if alone else (run,)


def _between(members: Sequence[tuple[Any, Any]], *, negated: bool, signs: bool) -> _Gap:
    """Return the gap that a sign makes: one of the members, or any other."""
    if not negated and all(member in _BLANKS for member in members):
        return _PARTING
    if not signs or any(_word(code) or code > 127 for _, code in members):
        return _Gap(0, 1, empty=False)
    rowless = all(chr(code) in SOFT or chr(code).isspace() for _, code in members)
    # Numbers have signs in one row: "0.05".
    inside = any(chr(code) in ".," for _, code in members)
    return _Gap(int(not inside), int(not rowless), True, True, False)


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
