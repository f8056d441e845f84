"""What all nodes share: a span that does not count when two trees are compared."""

from dataclasses import dataclass, field

from biolabel.errors import Span

NOWHERE = Span("", 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of the syntax tree; `span` is where it stands and is ignored by comparisons."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name as written; after linking, the qualified name of its declaration."""

    text: str
