"""Ontologies: the names of concepts, and which concept is below which."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of

Texts = tuple[str, ...]
EXACT = "exact"
"""The kind of names that mean just the concept; others are related, broad, narrow, lay, abbreviation."""


@dataclass(frozen=True)
class Ontology:
    """Names and hierarchy of concepts, as read from a source.

    names: CURIE to its names as written, preferred name first where the source says which. trees:
    CURIE to tree numbers; parents: CURIE to the CURIEs directly above; types: CURIE to semantic types,
    as texts of the source; all three also for concepts without a name here. replaced: CURIE of an
    obsolete or alternative identifier to the one that is used now. references: CURIE to identifiers of the
    same thing in other vocabularies. kinds: CURIE to the kind of each of its names that is not exact.
    obsolete: CURIEs that the source has and says not to use. prefix: that of identifiers written without
    one. omitted: rows that `where:` left out. remarks: what is wrong with the source and was mended.
    """

    names: Mapping[str, Texts]
    trees: Mapping[str, Texts] = field(default_factory=dict)
    parents: Mapping[str, Texts] = field(default_factory=dict)
    types: Mapping[str, Texts] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, Texts] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    obsolete: frozenset[str] = frozenset()
    prefix: str = "MESH"
    omitted: int = 0
    remarks: Texts = ()

    def kind(self, concept: str, name: str) -> str:
        """Return the kind of a concept's name, as written in `names`."""
        return self.kinds.get(concept, {}).get(name, EXACT)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes of the identifiers of all concepts with a name."""
        return frozenset(concept.partition(":")[0] for concept in self.names)

    def current(self, raw: str) -> str:
        """Return the CURIE that an identifier means now, with or without a prefix."""
        concept = curie_of(raw, self.prefix) or raw
        return self.replaced.get(concept, concept)

    def under(self, roots: Iterable[str]) -> frozenset[str]:
        """Return the concepts at or below tree numbers, identifiers or semantic types.

        Below an identifier are the concepts whose tree numbers go on from one of its own, those that
        name it as a parent, and all below these.

        Raises:
            KnowledgeError: BL710 a root that no concept is at or below.
        """
        found: set[str] = set()
        typed: set[str] = set()
        for root in roots:
            concept = self.current(root)
            below = set(self._at_or_below(root))
            for number in self.trees.get(concept, ()):
                below.update(self._at_or_below(number))
            if self._has_hierarchy and (concept in self.names or concept in self._children):
                below.add(concept)
            if not below and root not in self._of_type:
                raise self._nothing_under(root)
            found |= below
            typed |= self._of_type.get(root, set())
        return self._closed(found) | typed

    @property
    def _has_hierarchy(self) -> bool:
        return any(self.trees.values()) or bool(self.parents)

    def _closed(self, concepts: set[str]) -> frozenset[str]:
        """Return concepts with all below them over `parents`; circles do no harm."""
        waiting = list(concepts)
        while waiting:
            fresh = self._children.get(waiting.pop(), set()) - concepts
            concepts |= fresh
            waiting.extend(fresh)
        return frozenset(concepts)

    def _at_or_below(self, number: str) -> Iterator[str]:
        """Yield the concepts at or below a tree number, or a letter that numbers begin with."""
        begin = number if len(number) == 1 else f"{number}."
        for at in range(bisect_left(self._numbers, (begin,)), len(self._numbers)):
            found, concept = self._numbers[at]
            if not found.startswith(begin):
                break
            yield concept

    @cached_property
    def _numbers(self) -> list[tuple[str, str]]:
        """Each tree number, closed by a point, with its concept; sorted."""
        return sorted((f"{n}.", concept) for concept, of in self.trees.items() for n in of)

    @cached_property
    def _of_type(self) -> Mapping[str, set[str]]:
        return _inverted(self.types)

    @cached_property
    def _children(self) -> Mapping[str, set[str]]:
        return _inverted(self.parents)

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """The concepts directly above each concept, by `parents` and by tree numbers."""
        at: defaultdict[str, set[str]] = defaultdict(set)
        for concept, numbers in self.trees.items():
            for number in numbers:
                at[number].add(concept)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for concept, numbers in self.trees.items():
            for number in numbers:
                found[concept] |= at.get(number.rpartition(".")[0], set())
        for concept, parents in self.parents.items():
            found[concept].update(self.replaced.get(parent, parent) for parent in parents)
        return {concept: frozenset(above - {concept}) for concept, above in found.items()}

    def _nothing_under(self, root: str) -> KnowledgeError:
        message = f"no concept is at or below `{root}`"
        if not (self._has_hierarchy or self.types):
            return KnowledgeError("BL710", f"{message}: the ontology has no hierarchy")
        hint = "write a tree number, an identifier or a semantic type of the ontology"
        return KnowledgeError("BL710", message, hint=hint)


def lineage(numbers: Iterable[str]) -> set[str]:
    """Return tree numbers with all above them and the bare letters of their trees."""
    found = {number[:1] for number in numbers}
    for number in numbers:
        parts = number.split(".")
        found.update(".".join(parts[:i]) for i in range(1, len(parts) + 1))
    return found


def _inverted(mapping: Mapping[str, Texts]) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, values in mapping.items():
        for value in values:
            found[value].add(key)
    return found


def grouped(pairs: Iterable[tuple[str | None, str]]) -> dict[str, Texts]:
    """Return the distinct, stripped, non-empty texts of each concept, in order."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for concept, text in pairs:
        stripped = text.strip()
        if concept and stripped:
            found[concept][stripped] = None
    return {concept: tuple(texts) for concept, texts in found.items()}


def merged(parts: Sequence[Ontology]) -> Ontology:
    """Return several ontologies as one: a concept has the names and places that all give it."""
    if len(parts) == 1:
        return parts[0]

    def union(tables: Iterable[Mapping[str, Texts]]) -> dict[str, Texts]:
        return grouped((key, text) for table in tables for key in table for text in table[key])

    names = union(part.names for part in parts)
    replaced = {
        old: new for part in parts for old, new in part.replaced.items() if old not in names
    }
    above = union(part.parents for part in parts)
    return Ontology(
        names=names,
        trees=union(part.trees for part in parts),
        parents={c: tuple(dict.fromkeys(replaced.get(up, up) for up in above[c])) for c in above},
        types=union(part.types for part in parts),
        replaced=replaced,
        references=union(part.references for part in parts),
        obsolete=frozenset[str]().union(*(part.obsolete for part in parts)),
        kinds=_kinds(parts),
        prefix=parts[0].prefix if parts else "MESH",
        omitted=sum(part.omitted for part in parts),
        remarks=tuple(remark for part in parts for remark in part.remarks),
    )


def _kinds(parts: Sequence[Ontology]) -> dict[str, dict[str, str]]:
    """Return the kinds of names of several ontologies; a name is exact if one of them says so."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for part in reversed(parts):
        for concept, kinds in part.kinds.items():
            found[concept].update(kinds)
    for part in parts:
        for concept in found.keys() & part.names.keys():
            for name in part.names[concept]:
                if part.kind(concept, name) == EXACT:
                    found[concept].pop(name, None)
    return {concept: kinds for concept, kinds in found.items() if kinds}


def by_reference(found: Ontology, prefix: str) -> Ontology:
    """Return an ontology whose names are those of the concepts' identifiers in another vocabulary.

    Each such identifier stands directly below its concept, so that `under` takes concepts of both; a
    concept without one gives no names.
    """
    same = [
        (other, concept)
        for concept, others in found.references.items()
        for other in others
        if other.partition(":")[0] == prefix
    ]
    parents = [(concept, up) for concept, above in found.parents.items() for up in above]
    return replace(
        found,
        names=grouped((other, name) for other, c in same for name in found.names.get(c, ())),
        kinds={other: found.kinds[concept] for other, concept in same if concept in found.kinds},
        parents=grouped([*parents, *same]),
    )
