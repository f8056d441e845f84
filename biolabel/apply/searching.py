"""Searching with regular expressions that anyone may have written: never for ever.

`re` says what an expression means. It tries every way to match, which some expressions take for
ever to, so it is asked only where the ways are few. For the rest, `regex` tries against the clock.
"""

import re
import re._constants as sre  # type: ignore[import-not-found] # no part of typeshed
import re._parser as parser  # type: ignore[import-not-found]
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log2
from operator import methodcaller
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import re2
import regex
from numpy.typing import NDArray

from biolabel.lang import tree

STEPS = 1_000_000
"""Steps that `re` may need for one text; it takes about 20 ms for them (2 GHz)."""
SECONDS = 2.0
"""Seconds that one text may take."""
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
"""The kinds of items that repeat something."""
_SPAN = methodcaller("span")
_MOST = 60.0
_LENGTHS = [2**power for power in range(4, 21)]
# What other engines read otherwise than `re`: fuzzy braces, and the names of classes.
_OTHERWISE = re.compile(r"(?s)\\N\{[^}]*\}|\\.|\{(?!\d*,?\d*\})|\[:")
_FOLDED = re.compile(r"\(\?[a-z]*i")
_TAB, _LETTER, _OTHER = b"\t_\x01"
_BLANK = np.isin(np.arange(128), np.frombuffer(b"\v\x1c\x1d\x1e\x1f\x02\x03", np.uint8))
_SEPARATORS = dict.fromkeys(range(0x1C, 0x20), "\t")
_STANDING = frozenset(b"\t_\x01\v\x1c\x1d\x1e\x1f\x02\x03")
MARKS = ("\x02", "\x03")
"""Signs that mark where matches begin and end (`marked`)."""
SINGULAR = re.compile(r"[^\D0-9]|[\u0130\u0131\u017f\u212a]")
r"""Signs that nothing stands for: those of `\d`, and those that are letters of ASCII in the other case."""
_ODD = re.compile(r"[\v\x1c-\x1f]|\n\Z")


class Runaway(Exception):  # noqa: N818 (callers make an error of it that knows the place)
    """Searching a text for a regular expression took too long."""

    def __init__(self, regex: tree.Regex, text: str) -> None:
        """Keep both."""
        super().__init__(f"/{regex.pattern}/ in a text of {len(text):,} characters")
        self.regex = regex
        self.text = text


@dataclass(frozen=True)
class Searcher:
    """An expression that `re` compiles, ready to search; searches end within `SECONDS`."""

    regex: tree.Regex

    @cached_property
    def source(self) -> str:
        """The expression with its flags."""
        flags = "".join(flag for flag in "is" if flag in self.regex.flags)
        return f"(?{flags}){self.regex.pattern}" if flags else self.regex.pattern

    @cached_property
    def linear(self) -> Any:
        """The expression in google-re2, which takes linear time, None if that could find otherwise.

        They find the same in texts that are `plain`, unless an expression or what it repeats can be
        empty, or leaves out case beyond ASCII.
        """
        return linear(self.source)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the expression matches, as `re.finditer` does.

        Raises:
            Runaway: if that takes more than `SECONDS`.
        """
        if plain(text) and self.linear is not None:
            return [hit.span() for hit in self.linear.finditer(text.encode())]
        return self._run(text, lambda hits: [hit.span() for hit in hits])

    def spans_in(self, texts: Sequence[tuple[int, str]]) -> list[tuple[int, int, int]]:
        """Return the number, start and end of every match in numbered texts, as `spans` does.

        Raises:
            Runaway: if one text takes more than `SECONDS`.
        """
        easy, find = self._easy, self._exact.finditer
        return [
            (number, *span)
            for number, text in texts
            for span in ([*map(_SPAN, find(text))] if len(text) <= easy else self.spans(text))
        ]

    def found(self, text: str) -> bool:
        """Return whether the expression matches anywhere.

        Raises:
            Runaway: if that takes more than `SECONDS`.
        """
        return self._run(text, lambda hits: next(iter(hits), None) is not None)

    def found_in(self, texts: Sequence[str]) -> list[bool]:
        """Return whether the expression matches anywhere in each text.

        Raises:
            Runaway: if one text takes more than `SECONDS`.
        """
        if max(map(len, texts), default=0) <= self._easy:
            search = self._exact.search
            return [search(text) is not None for text in texts]
        return list(map(self.found, texts))

    def _run(self, text: str, ask: Callable[[Iterable[Any]], Any]) -> Any:
        if len(text) <= self._easy:
            return ask(self._exact.finditer(text))
        # These are no blanks for `regex`.
        read = text if tells_apart(self.source) else text.translate(_SEPARATORS)
        try:
            return ask(self._timed.finditer(read, timeout=SECONDS))
        except (TimeoutError, regex.error, MemoryError, RecursionError) as error:
            raise Runaway(self.regex, text) from error

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @cached_property
    def _timed(self) -> Any:
        return regex.compile(_portable(self.source), regex.VERSION0)

    @cached_property
    def _easy(self) -> int:
        return easy_length(self.source)


@lru_cache(maxsize=1 << 10)
def easy_length(source: str) -> int:
    """Return the length of the texts for which `re` needs at most `STEPS`, from every beginning."""
    items = parser.parse(source).data

    def hard(length: int) -> bool:
        return log2(length) + _ways(items, log2(length)) > log2(STEPS)

    try:
        return [0, *_LENGTHS][bisect_left(_LENGTHS, True, key=hard)]
    except RecursionError:
        return 0


@lru_cache(maxsize=1 << 10)
def linear(source: str) -> Any | None:
    """Return an expression in google-re2 where it finds what `re` does in `plain` texts, else None."""
    if not source.isascii() and _FOLDED.search(source):
        return None
    if "{," in source:  # from none on for `re`, a text for google-re2
        return None
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        parts = parser.parse(source)
        if any(part.getwidth()[0] == 0 for part in (parts, *_repeated(parts.data))):
            return None
        return re2.compile(_portable(source).encode(), options)
    except (re2.error, RecursionError):
        return None


def spans_of(quick: Any, texts: pa.LargeStringArray) -> NDArray[np.int64]:
    """Return the text, start and end of every match in texts of ASCII without `MARKS`: int64[3, matches].

    quick: as `linear` returns it. Arrow's google-re2 marks the matches, which takes a fifth of the time
    that one object a match takes.
    """
    if not len(texts):
        return np.empty((3, 0), np.int64)
    begins, signs = _marked(quick, texts, r"\0".join(MARKS))
    start, end = (np.flatnonzero(signs == ord(mark)) for mark in MARKS)
    text = np.searchsorted(begins, start, side="right") - 1
    before = begins[text]
    # Each match before it in its text has two marks.
    earlier = 2 * (np.arange(len(start)) - np.searchsorted(start, before))
    return np.stack([text, start - before - earlier, end - before - earlier - 1])


def starts_of(quick: Any, text: pa.LargeStringArray) -> NDArray[np.int64]:
    """Return where every match in the only text of an array starts, as `spans_of` does."""
    _, signs = _marked(quick, text, rf"{MARKS[0]}\0")
    start = np.flatnonzero(signs == ord(MARKS[0]))
    return start - np.arange(len(start))


def _marked(
    quick: Any, texts: pa.LargeStringArray, by: str
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return texts with their matches replaced: where each begins, and their bytes."""
    marked = pc.replace_substring_regex(texts, quick.pattern.decode(), by)
    _, offsets, data = marked.buffers()
    begins = np.frombuffer(offsets or bytes(8), np.int64)[: len(texts) + 1]
    return begins, np.frombuffer(data or b"", np.uint8)[: begins[-1]]


@lru_cache(maxsize=1 << 10)
def tells_apart(source: str) -> bool:
    """Return whether an expression may tell signs from their `stand_ins`."""
    try:
        return any(_names(*item) for item in members(parser.parse(source).data))
    except RecursionError:
        return True


def stand_ins(text: str) -> str:
    r"""Return a text in ASCII, a sign for a sign, that expressions read alike if they do not `tells_apart`.

    What is no ASCII becomes "_" if it is of `\w`, a tab if it is a blank, else \x01, and so do the signs
    of which google-re2 thinks otherwise. The text must have none of the `SINGULAR`.
    """
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    odd = (codes > 127) | _BLANK[np.minimum(codes, 127)]
    kinds, which = np.unique(codes[odd], return_inverse=True)
    signs = map(chr, kinds.tolist())
    read = [_TAB if sign.isspace() else _LETTER if sign.isalnum() else _OTHER for sign in signs]
    found = codes.astype(np.uint8)
    found[odd] = np.array(read, np.uint8)[which]
    return found.tobytes().decode("ascii")


def _names(kind: Any, value: Any) -> bool:
    """Return whether an item names a stand-in, or a sign that has one."""
    if kind is sre.RANGE:
        return value[1] > 127 or any(value[0] <= code <= value[1] for code in _STANDING)
    return kind in (sre.LITERAL, sre.NOT_LITERAL) and (value > 127 or value in _STANDING)


def members(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the items of an expression at any depth, and those of its sets."""
    for kind, value in items:
        yield kind, value
        if kind is sre.IN:
            yield from value
        for body in bodies(kind, value):
            yield from members(body.data)


def plain(text: str) -> bool:
    r"""Return whether google-re2 reads a text as `re` does: ASCII, no odd blanks, no line end at the end.

    Only `re` takes \v and the separators \x1c to \x1f for blanks and lets $ match before a line end.
    """
    return text.isascii() and not _ODD.search(text)


def _portable(source: str) -> str:
    """Return an expression in which nothing is special that is not so for `re`."""

    def escaped(found: re.Match[str]) -> str:
        text = found[0]
        return text if text[0] == "\\" else {"{": r"\{", "[:": r"[\:"}[text]

    return _OTHERWISE.sub(escaped, source)


def _repeated(items: Iterable[tuple[Any, Any]]) -> Iterator[parser.SubPattern]:
    """Yield all that an expression repeats, at any depth."""
    for kind, value in items:
        for body in bodies(kind, value):
            if kind in REPEATS:
                yield body
            yield from _repeated(body.data)


def bodies(kind: Any, value: Any) -> list[Any]:
    """Return the parts of an item that are expressions."""
    if kind in REPEATS:
        return [value[2]]
    if kind is sre.BRANCH:
        return list(value[1])
    if kind in (sre.SUBPATTERN, sre.ASSERT, sre.ASSERT_NOT):
        return [value[-1]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    if kind is sre.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return []


def _ways(items: Iterable[tuple[Any, Any]], length: float) -> float:
    """Return log2 of the ways in which backtracking can go through an expression from one place.

    length: log2 of the text's length. Repeats of w ways from low to high rounds have the sum of the
    w^r for all r between; of branches one is taken; a back-reference compares the whole text.
    """
    return sum(_ways_of(kind, value, length) for kind, value in items)


def _ways_of(kind: Any, value: Any, length: float) -> float:
    if kind in REPEATS:
        low, high, body = value
        rounds = min(high, 2**length)
        inner = _ways(body.data, length)
        if not inner:
            return log2(max(rounds - low + 1, 1))
        # The last term is at least half of a sum whose terms double.
        return inner * rounds + 1
    if kind is sre.GROUPREF:
        return length
    ways = [_ways(body.data, length) for body in bodies(kind, value)]
    if not ways:
        return 0.0
    return log2(sum(2.0 ** min(each, _MOST) for each in ways))
