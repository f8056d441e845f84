"""Tests of single words, run once a vocabulary entry, and postings that turn them into rows."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from biolabel.data.corpus import Corpus
from biolabel.data.words import SOFT
from biolabel.kb.terms import is_acronym
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]

_PHRASE_WORD = re.compile(r"\**(?:\d+(?:[.,]\d+)+|\w+)(?:~|\**)|\*+|[^\w\s*~]")
_LAST = "\U0010ffff"
_NO_ROWS = np.empty(0, dtype=np.int64)
_NUMBER_WORD = re.compile(
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|million|half",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+([.,]\d+)*")
_BRACKETS = frozenset("()[]{}<>")
_STOP_WORD = re.compile(
    r"a|about|above|after|again|against|all|almost|along|already|also|although|always|am|among"
    r"|an|and|another|any|are|as|at|be|because|been|before|being|below|between|both|but|by|can"
    r"|could|did|do|does|doing|done|down|during|each|either|else|ever|every|few|for|from|further"
    r"|had|has|have|having|he|hence|her|here|hers|herself|him|himself|his|how|however|i|if|in"
    r"|indeed|into|is|it|its|itself|just|least|less|many|may|me|might|mine|more|most|much|must"
    r"|my|myself|neither|never|nevertheless|no|nor|not|now|of|off|often|on|once|one|only|onto|or"
    r"|other|others|our|ours|ourselves|out|over|own|perhaps|quite|rather|re|same|several|shall"
    r"|she|should|since|so|some|such|than|that|the|their|theirs|them|themselves|then|there"
    r"|thereby|therefore|these|they|this|those|though|through|throughout|thus|to|together|too"
    r"|toward|towards|under|until|up|upon|us|very|via|was|we|well|were|what|when|where|whereas"
    r"|whether|which|while|who|whom|whose|why|will|with|within|without|would|yet|you|your|yours"
    r"|yourself|yourselves",
    re.IGNORECASE,
)
"""English words that carry grammar rather than content."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The distinct texts of one column of rows, and the rows of each."""

    entries: tuple[str, ...]
    ids: Ints

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {entry: number for number, entry in enumerate(self.entries)}

    @cached_property
    def _sorted(self) -> tuple[list[str], list[int]]:
        order = sorted(range(len(self.entries)), key=self.entries.__getitem__)
        return [self.entries[number] for number in order], order

    @cached_property
    def _postings(self) -> tuple[Ints, Ints]:
        return postings(self.ids, len(self.entries))

    def like(self, word: str) -> Ints:
        """Return the entries that a word of a phrase means: `dose`, `treat*`, `*emia`, `cause~`, `*`."""
        core = word.strip("*")
        if core.endswith("~"):
            found = self.numbers(inflections(core[:-1]))
        elif not core:
            found = [i for i, entry in enumerate(self.entries) if is_word(entry)]
        elif word.startswith("*"):
            whole = not word.endswith("*")
            found = [
                i
                for i, entry in enumerate(self.entries)
                if (entry.endswith(core) if whole else core in entry)
            ]
        elif word.endswith("*"):
            entries, order = self._sorted
            found = order[bisect_left(entries, core) : bisect_left(entries, core + _LAST)]
        else:
            found = self.numbers([core])
        return np.array(found, dtype=np.int32)

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
        if len(found) * 8 > len(self.entries):
            return np.flatnonzero(self.mask(found)[self.ids]).astype(np.int32)
        offsets, rows = self._postings
        parts = [rows[offsets[e] : offsets[e + 1]] for e in found]
        return np.sort(np.concatenate([_NO_ROWS, *parts])).astype(np.int32)


def postings(ids: Ints, n_entries: int) -> tuple[Ints, Ints]:
    """Return where the rows of each entry begin, int32[n_entries + 1], and the rows, int32[n].

    The rows ascend within an entry.
    """
    n = len(ids)
    ones = np.ones(n, dtype=np.int8)
    # Turning coordinates into sparse rows is a counting sort, ten times as fast as argsort.
    sparse = coo_array((ones, (ids, np.arange(n))), shape=(n_entries, n)).tocsr()
    return sparse.indptr, sparse.indices


def phrase_rows(corpus: Corpus, vocabulary: Vocabulary, words: Sequence[str]) -> Ints:
    """Return the rows at which words stand one after the other in a sentence, ascending."""
    meant = [vocabulary.like(word) for word in words]
    rarest = min(range(len(meant)), key=lambda place: vocabulary.count(meant[place]))
    rows = vocabulary.rows(meant[rarest]) - np.int32(rarest)
    sentence = corpus.row_sentence[rows + rarest]
    inside = rows >= corpus.sentence_first_row[sentence]
    inside &= rows + len(words) <= corpus.sentence_end_row[sentence]
    rows = rows[inside]
    for place, entries in enumerate(meant):
        if place != rarest:
            rows = rows[np.isin(vocabulary.ids[rows + place], entries)]
    return rows


def shape_of(form: str) -> str:
    """Return a word's shape: X for capitals, x for other letters, d for digits; runs end at 4."""
    signs = (
        "X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in form
    )
    return re.sub(r"(.)\1{4,}", r"\1\1\1\1", "".join(signs))


def is_word(form: str) -> bool:
    """Return whether a row's text is a word, and no hard sign."""
    return form[0].isalnum() or form[0] == "_"


def has_flag(form: str, flag: str) -> bool:
    """Return whether a word has a property that its text alone tells."""
    answers: Mapping[str, Callable[[], bool]] = {
        "is_alpha": form.isalpha,
        "is_ascii": form.isascii,
        "is_bracket": lambda: form in _BRACKETS,
        "is_currency": lambda: unicodedata.category(form[0]) == "Sc",
        "is_digit": form.isdigit,
        "is_lower": form.islower,
        "is_punct": lambda: not is_word(form),
        "is_stop": lambda: _STOP_WORD.fullmatch(form) is not None,
        "is_title": form.istitle,
        "is_upper": form.isupper,
        "like_num": lambda: any(p.fullmatch(form) is not None for p in (_NUMBER, _NUMBER_WORD)),
    }
    return answers[flag]()


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
