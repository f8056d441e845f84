"""The look-up side of ontologies: which written forms mean which concepts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from biolabel.data.words import words_of
from biolabel.kb.spellings import spellings_of
from biolabel.kb.trie import Trie, trie_of

CasePolicy = Literal["fold", "exact", "smart"]
TURNED = 4
"""The most words of a name that is turned with "of": longer ones are hardly written so."""
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Terms:
    """Normalized names, each with its concepts, ranked; sorted by key.

    keys: row texts in lower case joined by blanks (`data.words.key_of`); spellings[i]: the same with
    the case that counts, or None where case does not count (a key may be there both ways, the
    spelling first); concepts[i]: the CURIEs that keys[i] can mean; written[i]: one name as the source
    has it. folded, spelled: tries of the keys whose case does not count, and of the other spellings;
    names are numbered as the keys are.
    """

    keys: Sequence[str]
    spellings: Sequence[str | None]
    concepts: Sequence[tuple[str, ...]]
    written: Sequence[str]
    folded: Trie
    spelled: Trie

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every key."""
        spelled = (word.lower() for word in self.spelled.words.to_pylist())
        return frozenset(self.folded.words.to_pylist()).union(spelled)


@dataclass(frozen=True, slots=True)
class Admission:
    """Which written forms may stand for a concept; names and their variants must pass alike.

    unwanted: what matches the whole keys of stopped terms; min_length: in characters.
    """

    unwanted: re.Pattern[str] = _NEVER
    min_length: int = 1

    def long_enough(self, form: str) -> bool:
        """Return whether a name, or a form of it, is not too short."""
        return len(form) >= self.min_length

    def wanted(self, key: str) -> bool:
        """Return whether no stopped term is the form with this key."""
        return not self.unwanted.fullmatch(key)

    def admits(self, form: str) -> bool:
        """Return whether a form may stand, whatever its capitals."""
        return self.long_enough(form) and self.wanted(form.lower())


ALL = Admission()


def build_terms(
    names: Mapping[str, tuple[str, ...]],
    *,
    plural: bool = False,
    reorder: bool = False,
    spelling: bool = False,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> Terms:
    """Index names under their keys, with the variants asked for.

    A concept ranks first for a name that it is written with itself, after that for variants. A
    variant that is too short or stopped is none, nor are its own variants: "DIDS" is no plural of a
    stopped "did", and "weight, body" brings no "body weights" where "body weight" is stopped.
    """
    exact: dict[tuple[str, str], list[str]] = {}
    variants: dict[tuple[str, str], list[str]] = {}
    written: dict[tuple[str, str], str] = {}
    for concept, texts in names.items():
        for text in texts:
            counts = _counts(text, case)
            varied = spelling and not counts
            forms = _forms(text, admission, plural=plural, reorder=reorder, spelling=varied)
            for number, form in enumerate(forms):
                folded = form.lower()
                # An empty spelling sorts behind none, so the marker of folded case is the last sign.
                entry = (folded, form if counts else _FOLDED)
                (variants if number else exact).setdefault(entry, []).append(concept)
                written.setdefault(entry, text)
    entries = sorted(exact.keys() | variants.keys())
    found = (exact.get(entry, []) + variants.get(entry, []) for entry in entries)
    free = [number for number, (_, form) in enumerate(entries) if form == _FOLDED]
    bound = [number for number, (_, form) in enumerate(entries) if form != _FOLDED]
    return Terms(
        keys=tuple(key for key, _ in entries),
        spellings=tuple(None if form == _FOLDED else form for _, form in entries),
        concepts=tuple(tuple(dict.fromkeys(each)) for each in found),
        written=tuple(written[entry] for entry in entries),
        folded=trie_of([entries[number][0] for number in free], free),
        spelled=trie_of([entries[number][1] for number in bound], bound),
    )


def vocabulary(
    names: Mapping[str, tuple[str, ...]],
    *,
    plural: bool = False,
    reorder: bool = False,
    spelling: bool = False,
    case: CasePolicy = "fold",
    admission: Admission = ALL,
) -> frozenset[str]:
    """Return `build_terms(...).words`, without building the rest.

    The plural of a last word is looked for until one name admits it.
    """
    found: set[str] = set()
    done: set[str] = set()
    for texts in names.values():
        for text in texts:
            varied = spelling and not _counts(text, case)
            for form in _forms(text, admission, plural=False, reorder=reorder, spelling=varied):
                found.update(form.lower().split(" "))
                last = form.rpartition(" ")[2]
                if plural and last not in done:
                    others = numbers_of(form)
                    right = list(filter(admission.admits, others))
                    found.update(other.lower().rpartition(" ")[2] for other in right)
                    if right == others:
                        done.add(last)
    return frozenset(found)


_FOLDED = "\U0010ffff"


def _counts(name: str, case: CasePolicy) -> bool:
    return case == "exact" or (case == "smart" and is_acronym(name))


def is_acronym(name: str) -> bool:
    """Return whether `case: smart` reads a name exactly: 5 signs at most, a capital behind the first.

    So "pH" and "ALL" keep their case, and "Gold" does not (LANGUAGE.md, section 7).
    """
    return len(name) <= 5 and name != name.lower() and name[1:] != name[1:].lower()


def _forms(
    text: str, admission: Admission, *, plural: bool, reorder: bool, spelling: bool
) -> Iterator[str]:
    """Yield a name as rows joined by blanks, then the variants that may be.

    Nothing for a name without rows.
    """
    form = " ".join(words_of(text))
    if not form:
        return
    forms = [form, *(_reordered(text, form, admission) if reorder else ())]
    if spelling:
        forms += [
            other for each in forms for other in spellings_of(each) if admission.admits(other)
        ]
    yield from forms
    if plural:
        for each in forms:
            yield from filter(admission.admits, numbers_of(each))


def _reordered(text: str, form: str, admission: Admission) -> Iterator[str]:
    """Yield a name in other orders of its words.

    "leukemia, plasmacytic" is turned at each comma; "kidney cancer" becomes "cancer of the kidney" and
    "cancer of kidney", and back. Names of more words than `TURNED` or with signs are not turned so.
    What may not stand is not turned further.
    """
    if ", " in text:
        form = " ".join(words_of(" ".join(reversed(text.split(", ")))))
        if not admission.admits(form):
            return
        yield form
    head, of, rest = form.partition(" of ")
    words = form.split(" ")
    turned: list[str] = []
    if of and head.isalpha():
        turned = [f"{rest.removeprefix('the ')} {head}"]
    elif not of and 1 < len(words) <= TURNED and all(word.isalpha() for word in words):
        rest = " ".join(words[:-1])
        turned = [f"{words[-1]} of {rest}", f"{words[-1]} of the {rest}"]
    yield from filter(admission.admits, turned)


def numbers_of(form: str) -> list[str]:
    """Return the form with its last word in the other grammatical number, by the regular endings."""
    head, _, last = form.rpartition(" ")
    if len(last) < 4 or not last.isalpha():
        return []
    if last.endswith("ies"):
        forms = [last[:-3] + "y"]
    elif last.endswith(("ses", "xes", "ches", "shes")):
        forms = [last[:-2], last[:-1], last[:-2] + "is"]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        forms = [last[:-1]]
    elif last.endswith("sis"):
        forms = [last[:-2] + "es"]
    elif last.endswith(("s", "x", "ch", "sh")):
        forms = [last + "es"]
    elif last.endswith("y") and last[-2] not in "aeiou":
        forms = [last[:-1] + "ies"]
    else:
        forms = [last + "s"]
    return [f"{head} {each}".strip() for each in forms]
