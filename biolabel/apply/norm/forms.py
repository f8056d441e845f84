"""Canonical forms of names and mentions: what is written differently and meant alike."""

import re
import unicodedata
from functools import lru_cache

from biolabel.apply.spelling import american
from biolabel.data.words import words_of
from biolabel.kb.spellings import GREEK

_GREEK = re.compile(f"[{''.join(GREEK)}]")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
"""Numbers of types; those of one letter that are much else ("X-linked", "vitamin C") are left out."""
_EMPTY = frozenset(
    (
        *("an", "and", "as", "at", "by", "due", "for", "from", "in", "included", "nos", "of"),
        *("on", "or", "the", "to", "type", "unspecified", "with"),
    )
)
"""Words that tell no two names of a vocabulary apart, or that names have and texts leave out."""
_ENDINGS = re.compile(
    r"(?:ization|ational|ation|ical|ency|ancy|ence|ance|ities|ity|ions?|ives?|ics?|ism|ian|ial|ias?"
    r"|ous|ent|ant|ing|ed|al|es?|is|ys?)$"
)
_SHORTEST = 4
"""Letters that must be left of a word without its ending."""


def sense_words(text: str) -> list[str]:
    """Return the words of a text in one spelling: American, singular, Greek letters by name.

    "TNF-alpha" and the same with the letter, "tumours" and "tumor", "type II" and "type 2" become the same.
    """
    plain = text.lower()
    if not plain.isascii():
        plain = _GREEK.sub(lambda match: f" {GREEK[match[0]]} ", plain)
        marked = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in marked if not unicodedata.combining(sign))
    return [_word(word) for word in words_of(plain) if word[0].isalnum()]


@lru_cache(maxsize=1 << 18)
def _word(word: str) -> str:
    return _ROMAN.get(word) or singular(american(word))


def singular(word: str) -> str:
    """Return one form for both numbers of a noun; it need not be a word ("neurosis": "neurose")."""
    if len(word) < 4 or not word.isalpha():
        return word
    for ending, instead in (("ies", "y"), ("uses", "us"), ("sis", "se"), ("xis", "xe")):
        if word.endswith(ending):
            return word[: -len(ending)] + instead
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=1 << 18)
def stem(word: str) -> str:
    """Return a word of `sense_words` without its ending: "psychotic" and "psychosis" become the same.

    A last t and s are the same there: epileptic, epilepsy.
    """
    if not word.isalpha():
        return word
    bare = _ENDINGS.sub("", word)
    if len(bare) < _SHORTEST:
        return word
    return bare[:-1] + "t" if bare[-1] == "s" else bare


def content(words: list[str]) -> list[str]:
    """Return the words that tell names apart; all of them where that leaves nothing."""
    return [word for word in words if word not in _EMPTY] or words


def bag(words: list[str]) -> str:
    """Return words without their order, as a key."""
    return " ".join(sorted(set(words)))
