"""How much of a gold set a knowledge base contains: what distant supervision may learn from the answers.

A knowledge base that was curated from the documents being labeled knows their gold, and rules that ask it
are no weak labels. The leak guard leaves such evidence out where a table names its documents; where it
does not, only the overlap can tell.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from biolabel.kb.ontology import Ontology

Pair = tuple[str, str]
Placed = tuple[int, str, str]
"""A pair of concepts in a document: its number, subject, object."""

FEWEST = 20
"""Gold pairs of candidates that a table must hold before its overlap says anything."""
MOST_GOLD = 0.9
"""The share of gold pairs from which a table is suspicious. Of BC5CDR train clean CTD has 0.72, whose own
curators chose these documents; with 65 % of the gold pairs added it passes 0.9 (`benchmarks/audit.py`)."""
MOST_PRECISE = 0.75
"""The share of gold among a table's candidate pairs from which it is suspicious. On BC5CDR train clean
tables reach 0.37, a list of nothing but gold pairs 0.91 (`benchmarks/audit.py`)."""
SURE = 3.29
"""Standard normal quantile of p = 0.001, two-sided, for the difference between two parts of the gold."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a table says of the candidate pairs of some documents.

    candidates: pairs that rules are asked about, each once a document; gold: right pairs, candidates
    or not; right_candidates: candidates that are gold; held: candidates that the table has; right:
    those of them that are gold; found: gold pairs that the table has, candidates or not.
    """

    candidates: int
    gold: int
    right_candidates: int
    held: int
    right: int
    found: int

    @property
    def recall(self) -> float:
        """The share of gold pairs that the table has."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """The share of gold among the candidates that the table has."""
        return self.right / self.held if self.held else 0.0


@dataclass(frozen=True, slots=True)
class Known:
    """How many gold mentions, and different concepts of them, an ontology knows.

    mentions: gold mentions of the ontology's type with a concept; known: those of which it has every
    concept; concepts: different ones among all; had: those that it has.
    """

    mentions: int
    known: int
    concepts: int
    had: int


def overlap(
    candidates: Collection[Placed],
    gold: Collection[Placed],
    table: Collection[Pair],
    *,
    both_ways: bool = False,
) -> Overlap:
    """Return how candidates and gold of some documents overlap with a table's pairs.

    both_ways: whether rules ask for a pair in either order.
    """
    pairs = {*table, *((b, a) for a, b in table)} if both_ways else table
    held = {each for each in candidates if each[1:] in pairs}
    answers = set(gold)
    return Overlap(
        candidates=len(set(candidates)),
        gold=len(answers),
        right_candidates=len(answers.intersection(candidates)),
        held=len(held),
        right=len(held & answers),
        found=sum(each[1:] in pairs for each in answers),
    )


def suspicion(parts: Mapping[str, Overlap], *, cites: bool) -> str:
    """Return why a table seems to have been made from the gold, empty where nothing says so.

    parts: the overlap with each set of documents with gold, guard off; cites: whether the table names
    its evidence, so that the guard takes care of leaks.

    A table knows nearly all gold, or nearly nothing but gold, or one part of the gold far better than
    another, though both are of one kind: z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)) of the recalls,
    p that of both together (the test of two proportions; Fleiss, Statistical Methods for Rates and
    Proportions, 1981, section 2.3).
    """
    if cites:
        return ""
    for name, part in parts.items():
        if part.found < FEWEST:
            continue
        if part.recall >= MOST_GOLD:
            return f"it has {part.recall:.0%} of the gold of {name}"
        if part.right >= FEWEST and part.precision >= MOST_PRECISE:
            return f"{part.precision:.0%} of the pairs of {name} that it has are gold"
    for name, part in parts.items():
        for other, beside in parts.items():
            if part.found >= FEWEST and _more(part, beside) >= SURE:
                return (
                    f"it has {part.recall:.0%} of the gold of {name} and {beside.recall:.0%} of"
                    f" that of {other}, which chance does not explain"
                )
    return ""


def _more(one: Overlap, other: Overlap) -> float:
    """Return by how many standard errors the first recall exceeds the second."""
    if not one.gold or not other.gold:
        return 0.0
    both = (one.found + other.found) / (one.gold + other.gold)
    error = math.sqrt(both * (1 - both) * (1 / one.gold + 1 / other.gold))
    return (one.recall - other.recall) / error if error else 0.0


def known(found: Ontology, mentions: Iterable[Collection[str]]) -> Known:
    """Return how much of gold mentions an ontology knows; each mention is given by its concepts.

    Obsolete and alternative identifiers count as what they stand for; mentions without a concept do
    not count.
    """
    asked = [[found.replaced.get(c, c) for c in each] for each in mentions if each]
    concepts = {concept for each in asked for concept in each}
    return Known(
        mentions=len(asked),
        known=sum(all(concept in found.names for concept in each) for each in asked),
        concepts=len(concepts),
        had=len(concepts & found.names.keys()),
    )
