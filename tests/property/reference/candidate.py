"""One candidate: two concepts of a document and the pairs of mentions that stand for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from biolabel.compile.plan import Plan
from biolabel.lang import tree
from tests.property.reference.page import Mention, Page, Rows

Truth = bool | None


@dataclass(frozen=True)
class Candidate(Page):
    """Two concepts of a document, and the pairs of mentions that stand for them."""

    plan: Plan
    concepts: dict[str, str]
    known: frozenset[tuple[str, str]] = frozenset()
    held: dict[tree.Condition, Truth] = field(default_factory=dict)
    found: dict[tuple[object, ...], set[Rows]] = field(default_factory=dict)

    @cached_property
    def pairs(self) -> list[dict[str, Mention]]:
        """The pairs of mentions of both concepts, in order of place."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[dict[str, Mention]]:
        for a in self.mentions:
            for b in self.mentions:
                types = (a.type, b.type) == ("A", "B")
                if types and self.concepts["a"] in a.concepts and self.concepts["b"] in b.concepts:
                    yield {"a": a, "b": b}
