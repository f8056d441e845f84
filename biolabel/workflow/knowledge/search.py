"""Concepts by their names, as the term index has them, with why each was found."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from biolabel.apply.spelling import alike
from biolabel.data.words import key_of
from biolabel.kb.forms import Ways
from biolabel.kb.kept import kept_terms
from biolabel.kb.ontology import Ontology
from biolabel.kb.terms import Terms

Why = Literal["preferred name", "name", "other form", "part of a name", "alike"]
ORDER: tuple[Why, ...] = ("preferred name", "name", "other form", "part of a name", "alike")
"""From the best to the worst reason."""
ALIKE = 0.8
"""How alike a name must be for a person to want to see it: "naloxon", "acetominophen"."""


@dataclass(frozen=True, slots=True)
class Match:
    """A concept that a text may mean: the name that it has there, why, and how alike both are.

    form: the indexed form of the name that agrees with the text; alike: 0 to 1, 1 but for a part of a
    name (the share of its words that the text has) and a misspelt one.
    """

    kb: str
    concept: str
    preferred: str
    name: str
    form: str
    why: Why
    alike: float


def search(found: Ontology, kb: str, text: str, *, fuzzy: bool = False) -> list[Match]:
    """Return the concepts of an ontology that a text may mean, the best first, each once.

    fuzzy: also names that are spelled otherwise.
    """
    key = key_of(text)
    if not key:
        return []
    terms = kept_terms(found.names, Ways(plural=True, reorder=True))
    best: dict[str, Match] = {}
    for match in _matches(found, terms, kb, key, fuzzy=fuzzy):
        known = best.get(match.concept)
        if known is None or rank(match) < rank(known):
            best[match.concept] = match
    return sorted(best.values(), key=rank)


def rank(match: Match) -> tuple[int, float, str, str]:
    """Return what orders matches: the reason, how alike, the preferred name, the identifier."""
    return ORDER.index(match.why), -match.alike, match.preferred.lower(), match.concept


def _matches(found: Ontology, terms: Terms, kb: str, key: str, *, fuzzy: bool) -> Iterator[Match]:
    def of_row(row: int, why: Why | None, share: float) -> Iterator[Match]:
        for concept in terms.concepts[row]:
            texts = found.names[concept]
            form = terms.keys[row]
            name = next((text for text in texts if key_of(text) == form), terms.written[row])
            yield Match(kb, concept, texts[0], name, form, why or _exact(texts, form), share)

    row = bisect_left(terms.keys, key)
    while row < len(terms.keys) and terms.keys[row] == key:
        yield from of_row(row, None, 1.0)
        row += 1
    keys = list(terms.keys)
    words = frozenset(key.split(" "))
    longest = max(words, key=len)
    for row, form in enumerate(keys):
        if longest in form and form != key and words <= (parts := frozenset(form.split(" "))):
            yield from of_row(row, "part of a name", len(words) / len(parts))
    if fuzzy:
        near = extract(key, keys, scorer=ratio, limit=200, score_cutoff=100 * (ALIKE - 0.1))
        for form, _, row in near:
            share = alike(key, form)
            if form != key and share >= ALIKE:
                yield from of_row(row, "alike", share)


def _exact(texts: Sequence[str], form: str) -> Why:
    """Return why a form that is the text's own stands for a concept with these names."""
    if key_of(texts[0]) == form:
        return "preferred name"
    return "name" if form in map(key_of, texts) else "other form"
