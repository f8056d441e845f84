"""Names that can stand for another in running text: which are fit, which look alike, short forms."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from biolabel.data.words import words_of
from biolabel.kb.terms import is_acronym

T = TypeVar("T")
LONGEST = 60
"""Code points of the longest name that is put into a text; longer ones are chemical formulas in words."""
_SHORTEST = 2
_SYMBOL = 3
"""Code points of the longest name that is a symbol rather than a word, such as Li and Na."""


def usable(name: str) -> bool:
    """Tell whether a name can stand in running text: no inverted name, no formula, no single sign."""
    return ", " not in name and _SHORTEST <= len(name) <= LONGEST and any(map(str.isalpha, name))


def shape(name: str) -> tuple[int, bool, bool]:
    """Return what makes names look alike: the number of words up to 3, an acronym or not, a digit or not."""
    digit = any(map(str.isdigit, name))
    return min(name.count(" ") + 1, 3), is_acronym(name) or len(name) <= _SYMBOL, digit


def draw(items: Sequence[str], generator: np.random.Generator) -> str:
    """Return one of the items, all equally likely."""
    return items[int(generator.random() * len(items))]


def some(items: Sequence[T], count: int, generator: np.random.Generator) -> Iterator[T]:
    """Yield at most `count` items: all of them in a random order if they are no more, else draws."""
    n = len(items)
    picked = generator.permutation(n) if n <= count else generator.integers(n, size=count)
    return (items[i] for i in picked.tolist())


def another(
    names: Sequence[str], form: str, generator: np.random.Generator, *, alike: bool = False
) -> str | None:
    """Draw a usable name other than a surface form, None if there is none.

    alike: one of the same `shape` if there is any.
    """
    old = form.casefold()
    others = [name for name in names if usable(name) and name.casefold() != old]
    if alike:
        wanted = shape(form)
        others = [name for name in others if shape(name) == wanted] or others
    return draw(others, generator) if others else None


def cased(name: str, form: str) -> str:
    """Write a name as an old one was written: its first letter, and headlines within a text as words.

    Acronyms, symbols and other words with capitals inside keep their own case.
    """
    words = name.split(" ")
    if form[1:] == form[1:].lower():
        words = [words[0], *(_plain(word) for word in words[1:])]
    first = words[0]
    if form[:1].isupper():
        first = first[:1].upper() + first[1:]
    elif form[:1].islower():
        first = _plain(first)
    return " ".join([first, *words[1:]])


def _plain(word: str) -> str:
    """Return a word without the capital that it begins with, if that is its only one."""
    headline = len(word) > _SYMBOL and word[:1].isupper() and word[1:] == word[1:].lower()
    return word[:1].lower() + word[1:] if headline else word


def short_form(name: str) -> str:
    """Return a short form for a long one: the first letters of its words, or of its only word.

    Schwartz and Hearst ("A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical
    Text", PSB 2003) would find it behind the name: its signs come in order, the first begins a word.
    """
    words = [word for word in words_of(name) if word[0].isalnum()]
    initials = "".join(word[0] for word in words)[:5]
    return (initials if len(initials) > 1 else "".join(words)[:3]).upper()


def stands_in(text: str, form: str) -> bool:
    """Tell whether a form stands in a casefolded text as words of its own."""
    folded = form.casefold()
    if folded not in text:
        return False
    return re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", text) is not None


def outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a casefolded text without some spans, which may overlap."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        parts.append(text[at:start])
        at = max(at, end)
    return "\n".join([*parts, text[at:]]).casefold()
