"""One candidate: two arguments of a document and the pairs of mentions that stand for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from biolabel.compile.plan import Plan
from biolabel.lang import tree
from tests.property.reference.page import Mention, Page, Rows

Truth = bool | None


@dataclass(frozen=True)
class Candidate(Page):
    """Two concepts (or mentions, by their keys) of a document, and the pairs of mentions behind them.

    A mention with several concepts stands for each of them, so a pair of mentions is there once for
    each pair of concepts that it can mean.
    """

    plan: Plan
    arguments: dict[str, str]
    known: frozenset[tuple[str, str]] = frozenset()
    held: dict[tree.Condition, Truth] = field(default_factory=dict)
    found: dict[tuple[object, ...], set[Rows]] = field(default_factory=dict)

    @cached_property
    def relation(self) -> tree.RelationDecl:
        """The declaration of the task."""
        return next(
            task.declaration
            for task in self.plan.tasks
            if isinstance(task.declaration, tree.RelationDecl)
        )

    @cached_property
    def whole_concepts(self) -> bool:
        """Whether an argument means all mentions of its concept where the document is asked."""
        return self.relation.level == "concept" or self.relation.scope.kind == "document"

    @cached_property
    def pairs(self) -> list[dict[str, Mention]]:
        """The pairs of mentions of both arguments, in order of place."""
        one, two = (argument.name.text for argument in self.relation.arguments)
        return [{one: a, two: b} for a in self.standing_for(one) for b in self.standing_for(two)]

    def standing_for(self, name: str) -> Iterator[Mention]:
        """Yield the mentions that an argument can mean, once for each of their concepts that it means."""
        (types,) = (a.types for a in self.relation.arguments if a.name.text == name)
        wanted = self.arguments[name]
        for mention in self.mentions:
            if mention.type in {type_.text for type_ in types}:
                if wanted in mention.concepts:
                    yield replace(mention, concept=wanted)
                if wanted == mention.key:
                    for concept in mention.concepts or (None,):
                        yield replace(mention, concept=concept)

    def unknown(self, region: tree.Region, pattern: tree.Pattern, pair: dict[str, Mention]) -> bool:
        """Return whether a pattern asks for all mentions of a concept that is not known."""
        whole = ("document", "title", "abstract", "section")
        if region.kind not in whole or not self.whole_concepts:
            return False
        return any(pair[name].concept is None for name in named(pattern))


def named(pattern: tree.Pattern) -> set[str]:
    """Return the arguments that a pattern names."""
    match pattern:
        case tree.Arg(name):
            return {name}
        case tree.Alt(parts) | tree.Seq(parts):
            return {name for part in parts for name in named(part)}
        case tree.Repeat(inner):
            return named(inner)
    return set()
