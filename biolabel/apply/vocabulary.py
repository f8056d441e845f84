"""Tests of single words, run once a vocabulary entry, and postings that turn them into rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.words import SOFT

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

_NUMBER_WORDS = frozenset(
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "half",
    ]
)


@dataclass(frozen=True, eq=False)
class Postings:
    """The rows of each vocabulary entry of one column, in ascending order."""

    ids: Ints
    size: int

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self.ids, kind="stable")

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        return np.r_[0, np.cumsum(np.bincount(self.ids, minlength=self.size))]

    def rows(self, mask: Bools) -> Ints:
        """Return the rows whose entry passes bool[vocabulary], ascending."""
        entries = np.flatnonzero(mask)
        if len(entries) * 8 > self.size:
            return np.flatnonzero(mask[self.ids]).astype(np.int32)
        parts = [self._order[self._offsets[e] : self._offsets[e + 1]] for e in entries]
        found = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        return np.sort(found).astype(np.int32)


def rows_in_sentences(corpus: Corpus, rows: Ints, length: int) -> Ints:
    """Return the rows from which `length` rows lie in one sentence."""
    return rows[rows + length <= corpus.sentence_end_row[corpus.row_sentence[rows]]]


def shape_of(form: str) -> str:
    """Return a word's shape: X for capitals, x for other letters, d for digits; runs end at 4."""
    signs = (
        "X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in form
    )
    return re.sub(r"(.)\1{4,}", r"\1\1\1\1", "".join(signs))


def has_flag(form: str, flag: str) -> bool:
    """Return whether a word passes one of the tests that need no tagger (`support.WORD_FLAGS`)."""
    if flag == "like_num":
        return form[0].isdigit() or form.lower() in _NUMBER_WORDS
    if flag == "is_punct":
        return not (form[0].isalnum() or form[0] == "_")
    answers = {
        "is_alpha": form.isalpha,
        "is_digit": form.isdigit,
        "is_lower": form.islower,
        "is_title": form.istitle,
        "is_upper": form.isupper,
    }
    return answers[flag]()


def inflections(word: str) -> frozenset[str]:
    """Return the regular English inflections of a verb or noun, itself included."""
    forms = {word, word + "s"}
    stem = word[:-1] if word.endswith("e") else word
    forms |= {word + "d", word + "ing"} if word.endswith("ee") else {stem + "ed", stem + "ing"}
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        forms.add(word + "es")
    if re.fullmatch(r".*[^aeiou][aeiou][^aeiouwxy]", word):
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    if word.endswith("f"):
        forms.add(word[:-1] + "ves")
    return frozenset(forms)


def word_mask(entries: Sequence[str], spec: str, *, fold: bool) -> Bools:
    """Return which vocabulary entries a word of a phrase means: `treat*`, `*emia`, `cause~`, `dose`."""
    word = spec.lower() if fold else spec
    if word.endswith("~"):
        forms = inflections(word[:-1])
        return np.fromiter((e in forms for e in entries), dtype=bool, count=len(entries))
    head, tail = word.startswith("*"), word.endswith("*")
    core = word.strip("*")
    if head and tail:
        hits = (core in e for e in entries)
    elif head:
        hits = (e.endswith(core) for e in entries)
    elif tail:
        hits = (e.startswith(core) for e in entries)
    else:
        hits = (e == core for e in entries)
    return np.fromiter(hits, dtype=bool, count=len(entries))


def phrase_words(text: str) -> list[str]:
    """Return the words of a phrase by the language's word rule, `*` and `~` kept at their words."""
    return [
        w for w in re.findall(r"\*?(?:\d+(?:[.,]\d+)+|\w+)[*~]?|[^\w\s*~]", text) if w not in SOFT
    ]
