"""Whether concepts are in ontologies, and pairs of them in knowledge bases."""

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import COMPARE, Column, known, where_known
from biolabel.apply.frames import Frame
from biolabel.apply.matches import span_keys
from biolabel.apply.scene import Scene
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]


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
        found, place = np.unique(hits.term, return_inverse=True)
        concepts = (terms.concepts[term] for term in found.tolist())
        right = np.array([not wanted.isdisjoint(each) for each in concepts], dtype=bool)
        keys = span_keys(scene.corpus, hits.first, hits.end)[right[place]]
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
    one, two = a.concept, b.concept
    holds = _in_kb(scene, frame, condition, one, two)
    if condition.both_ways:
        holds |= _in_kb(scene, frame, condition, two, one)
    sure = (one >= 0) & (two >= 0)
    if not index.complete:
        spoken = _spoken(frame.concepts, index.prefixes)
        sure &= spoken[one] & spoken[two]
    return where_known(holds, sure)


def _in_kb(scene: Scene, frame: Frame, condition: tree.InKb, subject: Ints, object_: Ints) -> Bools:
    """Return which pairs of concepts a knowledge base has, with enough evidence."""
    name, subset = condition.kb.text, condition.subset or ""
    columns = scene.finder.knowledge.pairs[name].columns(name, subset)
    ids = {concept: i for i, concept in enumerate(frame.concepts)}
    one = np.array([ids.get(concept, -1) for concept in columns.subjects], dtype=np.int64)
    two = np.array([ids.get(concept, -1) for concept in columns.objects], dtype=np.int64)
    one, two = one[columns.subject], two[columns.object]
    held = (one >= 0) & (two >= 0)
    stride = len(frame.concepts) + 1
    keys = one[held] * stride + two[held]
    order = np.argsort(keys)
    keys = np.r_[keys[order], np.iinfo(np.int64).max]
    wanted = subject.astype(np.int64) * stride + object_
    at = np.searchsorted(keys, wanted)
    enough, least = np.ones(len(keys), dtype=bool), condition.evidence
    if least is not None:
        enough[:-1] = COMPARE[least.operator](columns.evidence[held][order], least.number)
    return (keys[at] == wanted) & enough[at] & (subject >= 0) & (object_ >= 0)


def _spoken(concepts: tuple[str, ...] | list[str], prefixes: frozenset[str]) -> Bools:
    """Return bool[concepts + 1]: which identifiers have one of the prefixes; the last, for none, not."""
    found = [concept.partition(":")[0] in prefixes for concept in concepts]
    return np.array([*found, False], dtype=bool)
