"""Identifiers as CURIEs: one spelling for "D003000", "mesh:D003000", "MSH:D003000" and " MESH:D003000"."""

import re
from collections.abc import Iterable
from pathlib import Path

from biolabel.errors import KnowledgeError
from biolabel.kb.prefixes import curie_of_address, is_known, prefix_of

NO_CONCEPT = frozenset({"", "-", "-1"})


_UNDERLINED = re.compile(r"([A-Za-z]+)_(\d+)")
_MESH_ID = re.compile(r"[cdqm]\d{6,9}")


def curie_of(raw: str, prefix: str = "MESH") -> str | None:
    """Return an identifier as a CURIE, or None where the source says that there is no concept.

    An identifier without a prefix gets `prefix`; prefixes are those of `prefixes.prefix_of`, and the
    addresses of known vocabularies and their underlined form (`DOID_4`) are understood.
    """
    text = raw.strip()
    if text in NO_CONCEPT:
        return None
    space, colon, local = text.partition(":")
    if not colon:
        found = _UNDERLINED.fullmatch(text)
        if found and is_known(found[1]):
            return _curie(found[1], found[2])
        return _curie(prefix, text)
    if local.startswith("//"):
        return curie_of_address(text) or f"{space.upper()}:{local}"
    return _curie(space, local)


def _curie(prefix: str, local: str) -> str:
    known, local = prefix_of(prefix), local.strip()
    # Some tables write the prefix twice, as in CHEBI:CHEBI:15377.
    before, colon, after = local.partition(":")
    if colon and prefix_of(before) == known:
        local = after
    if known == "MESH" and _MESH_ID.fullmatch(local):
        local = local.upper()
    return f"{known}:{local}"


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
        raise KnowledgeError(
            "BL714",
            message,
            hint='write `ids: "MESH"` or whichever they are, `--ids MESH` in a command',
        )
    return [found[cell] for cell in written]


def local_of(curie: str) -> str:
    """Return the identifier without its prefix."""
    return curie.partition(":")[2] or curie
