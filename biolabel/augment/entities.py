"""Entity swap: concepts of a document become others of the same type and a similar kind.

What the text says of them is then said of the others, so labels that rules read from the text stay;
what a knowledge base says of the old ones it need not say of the new ones.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.augment.concepts import become, single_concepts
from biolabel.augment.names import shape, some, usable
from biolabel.augment.spots import check_rate
from biolabel.augment.version import Version
from biolabel.kb.ontology import Ontology

_DRAWS = 8
"""Concepts of a kind that are looked at for a name of the right shape, before none is taken."""
_LEVELS = 2
"""Parts of a tree number that name a subtree: `D03.383`, `C10.228`."""


@dataclass(frozen=True, eq=False)
class Peers:
    """Concepts by what they are: type and kind to concepts, and each concept's kind.

    names: those of each concept. A kind is a subtree of an ontology, "" where it has no hierarchy.
    """

    names: Mapping[str, Sequence[str]]
    kinds: Mapping[str, str]
    groups: Mapping[tuple[str, str], Sequence[str]]

    def like(
        self,
        concept: str,
        type_: str,
        form: str,
        taken: Collection[str],
        generator: np.random.Generator,
    ) -> str | None:
        """Draw another concept of the type and kind with a name shaped like `form`, None if none is found."""
        group = self.groups.get((type_, self.kinds.get(concept, "")), ())
        wanted = shape(form)
        for other in some(group, _DRAWS, generator):
            if other not in taken and any(
                usable(name) and shape(name) == wanted for name in self.names[other]
            ):
                return other
        return None


def peers_of(ontologies: Iterable[tuple[str, Ontology]]) -> Peers:
    """Return the concepts of ontologies with a name, each ontology with the type of its concepts.

    Names that mean something broader, narrower or related only are left out.
    """
    names: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    types: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for type_, ontology in ontologies:
        types[type_].update(dict.fromkeys(ontology.names))
        for concept, texts in ontology.names.items():
            odd = ontology.kinds.get(concept)
            exact = tuple(text for text in texts if text not in odd) if odd else texts
            known = names.get(concept)
            names[concept] = tuple(dict.fromkeys((*known, *exact))) if known else exact
            kinds[concept] = kinds.get(concept) or _kind(ontology, concept)
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for type_, concepts in types.items():
        for concept in concepts:
            groups[type_, kinds[concept]].append(concept)
    return Peers(names, kinds, dict(groups))


def _kind(ontology: Ontology, concept: str) -> str:
    trees = ontology.trees.get(concept)
    if trees:
        return ".".join(trees[0].split(".")[:_LEVELS])
    parents = ontology.parents.get(concept)
    return parents[0] if parents else ""


def swap_entities(
    version: Version, peers: Peers, rate: float, generator: np.random.Generator
) -> Version:
    """Let each concept become another one of its kind with probability `rate`, all over the document.

    Raises:
        ModelError: BL840 when `rate` is no probability.
    """
    check_rate("entities", rate)
    mentions, text = version.document.mentions, version.document.text
    found = single_concepts(mentions)
    drawn = (generator.random(len(found)) < rate).tolist()
    chosen = {concept for concept, taken in zip(found, drawn, strict=True) if taken}
    if not chosen:
        return version
    forms = {m.concepts[0]: text[m.start : m.end] for m in mentions if chosen & {*m.concepts}}
    taken = {concept for mention in mentions for concept in mention.concepts}
    others: dict[str, str] = {}
    for concept, form in forms.items():
        other = peers.like(concept, found[concept], form, taken, generator)
        if other is not None:
            others[concept] = other
            taken.add(other)
    return become(version, others, lambda c: peers.names[c], generator) if others else version
