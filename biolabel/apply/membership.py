"""Whether concepts are in ontologies, and pairs of them in knowledge bases."""

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, known, where_known
from biolabel.apply.matches import span_keys
from biolabel.apply.scene import Frame, Scene
from biolabel.kb.tables import COMPARE
from biolabel.lang import tree

Bools = NDArray[np.bool_]


def member(scene: Scene, frame: Frame, condition: tree.Member) -> Column:
    """Return whether the argument's concept is in an ontology, with descendants.

    Unknown without a concept, and for a concept of other identifiers than the ontology has. A span of
    an entity rule has no concept: it is a member if the ontology has its text as a name.
    """
    side = frame.sides[condition.argument.text]
    index = scene.finder.knowledge.ontologies[condition.ontology.text]
    wanted = set(index.ontology.names)
    if condition.under:
        wanted &= index.ontology.under(condition.under)
    if (side.mention < 0).all():
        hits = scene.finder.hits(condition.ontology.text)
        terms = scene.finder.terms(condition.ontology.text, index.via)
        right = np.array([not wanted.isdisjoint(c) for c in terms.concepts], dtype=bool)
        keys = span_keys(scene.corpus, hits.first, hits.end)[right[hits.term]]
        return known(np.isin(span_keys(scene.corpus, side.first, side.end), keys))
    current = [index.ontology.replaced.get(concept, concept) for concept in frame.concepts]
    held = np.array([concept in wanted for concept in current] + [False], dtype=bool)
    sure = _spoken(current, index.ontology.prefixes)
    return where_known(held[side.concept], sure[side.concept])


def in_kb(scene: Scene, frame: Frame, condition: tree.InKb) -> Column:
    """Return whether the pair of concepts is in a knowledge base.

    Membership is a fact about the knowledge base, so a pair that is not there is known not to be, even
    if the base never mentions one of its concepts: on BC5CDR train, 6.7 % of the 706 pairs with a
    concept that CTD does not mention are right, and 9.1 % of the 2,680 that it lacks though it has both
    concepts. Unknown are pairs without both concepts, and pairs of other identifiers than the base has
    (CHEBI asked of a base of MeSH), which it could not hold; `complete: yes` makes these absent too.
    `both ways` asks for the pair in either order.

    Raises:
        KnowledgeError: BL711 a part that the knowledge base does not have.
    """
    names = [name.text for name in condition.arguments or ()] or list(frame.sides)
    a, b = (frame.sides[name] for name in names)
    index = scene.finder.knowledge.pairs[condition.kb.text]
    counts = index.part(condition.kb.text, condition.subset or "")
    least = condition.evidence
    ids = {concept: i for i, concept in enumerate(frame.concepts)}
    stride = len(frame.concepts) + 1
    keys = [
        ids[s] * stride + ids[o]
        for (s, o), number in counts.items()
        if s in ids
        and o in ids
        and (least is None or COMPARE[least.operator](number, least.number))
    ]
    one, two = a.concept.astype(np.int64), b.concept.astype(np.int64)
    holds = np.isin(one * stride + two, keys)
    sure = (one >= 0) & (two >= 0)
    if condition.both_ways:
        holds |= np.isin(two * stride + one, keys)
    if not index.complete:
        spoken = _spoken(frame.concepts, index.prefixes)
        sure &= spoken[one] & spoken[two]
    return where_known(holds, sure)


def _spoken(concepts: tuple[str, ...] | list[str], prefixes: frozenset[str]) -> Bools:
    """Return bool[concepts + 1]: which identifiers have one of the prefixes; the last, for none, not."""
    found = [concept.partition(":")[0] in prefixes for concept in concepts]
    return np.array([*found, False], dtype=bool)
