"""Old identifiers in knowledge bases of pairs: they mean what they were replaced by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import Expansion


def same_concepts(ontologies: Iterable[Ontology]) -> dict[str, frozenset[str]]:
    """Return, for each identifier that is or has an old one, the others of its concept.

    Only identifiers of one vocabulary count: an identifier that another vocabulary gives a concept is a
    reference, and a base that has one need not know the other.
    """
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for ontology in ontologies:
        for old, new in ontology.replaced.items():
            if old.partition(":")[0] == new.partition(":")[0]:
                groups[new] |= {old, new}
    return {each: frozenset(group - {each}) for group in groups.values() for each in group}


def of_aliases(
    side: Literal["subject", "object"], same: Mapping[str, frozenset[str]]
) -> tuple[Expansion, ...]:
    """Return the expansion by which a pair holds for all identifiers of a concept; none without any."""
    return (Expansion(side, "ancestors", 1, same),) if same else ()
