"""Whether concepts are in ontologies, and pairs of them in knowledge bases."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import COMPARE, Column, disjunction, known, where_known
from biolabel.apply.frames import Frame
from biolabel.apply.matches import span_keys
from biolabel.apply.scene import Scene
from biolabel.lang import tree

Bools = NDArray[np.bool_]
Asked = tuple[str, str, str, str]
"""A knowledge base, its part or "", and the two arguments in the order in which they are asked for."""


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


@dataclass(frozen=True, slots=True)
class Stated:
    """How much evidence a knowledge base has for the pairs of a frame: float64[n], NaN for none.

    known: bool[n], where it could have some at all.
    """

    evidence: NDArray[np.float64]
    known: Bools


def in_kb(
    scene: Scene, frame: Frame, condition: tree.InKb, looked_up: dict[Asked, Stated]
) -> Column:
    """Return whether the pair of concepts is in a knowledge base.

    Membership is a fact about the knowledge base, so a pair that is not there is known not to be, even
    if the base never mentions one of its concepts: on BC5CDR train, 6.7 % of the 706 pairs with a
    concept that CTD does not mention are right, and 9.1 % of the 2,680 that it lacks though it has both
    concepts. Unknown are pairs without both concepts, and pairs of other identifiers than the base has
    (CHEBI asked of a base of MeSH), which it could not hold; `complete: yes` makes these absent too.
    `both ways` asks for the pair in either order. looked_up: what was found over this frame, and
    where to put more; conditions that differ in `evidence` alone are looked up once.

    Raises:
        KnowledgeError: BL711 a part that the knowledge base does not have.
    """
    names = [name.text for name in condition.arguments or ()] or list(frame.sides)
    kb, subset, least = condition.kb.text, condition.subset or "", condition.evidence
    columns = []
    for first, second in (names, names[::-1])[: 1 + condition.both_ways]:
        asked = kb, subset, first, second
        if asked not in looked_up:
            looked_up[asked] = _stated(scene, frame, asked)
        found = looked_up[asked]
        held = ~np.isnan(found.evidence)
        if least is not None:
            held &= COMPARE[least.operator](found.evidence, least.number)
        columns.append(where_known(held, found.known))
    return disjunction(columns)


def _stated(scene: Scene, frame: Frame, asked: Asked) -> Stated:
    """Return what a knowledge base has for pairs of concepts."""
    name, subset, first, second = asked
    one, two = frame.sides[first].concept, frame.sides[second].concept
    index = scene.finder.knowledge.pairs[name]
    columns = index.columns(name, subset)
    ids = dict(zip(frame.concepts, range(len(frame.concepts)), strict=True))
    subject, object_ = (
        np.array([ids.get(concept, -1) for concept in concepts], dtype=np.int64)[of_pair]
        for concepts, of_pair in (
            (columns.subjects, columns.subject),
            (columns.objects, columns.object),
        )
    )
    held = (subject >= 0) & (object_ >= 0)
    stride = len(frame.concepts) + 1
    keys = subject[held] * stride + object_[held]
    ascending = np.argsort(keys)
    keys = np.r_[keys[ascending], np.iinfo(np.int64).max]
    evidence = np.r_[columns.evidence[held][ascending], np.nan]
    wanted = one.astype(np.int64) * stride + two
    at = np.searchsorted(keys, wanted)
    sure = (one >= 0) & (two >= 0)
    found = np.where((keys.take(at) == wanted) & sure, evidence.take(at), np.nan)
    if not index.complete:
        spoken = _spoken(frame.concepts, index.prefixes)
        sure &= spoken.take(one) & spoken.take(two)
    return Stated(found, sure)


def _spoken(concepts: tuple[str, ...] | list[str], prefixes: frozenset[str]) -> Bools:
    """Return bool[concepts + 1]: which identifiers have one of the prefixes; the last, for none, not."""
    found = [concept.partition(":")[0] in prefixes for concept in concepts]
    return np.array([*found, False], dtype=bool)
