"""The six transformations by name: what each does, what it promises and what it needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.augment.abbreviations import vary_abbreviations
from biolabel.augment.choice import NAMES, RATES, Name
from biolabel.augment.entities import Peers, peers_of, swap_entities
from biolabel.augment.masking import mask_mentions
from biolabel.augment.pairs import Partners, partners_of, swap_pairs
from biolabel.augment.synonyms import swap_synonyms
from biolabel.augment.verify import Keeps
from biolabel.augment.version import Version
from biolabel.augment.wording import Wording, vary_words
from biolabel.compile.plan import Plan
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import PairIndex


@dataclass(frozen=True, slots=True)
class Transformation:
    """A change of a document: its name, what it promises to keep, and what makes it.

    `change` returns the version itself where there is nothing to change.
    """

    name: Name
    keeps: Keeps
    change: Callable[[Version, np.random.Generator], Version]

    def __call__(self, version: Version, generator: np.random.Generator) -> Version:
        """Return the changed version, which remembers the change, or the version itself."""
        changed = self.change(version, generator)
        return changed if changed is version else replace(changed, made=(*version.made, self.name))


@dataclass(frozen=True, eq=False)
class Material:
    """What transformations put into texts: names and kinds of concepts, pairs, words."""

    peers: Peers
    partners: Partners
    wording: Wording


def material(
    plan: Plan,
    ontologies: Sequence[tuple[str, Ontology]],
    bases: Mapping[str, PairIndex],
) -> Material:
    """Return the material of a task: that of its own ontologies, each with its type, and pairs."""
    peers = peers_of(ontologies)
    types: dict[str, list[str]] = {}
    for (type_, _), concepts in peers.groups.items():
        for concept in concepts:
            types.setdefault(concept, []).append(type_)
    return Material(peers, partners_of(bases, peers.names, types), Wording.of(plan))


def transformations(
    found: Material, rates: Mapping[Name, float] = RATES
) -> dict[Name, Transformation]:
    """Return the transformations at some rates; a name that has no rate is left out."""
    names = found.peers.names

    def named(concept: str) -> Sequence[str]:
        return names.get(concept, ())

    every: dict[Name, tuple[Keeps, Callable[[Version, float, np.random.Generator], Version]]] = {
        "synonyms": ("everything", lambda v, rate, g: swap_synonyms(v, named, rate, g)),
        "entities": ("text", lambda v, rate, g: swap_entities(v, found.peers, rate, g)),
        "pairs": ("text", lambda v, rate, g: swap_pairs(v, found.partners, names, rate, g)),
        "abbreviations": ("everything", vary_abbreviations),
        "words": ("everything", lambda v, rate, g: vary_words(v, found.wording, rate, g)),
        "masking": ("relations", mask_mentions),
    }

    def at(name: Name, rate: float) -> Transformation:
        keeps, change = every[name]
        return Transformation(name, keeps, lambda v, g: change(v, rate, g))

    return {name: at(name, rates[name]) for name in NAMES if name in rates}


def weakest(promises: Sequence[Keeps]) -> Keeps:
    """Return what several transformations one after another still promise."""
    if "text" in promises:
        return "text"
    return "relations" if "relations" in promises else "everything"
