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
from typing import Any

import re2
import regex

from biolabel.lang import tree

STEPS = 1_000_000
"""Steps that `re` may need for one text; it takes about 20 ms for them (2 GHz)."""
SECONDS = 2.0
"""Seconds that one text may take."""
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
"""The kinds of items that repeat something."""
_MOST = 60.0
_LENGTHS = [2**power for power in range(4, 21)]
# What other engines read otherwise than `re`: fuzzy braces, and the names of classes.
_OTHERWISE = re.compile(r"(?s)\\N\{[^}]*\}|\\.|\{(?!\d*,?\d*\})|\[:")
_FOLDED = re.compile(r"\(\?[a-z]*i")
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
        # Texts that are short enough need not be looked at one by one.
        if max((len(text) for _, text in texts), default=0) <= self._easy:
            find = self._exact.finditer
            return [(number, *hit.span()) for number, text in texts for hit in find(text)]
        return [(number, *span) for number, text in texts for span in self.spans(text)]

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
        try:
            return ask(self._timed.finditer(text, timeout=SECONDS))
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
def linear(source: str, *, lines: bool = False) -> Any | None:
    """Return an expression in google-re2 where it finds what `re` does in `plain` texts, else None.

    lines: for many texts as lines of one, none of which has a line end in it.
    """
    if not source.isascii() and _FOLDED.search(source):
        return None
    if "{," in source:  # from none on for `re`, a text for google-re2
        return None
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.never_nl = lines
    try:
        parts = parser.parse(source)
        if any(part.getwidth()[0] == 0 for part in (parts, *_repeated(parts.data))):
            return None
        return re2.compile(f"{'(?m)' * lines}{_portable(source)}".encode(), options)
    except (re2.error, RecursionError):
        return None


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
