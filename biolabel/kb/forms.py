"""All forms in which names may be written: as they are, turned round, spelled otherwise, in the other number.

Everything is done for all names at once: what is the matter of a word is decided once for each different
word, and orders of words are stretches of one array (`kb.phrases`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.data.rows import lowered, rows_of_all
from biolabel.kb.phrases import Phrases, splice, split, together
from biolabel.kb.spellings import MAY_VARY, spellings_of

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

PATTERNS = 1000
"""So many patterns are matched at once: RE2 refuses 50,000, and 20 times 1,000 are as fast as 20,000."""
TURNED = 4
"""The most words of a name that is turned with "of": longer ones are hardly written so."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Which written forms may stand for a concept; names and their variants must pass alike.

    stopped: whole keys of stopped terms; unwanted: patterns of other whole keys, in the syntax that RE2
    and Python share; min_length: in characters.
    """

    stopped: frozenset[str] = frozenset()
    unwanted: tuple[str, ...] = ()
    min_length: int = 1

    def long_enough(self, form: str) -> bool:
        """Return whether a name, or a form of it, is not too short."""
        return len(form) >= self.min_length

    def wanted(self, key: str) -> bool:
        """Return whether no stopped term is the form with this key."""
        return key not in self.stopped and not _either(self.unwanted).fullmatch(key)

    def of_all(self, phrases: Phrases, words: Sequence[str]) -> Bools:
        """Return bool[n]: which phrases over a vocabulary may stand, whatever their capitals."""
        passes = np.ones(len(phrases), dtype=bool)
        if self.min_length > 1 and len(phrases):
            sizes = np.fromiter(map(len, words), np.int64, len(words))[phrases.word]
            passes = np.add.reduceat(sizes + 1, phrases.first[:-1]) > self.min_length
        if len(phrases) and (self.stopped or self.unwanted):
            keys = phrases.joined(lowered(words))
            passes &= ~_mask(pc.is_in(keys, pa.array(sorted(self.stopped), keys.type)))
            for first in range(0, len(self.unwanted), PATTERNS):
                some = "|".join(self.unwanted[first : first + PATTERNS])
                passes &= ~_mask(pc.match_substring_regex(keys, f"^(?:{some})$"))
        return passes


ALL = Admission()


@lru_cache(maxsize=64)
def _either(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or "(?!)")


@dataclass(frozen=True, slots=True)
class Ways:
    """Which variants of names are looked up beside names as written."""

    plural: bool = False
    reorder: bool = False
    spelling: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Forms:
    """Forms of names: phrases over words as written; name: int32[n], whose form each is.

    variant: bool[n], false for names as they are.
    """

    words: Sequence[str]
    phrases: Phrases
    name: Ints
    variant: Bools


def forms_of(texts: Sequence[str], bound: Bools, ways: Ways, admission: Admission = ALL) -> Forms:
    """Return the forms of names that ways ask for; none for a name without rows.

    bound: bool[texts], the names whose capitals count, which have no other spelling. A variant that is
    too short or stopped is none, nor are its own variants: "DIDS" is no plural of a stopped "did", and
    "weight, body" brings no "body weights" where "body weight" is stopped.
    """
    made = _Forms(admission)
    made.add_names(texts, ways.reorder)
    if ways.spelling:
        made.add_spellings(bound)
    if ways.plural:
        made.add_numbers()
    parts = [phrases for phrases, _ in made.parts]
    name = np.concatenate([name for _, name in made.parts])
    variant = np.arange(len(name)) >= len(parts[0])
    return Forms(made.words, together(parts), name.astype(np.int32), variant)


@dataclass(eq=False)
class _Forms:
    """Forms while they are made: parts of phrases with their names, over a vocabulary that grows."""

    admission: Admission
    words: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    parts: list[tuple[Phrases, Longs]] = field(default_factory=list)

    def numbered(self, words: Iterable[str]) -> Ints:
        """Return the numbers of words, new ones among them."""
        found = [self.numbers.setdefault(word, len(self.numbers)) for word in words]
        self.words = list(self.numbers)
        return np.array(found, dtype=np.int32)

    def admit(self, phrases: Phrases, name: Longs) -> tuple[Phrases, Longs]:
        """Return those of some phrases that may stand, with their names."""
        passes = self.admission.of_all(phrases, self.words)
        return (phrases, name) if passes.all() else (phrases.take(passes), name[passes])

    def add_names(self, texts: Sequence[str], reorder: bool) -> None:
        """Add names as they are, and turned round."""
        inverted = np.array([reorder and ", " in text for text in texts], dtype=bool)
        # "leukemia, plasmacytic" is turned at each comma.
        turned = [" ".join(texts[i].split(", ")[::-1]) for i in np.flatnonzero(inverted)]
        rows = rows_of_all([*texts, *turned])
        of_form = self.numbered(rows.forms.to_pylist())
        every = Phrases(rows.first, of_form[rows.form])
        there = np.flatnonzero(np.diff(rows.first[: len(texts) + 1]) > 0)
        plain = every.take(there)
        self.parts.append((plain, there))
        if reorder:
            again = np.arange(len(texts), len(every))
            back = self.admit(every.take(again), np.flatnonzero(inverted))
            whole = ~inverted[there]
            base = together([back[0], plain.take(whole)])
            names = np.concatenate([back[1], there[whole]])
            round_ = [(found, names[of]) for found, of in self._turned_at_of(base)]
            self.parts += [back, *(self.admit(*each) for each in round_)]

    def _turned_at_of(self, names: Phrases) -> list[tuple[Phrases, Longs]]:
        """Return names turned at "of", each kind with the places of the names.

        "kidney cancer" becomes "cancer of the kidney" and "cancer of kidney", and back. Names of more
        words than `TURNED` or with signs are not turned so.
        """
        of, the = self.numbered(["of", "the"])
        alpha = np.array([word.isalpha() for word in self.words], dtype=bool)
        first, end, sizes = names.first[:-1, None], names.first[1:, None], names.sizes
        inner = (names.word == of) & (names.place > 0)
        inner[names.first[1:] - 1] = False
        owner = np.repeat(np.arange(len(names)), sizes)
        has_of = np.bincount(owner, inner, len(names)) > 0
        # "type of rare disease": the words behind "of", without its article, stand before the first one.
        second = np.zeros(len(names), dtype=bool)
        second[owner[inner & (names.place == 1)]] = True
        back = np.flatnonzero(second & alpha[names.word[names.first[:-1]]])
        rest = first[back] + 2
        rest += (sizes[back, None] > 3) & (names.word[rest] == the)
        starts, ends = np.hstack([rest, first[back]]), np.hstack([end[back], first[back] + 1])
        found = [(splice(names.word, starts, ends), back)]
        signs = names.any(~alpha)
        short = np.flatnonzero(~has_of & ~signs & (sizes > 1) & (sizes <= TURNED))
        cells = np.append(names.word, [of, the]).astype(np.int32)
        cell = np.full((len(short), 1), len(names.word))
        for size in (1, 2):
            starts = np.hstack([end[short] - 1, cell, first[short]])
            ends = np.hstack([end[short], cell + size, end[short] - 1])
            found.append((splice(cells, starts, ends), short))
        return found

    def add_spellings(self, bound: Bools) -> None:
        """Add the other spellings of all forms whose capitals do not count."""
        lowers = lowered(self.words)
        may = _mask(pc.match_substring_regex(pa.array(lowers, pa.string()), MAY_VARY))
        phrases = together([part for part, _ in self.parts])
        name = np.concatenate([name for _, name in self.parts])
        varied = np.flatnonzero(phrases.any(may) & ~bound[name])
        forms = phrases.take(varied).joined(lowers).to_pylist()
        others = [list(spellings_of(form)) for form in forms]
        texts = pa.array([text for found in others for text in found], pa.string())
        spelled, words = split(texts)
        spelled = Phrases(spelled.first, self.numbered(words)[spelled.word])
        name = np.repeat(name[varied], [len(found) for found in others])
        self.parts.append(self.admit(spelled, name))

    def add_numbers(self) -> None:
        """Add all forms with their last word in the other grammatical number."""
        phrases = together([part for part, _ in self.parts])
        name = np.concatenate([name for _, name in self.parts])
        last = phrases.word[phrases.first[1:] - 1]
        distinct, which = np.unique(last, return_inverse=True)
        others = [numbers_of(self.words[word]) for word in distinct.tolist()]
        count = np.array([len(found) for found in others], dtype=np.int64)
        before = np.cumsum(count) - count
        of = np.repeat(np.arange(len(phrases)), count[which])
        nth = np.arange(len(of)) - np.repeat(np.cumsum(count[which]) - count[which], count[which])
        new = self.numbered(word for found in others for word in found)
        cells = np.concatenate([phrases.word, new])
        cell = (len(phrases.word) + before[which[of]] + nth)[:, None]
        first, end = phrases.first[:-1][of, None], phrases.first[1:][of, None]
        found = splice(cells, np.hstack([first, cell]), np.hstack([end - 1, cell + 1]))
        self.parts.append(self.admit(found, name[of]))


def numbers_of(word: str) -> list[str]:
    """Return a word, the last one of a name, in the other grammatical number, by the regular endings."""
    if len(word) < 4 or not word.isalpha():
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y"]
    if word.endswith(("ses", "xes", "ches", "shes")):
        return [word[:-2], word[:-1], word[:-2] + "is"]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return [word[:-1]]
    if word.endswith("sis"):
        return [word[:-2] + "es"]
    if word.endswith(("s", "x", "ch", "sh")):
        return [word + "es"]
    if word.endswith("y") and word[-2] not in "aeiou":
        return [word[:-1] + "ies"]
    return [word + "s"]


def _mask(found: pa.BooleanArray) -> Bools:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
