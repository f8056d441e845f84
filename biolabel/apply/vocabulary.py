"""Tests of single words, run once a vocabulary entry, and postings that turn them into rows."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.matches import expand_ranges
from biolabel.apply.properties import shapes_of
from biolabel.data.corpus import Corpus
from biolabel.data.postings import postings
from biolabel.data.words import SOFT
from biolabel.kb.terms import is_acronym
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

_PHRASE_WORD = re.compile(r"\**(?:\d+(?:[.,]\d+)+|\w+)(?:~|\**)|\*+|[^\w\s*~]")
_SORTED = 24
"""Of more rows than a part of so many, looking all rows up takes no longer than sorting them."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The distinct texts of one column of rows, and the rows of each.

    index: what returns `postings` of the column, where something else keeps them.
    """

    entries: tuple[str, ...]
    ids: Ints
    index: Callable[[], tuple[Ints, Ints]] | None = None

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {entry: number for number, entry in enumerate(self.entries)}

    @cached_property
    def _lines(self) -> tuple[str, list[int]]:
        """Return the entries as lines of one text, and where the line end before each of them stands."""
        sizes = np.fromiter(map(len, self.entries), dtype=np.int64, count=len(self.entries))
        return "\n".join(("", *self.entries, "")), [0, *np.cumsum(sizes + 1).tolist()]

    @cached_property
    def shapes(self) -> list[str]:
        """The shape of each entry (`properties.shapes_of`)."""
        return shapes_of(self.entries)

    @cached_property
    def words(self) -> Ints:
        """The entries that are words, and no hard signs."""
        found = [e[0].isalnum() or e[0] == "_" for e in self.entries]
        return np.flatnonzero(found).astype(np.int32)

    @cached_property
    def _postings(self) -> tuple[Ints, Ints]:
        return self.index() if self.index else postings(self.ids, len(self.entries))

    def like(self, word: str) -> Ints:
        """Return the entries that a word of a phrase means: `dose`, `treat*`, `*emia`, `cause~`, `*`."""
        core = word.strip("*")
        if core.endswith("~"):
            found = self.numbers(inflections(core[:-1]))
        elif not core:
            return self.words
        elif word.startswith("*") and word.endswith("*"):
            found = self._holding(core)
        elif word.startswith("*"):
            found = [i for i in self._holding(f"{core}\n") if self.entries[i].endswith(core)]
        elif word.endswith("*"):
            found = [i for i in self._holding(f"\n{core}") if self.entries[i].startswith(core)]
        else:
            found = self.numbers([core])
        return np.array(found, dtype=np.int32)

    def _holding(self, sought: str) -> list[int]:
        """Return the entries in which a text stands, ascending; line ends are before and behind them."""
        text, starts = self._lines
        found: list[int] = []
        at = text.find(sought)
        while at >= 0:
            found.append(bisect_right(starts, at) - 1)
            at = text.find(sought, starts[found[-1] + 1])
        return found

    def numbers(self, entries: Iterable[str]) -> list[int]:
        """Return the numbers of those of the given texts that are entries."""
        return [self._numbers[entry] for entry in entries if entry in self._numbers]

    def mask(self, found: Ints) -> Bools:
        """Return bool[entries], true for the given entries."""
        mask = np.zeros(len(self.entries), dtype=bool)
        mask[found] = True
        return mask

    def count(self, found: Ints) -> int:
        """Return how many rows hold one of the given entries."""
        offsets, _ = self._postings
        return int((offsets[found + 1] - offsets[found]).sum())

    def rows(self, found: Ints) -> Ints:
        """Return the rows that hold one of the given entries, ascending."""
        offsets, rows = self._postings
        if len(found) == 1:
            return rows[offsets[found[0]] : offsets[found[0] + 1]]
        if self.count(found) * _SORTED > len(self.ids):
            return np.flatnonzero(self.mask(found).take(self.ids)).astype(np.int32)
        _, at = expand_ranges(offsets[found], offsets[found + 1])
        # The rows of each entry ascend, and a stable sort merges such runs.
        return np.sort(rows.take(at), kind="stable")


def phrase_rows(corpus: Corpus, vocabulary: Vocabulary, words: Sequence[str]) -> Ints:
    """Return the rows at which words stand one after the other in a sentence, ascending."""
    meant = [vocabulary.like(word) for word in words]
    rarest = min(range(len(meant)), key=lambda place: vocabulary.count(meant[place]))
    rows = vocabulary.rows(meant[rarest]) - np.int32(rarest)
    if len(words) == 1:
        return rows
    rows = rows[(rows >= 0) & (rows + len(words) <= len(corpus.row_start))]
    for place, entries in enumerate(meant):
        if place != rarest:
            rows = rows[vocabulary.mask(entries).take(vocabulary.ids.take(rows + place))]
    last = np.int32(len(words) - 1)
    ahead, behind = corpus.row_sentence.take(rows), corpus.row_sentence.take(rows + last)
    return rows[ahead == behind]


def list_entries(declaration: tree.ListDecl) -> Iterator[tuple[str, bool]]:
    """Yield the entries of a list and whether their case is folded."""
    for entry in declaration.words:
        smart = declaration.case == "smart" and is_acronym(entry)
        yield entry, not (declaration.case == "exact" or smart)


def inflections(word: str) -> frozenset[str]:
    """Return the regular English inflections of a verb or noun, itself included."""
    forms = {word, word + "s"}
    stem = word[:-1] if word.endswith("e") else word
    forms |= {word + "d", word + "ing"} if word.endswith("ee") else {stem + "ed", stem + "ing"}
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        forms.add(word + "es")
    if word.endswith("is"):
        forms.add(word[:-2] + "es")
    if re.fullmatch(r".*[^aeiou][aeiou][^aeiouwxy]", word):
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    if word.endswith("f"):
        forms.add(word[:-1] + "ves")
    return frozenset(forms)


def phrase_words(text: str) -> list[str]:
    """Return the words of a phrase by the language's word rule, `*` and `~` kept at their words."""
    return [word for word in _PHRASE_WORD.findall(text) if word not in SOFT]
