"""Hierarchies without circles: what is above what, and the statements by which something is above itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from biolabel.errors import KnowledgeError

Texts = tuple[str, ...]
CIRCLES = "BL723"
_SHOWN = 6
"""So many concepts of a circle are named."""


def circles(parents: Mapping[str, Texts]) -> list[Texts]:
    """Return circles: concepts each of which is directly below the next, and the last below the first.

    Walks up from each concept in the order of their identifiers, so the same statements give the same
    circles in whatever order they stand. Without the last statement of each, no concept is above itself.
    """
    done: set[str] = set()
    return [found for start in sorted(parents) for found in _from(start, parents, done)]


def _from(start: str, parents: Mapping[str, Texts], done: set[str]) -> Iterator[Texts]:
    """Yield the circles on the way up from a concept; adds what was seen to `done`."""
    if start in done:
        return
    way: dict[str, Iterator[str]] = {start: iter(sorted(parents[start]))}
    while way:
        concept = next(reversed(way))
        parent = next(way[concept], None)
        if parent is None:
            done.add(concept)
            del way[concept]
        elif parent in way:
            yield tuple(way)[list(way).index(parent) :]
        elif parent not in done:
            way[parent] = iter(sorted(parents.get(parent, ())))


def acyclic(parents: Mapping[str, Texts]) -> tuple[dict[str, Texts], list[Texts]]:
    """Return parents without the last statement of each circle, and the circles."""
    found = circles(parents)
    dropped = {(circle[-1], circle[0]) for circle in found}
    if not dropped:
        return dict(parents), []
    kept = {
        concept: tuple(parent for parent in above if (concept, parent) not in dropped)
        for concept, above in parents.items()
    }
    return {concept: above for concept, above in kept.items() if above}, found


def check_circles(parents: Mapping[str, Texts], place: Callable[[str, str], str]) -> None:
    """Check that no concept is above itself.

    place: where it is said that a concept is below another, as messages name it.

    Raises:
        KnowledgeError: BL723, which names the first circle and says how many there are.
    """
    found = circles(parents)
    if found:
        where = place(found[0][-1], found[0][0])
        message = f"{where}: the hierarchy goes in a circle: {told(found)}"
        raise KnowledgeError(CIRCLES, message, hint="take one of these statements out of the file")


def told(found: Sequence[Texts]) -> str:
    """Return the first of some circles in words, from its last statement on, and how many more there are."""
    first = found[0]
    concepts = [first[-1], *first]
    if len(concepts) > _SHOWN:
        concepts = [*concepts[: _SHOWN - 2], "...", first[-1]]
    below = ", which is below ".join(concepts)
    more = f", and {len(found) - 1:,} more" if len(found) > 1 else ""
    return below.replace(", which is below", " is below", 1) + more
