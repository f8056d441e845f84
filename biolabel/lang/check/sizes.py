"""Checks of how much the names in a program stand for, before anyone writes them out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter

from biolabel.errors import Diagnostic
from biolabel.lang import tree
from biolabel.lang.check.findings import found
from biolabel.lang.link import Linked
from biolabel.lang.memo import Memo
from biolabel.lang.pieces import MAX_DEPTH
from biolabel.lang.walk import nodes

MAX_PARTS = 100_000
"""Parts of a pattern, condition or list with all names in it written out; far above any real one."""


def check_sizes(linked: Linked, memo: Memo | None = None) -> Iterator[Diagnostic]:
    """Yield BL014 names that nest too deeply, BL313 what is too large when its names are written out.

    Each name is met once, so that a pattern that doubles another one sixty times takes no time. What
    a declaration itself holds is taken from the memo while it is the same.
    """
    memo = memo or Memo()
    program = linked.program
    owners: dict[str, tree.Decl] = {**program.patterns, **program.conditions, **program.lists}
    parts = {
        name: memo.get("parts", owner.span, owner, partial(_parts, owner))
        for name, owner in owners.items()
    }
    named = {
        name: {other: times for other, times in used.items() if other in owners}
        for name, (_, used) in parts.items()
    }
    sizes: dict[str, int] = {}
    depths: dict[str, int] = {}
    for name in _order(named):
        used = named[name]
        sizes[name] = parts[name][0] + sum(
            times * sizes.get(other, 0) for other, times in used.items()
        )
        depths[name] = 1 + max((depths.get(other, 0) for other in used), default=0)
        # Only the first one too large or deep is at fault, not all that use it.
        if depths[name] == MAX_DEPTH + 1:
            message = f"names in `{name}` stand for names, {depths[name]} times over"
            yield found("BL014", message, owners[name].name, "use fewer names")
        elif sizes[name] > MAX_PARTS >= max((sizes.get(other, 0) for other in used), default=0):
            message = f"`{name}` has {sizes[name]:,} parts when its names are written out"
            hint = f"at most {MAX_PARTS:,} can be looked for; use a list for many words"
            yield found("BL313", message, owners[name].name, hint)


def _parts(owner: tree.Decl) -> tuple[int, Counter[str]]:
    """Return how many nodes a declaration has, and how often it uses each name."""
    number = 0
    names: Counter[str] = Counter()
    for node in nodes(owner):
        number += 1
        if isinstance(node, tree.Ref | tree.Macro | tree.CondRef):
            names[node.name.text] += 1
    if isinstance(owner, tree.ListDecl):
        names.update(name.text for name in owner.include)
    return number, names


def _order(named: Mapping[str, Iterable[str]]) -> list[str]:
    """Return names after those that they use; of circles, which are errors, nothing."""
    try:
        return list(TopologicalSorter(named).static_order())
    except CycleError:
        return []
