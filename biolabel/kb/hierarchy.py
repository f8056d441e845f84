"""Hierarchies without circles: what is above what, and the statements that had to be left out."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from biolabel.kb.streams import place

Texts = tuple[str, ...]
CIRCLES = "BL723"


def acyclic(parents: Mapping[str, Texts]) -> tuple[dict[str, Texts], list[tuple[str, str]]]:
    """Return parents such that no concept is above itself, and the (concept, parent) pairs left out.

    Walks up from each concept in the order of their identifiers and leaves out what leads back to
    the way it came, so the same statements give the same hierarchy in whatever order they stand.
    """
    done: set[str] = set()
    left_out: list[tuple[str, str]] = []
    for start in sorted(parents):
        if start not in done:
            left_out += _leading_back(start, parents, done)
    dropped = set(left_out)
    if not dropped:
        return dict(parents), []
    kept = {
        concept: tuple(parent for parent in above if (concept, parent) not in dropped)
        for concept, above in parents.items()
    }
    return {concept: above for concept, above in kept.items() if above}, left_out


def _leading_back(
    start: str, parents: Mapping[str, Texts], done: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the statements above a concept that lead back to the way; adds what was seen to `done`."""
    way: dict[str, Iterator[str]] = {start: iter(sorted(parents[start]))}
    while way:
        concept = next(reversed(way))
        parent = next(way[concept], None)
        if parent is None:
            done.add(concept)
            del way[concept]
        elif parent in way:
            yield concept, parent
        elif parent not in done:
            way[parent] = iter(sorted(parents.get(parent, ())))


def remarks_on(
    left_out: list[tuple[str, str]], path: Path, lines: Mapping[str, int | None] | None = None
) -> tuple[str, ...]:
    """Return what to tell about statements left out, with BL723; nothing if there are none.

    lines: where the file defines each concept, if it is known.
    """
    if not left_out:
        return ()
    concept, parent = left_out[0]
    more = f" and {len(left_out) - 1:,} more" if len(left_out) > 1 else ""
    where = place(path, (lines or {}).get(concept))
    told = f"the hierarchy has circles; left out that {concept} is below {parent}{more}"
    return (f"{CIRCLES}: {where}: {told}",)
