"""Identifiers as CURIEs: one spelling for "D003000", "mesh:D003000" and " MESH:D003000"."""

from collections.abc import Iterable
from pathlib import Path

from curies import ReferenceTuple

from biolabel.errors import KnowledgeError

NO_CONCEPT = frozenset({"", "-", "-1"})


def curie_of(raw: str, prefix: str = "MESH") -> str | None:
    """Return an identifier as a CURIE, or None where the source says that there is no concept.

    An identifier without a prefix gets `prefix`; prefixes are written in upper case, as MESH and OMIM are.
    """
    text = raw.strip()
    if text in NO_CONCEPT:
        return None
    if ":" not in text:
        return f"{prefix}:{text}"
    space, _, local = text.partition(":")
    return ReferenceTuple(space.strip().upper(), local.strip()).curie


def curies_of(cell: str, separator: str = "|", prefix: str = "MESH") -> tuple[str, ...]:
    """Return the distinct CURIEs of a cell with several identifiers, in order."""
    found = (curie_of(part, prefix) for part in cell.split(separator))
    return tuple(dict.fromkeys(curie for curie in found if curie is not None))


def column_curies(cells: Iterable[str], prefix: str, path: Path) -> list[str | None]:
    """Return the CURIE of each cell of a table, None where it has no concept.

    Raises:
        KnowledgeError: BL714 an identifier without a prefix where `prefix` is empty.
    """
    written = list(cells)
    # Most identifiers stand in many rows.
    found = {cell: curie_of(cell, prefix) for cell in dict.fromkeys(written)}
    bare = next((curie for curie in found.values() if curie and curie.startswith(":")), None)
    if bare is not None:
        message = f"nothing says what the identifiers of {path} are, such as `{bare[1:]}`"
        raise KnowledgeError("BL714", message, hint='write `ids: "MESH"`, or whichever they are')
    return [found[cell] for cell in written]


def local_of(curie: str) -> str:
    """Return the identifier without its prefix."""
    return curie.partition(":")[2] or curie
