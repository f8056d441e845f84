r"""A regular expression as what must stand in single rows, and what may stand between and beside.

A word is here what `\w+` matches, as long as it can be; where that is not one row
(`SentenceTexts.torn`), nothing of this holds.
"""

import re._constants as sre  # type: ignore[import-not-found] # no part of typeshed
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import groupby
from typing import Any

from biolabel.apply.searching import REPEATS, bodies
from biolabel.data.words import SOFT

_BORDERS = {sre.AT_BOUNDARY: r"\b", sre.AT_NON_BOUNDARY: r"\B"}
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_WORD: r"\w"}
_OTHERS = {sre.CATEGORY_NOT_WORD: r"\W", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s"}
_NOT_WORD = (sre.CATEGORY, sre.CATEGORY_NOT_WORD)
_BLANKS = ((sre.CATEGORY, sre.CATEGORY_SPACE), (sre.LITERAL, ord(" ")))
_WIDEST = 1 << 10
"""Ranges of more signs are not looked through for what is no sign of a word."""
_PLACED = (sre.AT, sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF, sre.GROUPREF_EXISTS)
"""Items that match or not by what stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch in one row.

    text: an expression for it; width: the fewest signs it matches; rare: how many of these can not be
    just any small letter; alone: it can be a sign of no word; group: the group whose text it is, None
    if it is more, less or of no group.
    """

    text: str
    width: int
    rare: int = 0
    alone: bool = False
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What may stand in no row, or in several.

    low: 1 if something in it surely parts rows; most: how many rows can begin in it; left, right:
    whether its first and last sign, if it has any, are no signs of words; empty: whether it can be so,
    without being at the border of a word.
    """

    low: int = 0
    most: int | None = None
    left: bool = False
    right: bool = False
    empty: bool = True


Part = Run | Gap
NOTHING = Gap(0, 0, True, True)
"""The gap between what stands side by side."""
ANYTHING = Gap()
"""The gap of which nothing is known."""
_PARTING = Gap(1, 0, True, True, False)
_BORDER = Gap(0, 0, True, True, False)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads items as parts; folded: case does not matter; groups: the parts of each group, once read."""

    folded: bool
    groups: dict[int, list[Part]] = field(default_factory=dict)

    def parts(self, items: Iterable[tuple[Any, Any]]) -> Iterator[Part]:
        """Yield parts that match whatever the items match, in their order."""
        for kind, value in items:
            inner = [list(self.parts(body.data)) for body in bodies(kind, value)]
            if kind is sre.AT:
                yield Run(_BORDERS.get(value, ""), 0)
            elif kind is sre.ASSERT_NOT:
                yield Run("", 0)
            elif kind is sre.ASSERT:
                # What goes on behind a look-ahead stands where it looked.
                yield from (ANYTHING, *inner[0]) if value[0] < 0 else (*inner[0], ANYTHING)
            elif kind in (sre.LITERAL, sre.IN):
                yield from _sign(kind, value, folded=self.folded)
            elif kind is sre.BRANCH:
                yield from _branch(inner)
            elif kind in REPEATS:
                yield from _repeat(value[0], value[1], inner[0])
            elif kind is sre.ATOMIC_GROUP:
                yield from inner[0]
            elif kind is sre.SUBPATTERN and value[1:3] == (0, 0):
                yield from self._group(value[0], value[3], inner[0])
            elif kind is sre.GROUPREF:
                yield from self.groups.get(value, [ANYTHING])
            elif kind in (sre.ANY, sre.NOT_LITERAL):
                yield Gap(0, 1, empty=False)
            else:
                # Groups in it may match otherwise than they read: `(?i:(a))`.
                self.groups.clear()
                yield ANYTHING

    def _group(self, number: int | None, body: Any, inner: list[Part]) -> list[Part]:
        """Return the parts of a group, kept for what refers to it."""
        if number is None:
            return inner
        runs = [part for part in inner if isinstance(part, Run)]
        found = [replace(run_of(runs), group=number)] if len(runs) == len(inner) else inner
        placed = any(kind in _PLACED for kind, _ in items_of(body.data))
        self.groups[number] = [ANYTHING] if placed else [*found]
        return [*found]


def items_of(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the items of an expression at any depth."""
    for kind, value in items:
        yield kind, value
        for body in bodies(kind, value):
            yield from items_of(body.data)


def looks_around(item: tuple[Any, Any]) -> bool:
    """Return whether an item asks what stands around, but for whether words begin and end there."""
    kind, value = item
    return kind in (sre.ASSERT, sre.ASSERT_NOT) or (kind is sre.AT and value not in _BORDERS)


def is_alone(sign: str) -> bool:
    """Return whether a sign is a row of its own, wherever it stands."""
    other = sign.isalnum() or sign.isspace() or sign in SOFT
    return not (other or sign in "_.,")  # numbers have signs in one row: "0.05"


def run_of(runs: Sequence[Run]) -> Run:
    """Return runs that stand side by side as one."""
    wide = [run for run in runs if run.width]
    bare = all(run.width or run.text in ("", *_BORDERS.values()) for run in runs)
    return Run(
        "".join(run.text for run in runs),
        sum(run.width for run in runs),
        sum(run.rare for run in runs),
        any(run.alone for run in runs),
        wide[0].group if len(wide) == 1 and bare else None,
    )


def turns(parts: Iterable[Part]) -> tuple[list[Gap], list[Run]]:
    """Return parts as gaps and the runs between them; runs that may match nothing count as gaps."""
    gaps, runs = [NOTHING], list[Run]()
    for _, group in groupby(parts, key=lambda part: isinstance(part, Gap)):
        members = list(group)
        run = run_of([part for part in members if isinstance(part, Run)])
        if run.width:
            runs.append(run)
            gaps.append(NOTHING)
        else:
            gaps[-1] = _both(gaps[-1], gap_of(members))
    return gaps, runs


def gap_of(parts: Iterable[Part]) -> Gap:
    """Return parts as one gap."""
    return reduce(_both, map(_as_gap, parts), NOTHING)


def _as_gap(part: Part) -> Gap:
    if isinstance(part, Gap):
        return part
    return _BORDER if part.text == r"\b" else Gap(0, 1, empty=not part.width)


def _both(one: Gap, other: Gap) -> Gap:
    """Return the gap of one gap behind another."""
    return Gap(
        max(one.low, other.low),
        None if one.most is None or other.most is None else one.most + other.most,
        one.left and (not one.empty or other.left),
        other.right and (not other.empty or one.right),
        one.empty and other.empty,
    )


def _either(one: Gap, other: Gap) -> Gap:
    """Return the gap that is one or the other."""
    return Gap(
        min(one.low, other.low),
        None if one.most is None or other.most is None else max(one.most, other.most),
        one.left and other.left,
        one.right and other.right,
        one.empty or other.empty,
    )


def _runs(parts: Iterable[Part]) -> bool:
    return any(isinstance(part, Run) and part.width for part in parts)


def _branch(options: list[list[Part]]) -> Iterator[Part]:
    """Yield one part for what all options match, or a piece of each between gaps."""
    runs = [[part for part in option if isinstance(part, Run)] for option in options]
    if [*map(len, runs)] == [*map(len, options)]:
        yield _one_of([run_of(each) for each in runs])
        return
    around = reduce(_either, map(gap_of, options))
    if not all(map(_runs, options)):
        yield around
        return
    best = [max(bordered(option), key=lambda run: (run.rare, run.width)) for option in options]
    beside = Gap(0, around.most)
    yield from (beside, replace(_one_of(best), alone=True), beside)


def _one_of(runs: Sequence[Run]) -> Run:
    text = "|".join(run.text for run in runs)
    return Run(f"(?:{text})", min(run.width for run in runs), min(run.rare for run in runs))


def bordered(parts: Iterable[Part]) -> Iterator[Run]:
    """Yield the runs of parts that match a sign at least.

    Next to a sign of no word, a run is at the border of its word.
    """
    gaps, runs = turns(parts)
    for run, before, behind in zip(runs, gaps, gaps[1:], strict=False):
        left = r"\b" if before.right and not before.empty and not run.alone else ""
        right = r"\b" if behind.left and not behind.empty and not run.alone else ""
        yield replace(run, text=f"{left}{run.text}{right}")


def _repeat(low: int, high: Any, inner: list[Part]) -> Iterator[Part]:
    endless = high is sre.MAXREPEAT
    runs = [part for part in inner if isinstance(part, Run)]
    if len(runs) == len(inner):
        run = run_of(runs)
        text = f"(?:{run.text}){{{low},{'' if endless else high}}}"
        yield Run(text, low * run.width, low * run.rare)
        return
    once = gap_of(inner)
    most = 0 if once.most == 0 else None if endless or once.most is None else once.most * high
    # Which round a group keeps is not known.
    kept = [replace(part, group=None) if isinstance(part, Run) else part for part in inner]
    if not low or not _runs(inner):
        yield replace(once, low=once.low if low else 0, most=most, empty=once.empty or not low)
    elif high == 1:
        yield from inner
    else:
        yield from (Gap(0, most), *kept, Gap(0, most))


def _sign(kind: Any, value: Any, *, folded: bool) -> Iterator[Part]:
    """Yield a run for a sign of words, a run between gaps for one alone, a gap for any other."""
    members = value if kind is sre.IN else [(kind, value)]
    negated = members[0][0] is sre.NEGATE
    words = _NOT_WORD in members if negated else all(_of_words(*member) for member in members)
    signs = not negated and all(each is sre.LITERAL for each, _ in members)
    alone = signs and all(is_alone(chr(code)) for _, code in members)
    text = "".join(_member(*member) for member in members)
    if not (words or alone) or "\0" in text or (folded and not text.isascii()):
        yield _between(members, negated=negated, signs=signs)
        return
    rare = int(not (negated or any(_of_small_letters(*member) for member in members)))
    run = Run(text if kind is sre.LITERAL else f"[{text}]", 1, rare, alone)
    yield from (_PARTING, run, _PARTING) if alone else (run,)


def _between(members: Sequence[tuple[Any, Any]], *, negated: bool, signs: bool) -> Gap:
    """Return the gap that a sign makes: one of the members, or any other."""
    if not negated and all(member in _BLANKS for member in members):
        return _PARTING
    if not signs or any(_word(code) or code > 127 for _, code in members):
        return Gap(0, 1, empty=False)
    rowless = all(chr(code) in SOFT or chr(code).isspace() for _, code in members)
    # Numbers have signs in one row: "0.05".
    inside = any(chr(code) in ".," for _, code in members)
    return Gap(int(not inside), int(not rowless), True, True, False)


def _of_words(kind: Any, value: Any) -> bool:
    """Return whether a sign, or all of several, are signs of words."""
    if kind is sre.LITERAL:
        return _word(value)
    if kind is sre.RANGE:
        return value[1] - value[0] < _WIDEST and all(map(_word, range(value[0], value[1] + 1)))
    return value in _CATEGORIES


def _of_small_letters(kind: Any, value: Any) -> bool:
    """Return whether several signs have all small letters among them."""
    if kind is sre.RANGE:
        return value[0] <= ord("a") and ord("z") <= value[1]
    return value is sre.CATEGORY_WORD


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
