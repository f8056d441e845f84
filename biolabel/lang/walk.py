"""Walking over syntax trees, and rebuilding them with some nodes changed."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from biolabel.lang.tree import Node

N = TypeVar("N", bound=Node)


def nodes(top: object) -> Iterator[Node]:
    """Return a node and all nodes below it, parents first; tuples are walked through."""
    if isinstance(top, Node):
        yield top
        for part in fields(top):
            yield from nodes(getattr(top, part.name))
    elif isinstance(top, tuple):
        for item in top:
            yield from nodes(item)


def rewrite(top: N, change: Callable[[Node], Node]) -> N:
    """Return the tree with every node changed, children first; unchanged parts are shared."""
    new: dict[str, Any] = {}
    for part in fields(top):
        value = getattr(top, part.name)
        changed = _rewritten(value, change)
        if changed is not value:
            new[part.name] = changed
    return cast(N, change(replace(top, **new) if new else top))


def _rewritten(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rewrite(value, change)
    if isinstance(value, tuple):
        items = tuple(_rewritten(item, change) for item in value)
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return value
