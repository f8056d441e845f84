"""The concepts of ontology files one by one, and the ontology that they make."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from biolabel.kb.curie import curie_of
from biolabel.kb.ontology import Ontology, grouped
from biolabel.kb.prefixes import curie_of_address
from biolabel.kb.tables import RowFilter, keep_rows

_TAIL = re.compile(r"([A-Za-z][\w.]*)_(\w+)")
COLUMNS = ("id", "name", "kind", "tag", "namespace")
"""What `where:` may ask of the names of ontology files."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """A name of a concept: its text, its kind (exact, related, broad, narrow), the source's own tag."""

    text: str
    kind: str = "exact"
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A concept of an ontology file; identifiers as CURIEs, the preferred name first."""

    id: str
    names: tuple[EntryName, ...] = ()
    trees: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    obsolete: bool = False
    namespace: str = ""


def ontology_of(entries: Iterable[Entry], where: Sequence[RowFilter], path: Path) -> Ontology:
    """Return the ontology of some concepts, with the names that pass every filter.

    Obsolete concepts are left out; their identifiers stand for what replaces them.

    Raises:
        KnowledgeError: BL402 and BL713 as `tables.keep_rows`, for another column than `COLUMNS`.
    """
    everything = list(entries)
    current = [entry for entry in everything if not entry.obsolete]
    rows = [
        (entry.id, name.text, name.kind, name.tag, entry.namespace)
        for entry in current
        for name in entry.names
    ]
    cells = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    columns = [pa.array(found, pa.string()) for found in cells]
    table = keep_rows(pa.table(columns, names=COLUMNS), where, path, "BL402")
    replaced = {old: entry.id for entry in current for old in entry.alternatives}
    replaced |= {e.id: e.replaced_by[0] for e in everything if e.obsolete and e.replaced_by}
    return Ontology(
        names=grouped(zip(table["id"].to_pylist(), table["name"].to_pylist(), strict=True)),
        trees=grouped((entry.id, number) for entry in current for number in entry.trees),
        parents=grouped((entry.id, parent) for entry in current for parent in entry.parents),
        replaced=replaced,
        references=grouped((entry.id, other) for entry in current for other in entry.references),
        prefix=current[0].id.partition(":")[0] if current else "MESH",
        omitted=len(rows) - table.num_rows,
    )


def references_of(written: Iterable[str]) -> tuple[str, ...]:
    """Return cross-references as CURIEs, without addresses of no known vocabulary."""
    found = (curie_of_address(e) if "://" in e else curie_of(e) for e in written if ":" in e)
    return tuple(curie for curie in found if curie)


def curie_of_iri(iri: str) -> str | None:
    """Return the CURIE of a concept's address, such as `.../obo/DOID_4`; a CURIE stays what it is."""
    if "://" not in iri:
        return curie_of(iri) if ":" in iri else None
    known = curie_of_address(iri)
    if known is not None:
        return known
    *before, tail = re.split(r"[/#]", iri)
    found = _TAIL.fullmatch(tail)
    if found:
        return curie_of(f"{found[1]}:{found[2]}")
    return curie_of(f"{before[-1]}:{tail}") if tail and before[-1].isalpha() else None
