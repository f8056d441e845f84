"""Ontologies made ready for looking up: what a declaration leaves of them, and in which ways."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from biolabel.apply.vocabulary import inflections, phrase_words
from biolabel.data.words import key_of
from biolabel.errors import KnowledgeError
from biolabel.kb.bare import bare_names
from biolabel.kb.curie import column_curies
from biolabel.kb.forms import ALL, Admission, Ways
from biolabel.kb.kept import kept_at, kept_lexicon, kept_terms
from biolabel.kb.lexicon import Lexicon
from biolabel.kb.ontology import Ontology
from biolabel.kb.terms import CasePolicy, Terms, vocabulary
from biolabel.kb.trie import Trie
from biolabel.lang import tree

DEFAULT_VIA = ("exact", "plural", "abbreviation")
"""How names are looked up where a rule file does not say: as LANGUAGE.md 2.4 lists them first."""
DEFAULT_CUT = 0.93
"""How alike words must be for `fuzzy` without a number: the example of LANGUAGE.md 2.4."""


@dataclass(frozen=True, slots=True)
class OntologyIndex:
    """One ontology declaration made ready: its filtered names, type, ways and what its forms must be.

    whole: all filtered names where `ontology` holds only those that a small corpus could hold
    (`evaluation.lookup`); their words are no slips for others.
    """

    ontology: Ontology
    type: str
    via: tuple[str, ...]
    case: CasePolicy = "fold"
    admission: Admission = ALL
    whole: Mapping[str, tuple[str, ...]] | None = None
    _terms: dict[Ways, Terms] = field(default_factory=dict, init=False, compare=False)
    _bare: dict[Ways, Trie] = field(default_factory=dict, init=False, compare=False)

    def terms(self, ways: tuple[str, ...]) -> Terms:
        """Return the names with the variants that ways of looking up ask for; each are built once."""
        key = variants_of(ways)
        if key not in self._terms:
            self._terms[key] = kept_terms(
                self.ontology.names, key, case=self.case, admission=self.admission
            )
        return self._terms[key]

    def bare(self, ways: tuple[str, ...]) -> Trie:
        """Return the names of `terms` without what stands in front of them (`kb.bare`)."""
        key = variants_of(ways)
        if key not in self._bare:
            self._bare[key] = bare_names(self.terms(ways), self.admission)
        return self._bare[key]

    def place(self, ways: tuple[str, ...]) -> Path:
        """Return the file that keeps `terms` of the same ways, if they are many."""
        names = self.ontology.names
        return kept_at(names, variants_of(ways), case=self.case, admission=self.admission)

    def known(self, ways: tuple[str, ...]) -> frozenset[str] | None:
        """Return the words of all names if the ontology has only some of them."""
        if self.whole is None:
            return None
        return vocabulary(self.whole, variants_of(ways), case=self.case, admission=self.admission)


def shared_lexicon(indices: Sequence[OntologyIndex]) -> Lexicon:
    """Return the names of several ontologies in one automaton, each in the ways that it declares."""
    return kept_lexicon([i.terms(i.via) for i in indices], [i.place(i.via) for i in indices])


def variants_of(ways: tuple[str, ...]) -> Ways:
    """Return those of the ways of looking up that make an index another one."""
    return Ways("plural" in ways, "reorder" in ways, "spelling" in ways)


def ontology_index(
    declaration: tree.OntologyDecl, read: Ontology, lists: Mapping[str, tree.ListDecl]
) -> OntologyIndex:
    """Return an ontology as its declaration wants it: filtered, with added terms and its ways.

    read: the source's names, of which the hierarchy stays whole.

    Raises:
        KnowledgeError: BL403 when no name is left, with what each filter removed; BL710 an unknown
            root; BL714 an added term whose identifier has no prefix.
    """
    admission = _admission(declaration, lists)
    left = replace(read, names=_filtered(declaration, read, admission))
    return indexed(declaration, left, lists)


def indexed(
    declaration: tree.OntologyDecl, left: Ontology, lists: Mapping[str, tree.ListDecl]
) -> OntologyIndex:
    """Return what a declaration leaves of an ontology, with its ways of looking up."""
    return OntologyIndex(
        left,
        declaration.type.text if declaration.type else "",
        ways_of(declaration.via) or DEFAULT_VIA,
        declaration.case,
        _admission(declaration, lists),
    )


def _admission(declaration: tree.OntologyDecl, lists: Mapping[str, tree.ListDecl]) -> Admission:
    """Return what the filters of a declaration let pass."""
    entries = [*declaration.drop]
    for name in declaration.stop:
        entries.extend(lists[name.text].words)
    phrases = [phrase_words(entry.lower()) for entry in entries]
    whole = [each for each in phrases if not any("*" in word for word in each)]
    open_ = [each for each in phrases if any("*" in word for word in each)]
    return Admission(
        frozenset(" ".join(key) for each in whole for key in product(*map(_meant, each))),
        tuple(" ".join(map(_word_pattern, each)) for each in open_),
        declaration.min_length,
    )


def _meant(word: str) -> frozenset[str]:
    """Return the words of keys that a word of a list without `*` means."""
    return inflections(word[:-1]) if word.endswith("~") else frozenset([word])


def ways_of(vias: tuple[tree.Via, ...]) -> tuple[str, ...]:
    """Return ways of looking up as texts, `fuzzy` with its number (`cut_of`)."""
    return tuple(
        f"fuzzy {via.number or DEFAULT_CUT}" if via.name == "fuzzy" else via.name for via in vias
    )


def cut_of(ways: tuple[str, ...]) -> float | None:
    """Return how alike words must be for `fuzzy`; None where it is no way."""
    return next((float(way.split(" ")[1]) for way in ways if way.startswith("fuzzy")), None)


def _filtered(
    declaration: tree.OntologyDecl, read: Ontology, admission: Admission
) -> dict[str, tuple[str, ...]]:
    """Return the names that pass every filter, and those added."""
    left = dict(read.names)
    removed = {"`where` removes": read.omitted}

    def keep(name: str, kept: dict[str, tuple[str, ...]]) -> None:
        nonlocal left
        removed[name] = sum(map(len, left.values())) - sum(map(len, kept.values()))
        left = kept

    if declaration.under:
        under = read.under(declaration.under)
        keep("`under` removes", {c: texts for c, texts in left.items() if c in under})
    if declaration.not_under:
        below = read.under(declaration.not_under)
        keep("`not_under` removes", {c: texts for c, texts in left.items() if c not in below})
    keep(
        "`min_length` removes",
        {c: tuple(filter(admission.long_enough, t)) for c, t in left.items()},
    )
    keep(
        "`stop` and `drop` remove",
        {c: tuple(t for t in ts if admission.wanted(key_of(t))) for c, ts in left.items()},
    )
    ids = [raw for _, raw in declaration.add]
    path = Path(declaration.name.span.file)
    for (term, _), concept in zip(
        declaration.add, column_curies(ids, read.prefix, path), strict=True
    ):
        if concept is not None:
            left[concept] = (*left.get(concept, ()), term)
    survivors = {concept: texts for concept, texts in left.items() if texts}
    if not survivors:
        total = sum(map(len, read.names.values())) + read.omitted
        parts = [f"{name} {number:,}" for name, number in removed.items() if number]
        shares = f"of {total:,}, {', '.join(parts)}" if parts else "the source has no names"
        message = f"no term of `{declaration.name.text}` survives its filters: {shares}"
        raise KnowledgeError("BL403", message, hint="loosen the filter that removes the most")
    return survivors


def _word_pattern(word: str) -> str:
    """Return what matches a word of a key as `vocabulary.word_mask` reads it: `acid*`, `drug~`."""
    if word.endswith("~"):
        return f"(?:{'|'.join(map(re.escape, sorted(_meant(word))))})"
    return re.escape(word).replace(r"\*", "[^ ]*")
