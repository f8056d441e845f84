"""Walking over syntax trees, and rebuilding them with some nodes changed."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from biolabel.lang.tree import Node

N = TypeVar("N", bound=Node)
_HOLDERS = (Node, tuple)
_LEAVES = (str, int, float, bool)


def _parts(node: Node) -> tuple[str, ...]:
    return _parts_of(type(node))  # type: ignore[arg-type] # mypy takes a node's hash for its type's


def _held(node: Node) -> tuple[object, ...]:
    """Return what the fields of a node hold that may hold nodes, the last one first."""
    return _reader_of(type(node))(node)  # type: ignore[arg-type] # as above


@cache
def _parts_of(kind: type[Node]) -> tuple[str, ...]:
    """Return the fields of a kind of node that may hold nodes."""
    found = fields(kind)
    return tuple(part.name for part in found if part.name != "span" and part.type not in _LEAVES)


@cache
def _reader_of(kind: type[Node]) -> Callable[[Node], tuple[object, ...]]:
    """Return what reads the fields of a kind of node that may hold nodes, the last one first."""
    names = _parts_of(kind)[::-1]  # type: ignore[arg-type] # as above
    if not names:
        return lambda _: ()
    read = attrgetter(*names)
    # With one name alone `attrgetter` returns no tuple.
    return read if len(names) > 1 else lambda node: (read(node),)


def nodes(top: object) -> Iterator[Node]:
    """Return a node and all nodes below it, parents first; tuples are walked through."""
    waiting = [top]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Node):
            yield item
            # Most parts are texts, numbers and empty: what cannot hold nodes does not wait.
            waiting += [part for part in _held(item) if part and isinstance(part, _HOLDERS)]
        elif isinstance(item, tuple):
            waiting.extend(reversed(item))


def rewrite(top: N, change: Callable[[Node], Node]) -> N:
    """Return the tree with every node changed, children first; unchanged parts are shared."""
    new: dict[str, Any] = {}
    for name in _parts(top):
        value = getattr(top, name)
        if not isinstance(value, Node | tuple):
            continue
        changed = _rewritten(value, change)
        if changed is not value:
            new[name] = changed
    return cast(N, change(replace(top, **new) if new else top))


def _rewritten(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rewrite(value, change)
    if isinstance(value, tuple):
        items = tuple(_rewritten(item, change) for item in value)
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return value
