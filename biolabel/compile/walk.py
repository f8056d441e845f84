"""Walking and rewriting frozen syntax trees."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from biolabel.lang.tree import Node

N = TypeVar("N", bound=Node)


def nodes(top: object) -> Iterator[Node]:
    """Yield a node and everything below it, parents first; tuples and None are walked through."""
    if isinstance(top, Node):
        yield top
        for part in fields(top):
            if part.name != "span":
                yield from nodes(getattr(top, part.name))
    elif isinstance(top, tuple):
        for item in top:
            yield from nodes(item)


def rewrite(top: N, change: Callable[[Node], Node]) -> N:
    """Return the tree with `change` applied to every node, children first; shared parts are kept."""
    parts: dict[str, Any] = {}
    for part in fields(top):
        if part.name == "span":
            continue
        value = getattr(top, part.name)
        new = _rewrite_value(value, change)
        if new is not value:
            parts[part.name] = new
    changed = change(replace(top, **parts) if parts else top)
    return changed  # type: ignore[return-value]


def _rewrite_value(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rewrite(value, change)
    if isinstance(value, tuple):
        new = tuple(_rewrite_value(item, change) for item in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value
