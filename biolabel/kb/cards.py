"""A concept as an ontology knows it: names, what is above and below, and other identifiers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.ontology import Ontology, grouped

Labeled = tuple[tuple[str, str], ...]
"""CURIEs, each with the preferred name, which is empty where none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that an ontology says of a concept.

    names: by kind (exact, related, broad, narrow, lay, abbreviation), the preferred one first of the
    exact ones; parents, children: directly above and below; asked: the identifier that was asked for if
    it is an old or alternative one; old: the identifiers that mean this concept now.
    """

    id: str
    names: Mapping[str, tuple[str, ...]]
    parents: Labeled = ()
    children: Labeled = ()
    trees: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    asked: str = ""
    old: tuple[str, ...] = ()

    @property
    def preferred(self) -> str:
        """The first name, empty without any."""
        return next((texts[0] for texts in self.names.values()), "")


def card_of(found: Ontology, raw: str, name: str) -> Card:
    """Return what an ontology says of an identifier, with or without its prefix.

    name: what to call the ontology.

    Raises:
        KnowledgeError: BL731 an identifier that it does not have.
    """
    asked = curie_of(raw, found.prefix) or raw
    concept = found.replaced.get(asked, asked)
    below = _below(found.above)
    if concept in found.obsolete:
        message = f"`{name}` says not to use {concept} any more, and has nothing in its place"
        raise KnowledgeError("BL731", message)
    if concept not in found.names.keys() | below.keys() | found.above.keys():
        raise unknown(asked, found.names, name)
    return Card(
        id=concept,
        names=grouped((found.kind(concept, n), n) for n in found.names.get(concept, ())),
        parents=labeled(found, found.above.get(concept, ())),
        children=labeled(found, below.get(concept, ())),
        trees=found.trees.get(concept, ()),
        types=found.types.get(concept, ()),
        references=found.references.get(concept, ()),
        asked=asked if asked != concept else "",
        old=tuple(sorted(old for old, new in found.replaced.items() if new == concept)),
    )


def unknown(concept: str, known: Iterable[str], name: str) -> KnowledgeError:
    """Return the error for an identifier that a knowledge base does not have (BL731)."""
    ids = list(known)
    prefixes = sorted({each.partition(":")[0] for each in ids})
    near = get_close_matches(concept, [each for each in ids if each[:-1] == concept[:-1]], n=1)
    hint = f"did you mean `{near[0]}`? " if near else ""
    hint += f"`biolabel kb search TEXT --in {name}` finds concepts by their names"
    message = f"`{name}` has no concept `{concept}`; its identifiers are of {', '.join(prefixes)}"
    return KnowledgeError("BL731", message, hint=hint)


def labeled(found: Ontology, concepts: Iterable[str]) -> Labeled:
    """Return concepts with their preferred names, by name."""
    pairs = ((concept, found.names.get(concept, ("",))[0]) for concept in concepts)
    return tuple(sorted(pairs, key=lambda pair: (pair[1].lower(), pair[0])))


def _below(above: Mapping[str, frozenset[str]]) -> Mapping[str, set[str]]:
    below: defaultdict[str, set[str]] = defaultdict(set)
    for concept, parents in above.items():
        for parent in parents:
            below[parent].add(concept)
    return below
