"""What knowledge bases say of a claim: it is there, it is denied, or a more general one is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from biolabel.kb.pairs import Pair, PairIndex

Status = Literal["known", "new", "contradicts", "refines", "unchecked"]
"""How a claim stands against the knowledge bases; see `Standing`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A knowledge base that has a pair, and the documents that state it there: PubMed ids, older first.

    kb: its name, with that of the part (`ctd.marker`) where rules ask for one. pair: the pair that it
    has, where that is another one than the pair of the assertion.
    """

    kb: str
    documents: tuple[str, ...] = ()
    pair: Pair | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """A knowledge base, or a part of one, as rules use it; the leak guard's documents are not in it.

    labels: the predicates that rules take its pairs as evidence for; without any its pairs are evidence
    against all of them. both_ways: whether a pair counts in either order.
    """

    index: PairIndex
    subset: str = ""
    labels: frozenset[str] = frozenset()
    both_ways: bool = False

    def stated(self, name: str, pair: Pair, *, general: bool = False) -> Statement | None:
        """Return what it states of a pair, None where it does not have it.

        name: what to call it; general: whether the pair is a more general one than was asked for.
        """
        held = self.index.counts.get(self.subset, {})
        for each in (pair, pair[::-1]) if self.both_ways else (pair,):
            if each in held:
                documents = self.index.cited(each, self.subset)
                return Statement(name, documents, pair if general else None)
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim against the knowledge bases.

    status: `known` if one has the pair; else `contradicts` if one has it that is evidence against the
    predicate; else `refines` if one has a pair of its subject or object and a concept above the other;
    else `new`, and `unchecked` if no knowledge base is about the predicate. contradicted_by is there
    for known pairs too; refines names the closest more general pairs.
    """

    status: Status
    known_from: tuple[Statement, ...] = ()
    contradicted_by: tuple[Statement, ...] = ()
    refines: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """The knowledge bases by name, and concept to the concepts directly above it."""

    bases: Mapping[str, Base]
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def standing(self, pair: Pair, predicate: str) -> Standing:
        """Return how a claim stands against the bases."""
        about = {name: base for name, base in self.bases.items() if predicate in base.labels}
        against = {name: base for name, base in self.bases.items() if not base.labels}
        known, denied = _stated(about, pair), _stated(against, pair)
        if known:
            return Standing("known", known, denied)
        if denied:
            return Standing("contradicts", (), denied)
        if general := self._general(about, pair):
            return Standing("refines", refines=general)
        return Standing("new" if about else "unchecked")

    def _general(self, bases: Mapping[str, Base], pair: Pair) -> tuple[Statement, ...]:
        """Return the closest pairs with a concept above one side that bases have, those of one distance."""
        sides = [_upward(self.above, concept) for concept in pair]
        while bases:
            levels = [next(side, None) for side in sides]
            if not any(levels):
                break
            subjects, objects = (sorted(level or ()) for level in levels)
            wider = [*((up, pair[1]) for up in subjects), *((pair[0], up) for up in objects)]
            asked = (
                base.stated(n, each, general=True) for each in wider for n, base in bases.items()
            )
            if found := tuple(statement for statement in asked if statement):
                return found
        return ()


def _stated(bases: Mapping[str, Base], pair: Pair) -> tuple[Statement, ...]:
    asked = (base.stated(name, pair) for name, base in bases.items())
    return tuple(statement for statement in asked if statement)


def _upward(above: Mapping[str, frozenset[str]], concept: str) -> Iterator[frozenset[str]]:
    """Yield the concepts one step above a concept, then those two steps above it; each concept once."""
    seen, level = {concept}, frozenset({concept})
    while level := frozenset().union(*(above.get(each, ()) for each in level)) - seen:
        seen |= level
        yield level
