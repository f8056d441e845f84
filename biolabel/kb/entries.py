"""The concepts of ontology files one by one, and the ontology that they make."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import curie_of
from biolabel.kb.hierarchy import check_circles
from biolabel.kb.ontology import EXACT, Ontology, grouped
from biolabel.kb.prefixes import curie_of_address
from biolabel.kb.streams import broken, line_of, place
from biolabel.kb.tables import RowFilter, keep_rows

_TAIL = re.compile(r"([A-Za-z][\w.]*)_(\w+)")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_KINDS_OF_TAGS = {
    **dict.fromkeys(("lay", "layperson", "layperson_term"), "lay"),
    **dict.fromkeys(("abbreviation", "acronym", "abb", "acr"), "abbreviation"),
}
_BATCH = 20_000
"""So many concepts are held as entries at once."""
COLUMNS = ("id", "name", "kind", "tag", "namespace")
"""What `where:` may ask of the names of ontology files."""


@dataclass(frozen=True, slots=True)
class EntryName:
    """A name of a concept: its text, its kind (`kind_of`), the source's own tag."""

    text: str
    kind: str = EXACT
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A concept of an ontology file; identifiers as CURIEs, the preferred name first.

    line: where the file defines it, None where the format has no lines.
    """

    id: str
    names: tuple[EntryName, ...] = ()
    trees: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    obsolete: bool = False
    namespace: str = ""
    line: int | None = None


@dataclass(slots=True)
class _Gathered:
    """What the entries so far say; `lines` has where each concept is defined, obsolete ones included."""

    names: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    trees: list[tuple[str, str]] = field(default_factory=list)
    parents: list[tuple[str, str]] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)
    current: set[str] = field(default_factory=set)
    prefix: str = ""
    omitted: int = 0


def kind_of(scope: str, tag: str) -> str:
    """Return the kind of a name: lay or abbreviation where its tag says so, else its scope.

    Scopes are exact, related, broad and narrow; HPO tags lay names and abbreviations, MeSH the latter.
    """
    return _KINDS_OF_TAGS.get(tag.lower(), scope)


def ontology_of(
    entries: Iterable[Entry],
    where: Sequence[RowFilter],
    path: Path,
    *,
    joined: bool = False,
    wanted: str = "",
) -> Ontology:
    """Return the ontology of some concepts, with the names that pass every filter.

    Obsolete concepts are left out; their identifiers stand for what replaces them. joined: whether a
    concept may be defined in parts; wanted: what makes a file one of its format, which one without
    entries lacks.

    Raises:
        KnowledgeError: BL402 and BL713 as `tables.keep_rows`, for another column than `COLUMNS`, BL705
            no entries, BL721 a concept that is defined twice, BL722 a name with a tab or another
            control character, BL723 a concept above itself.
    """
    found, waiting = _Gathered(), iter(entries)
    while batch := list(islice(waiting, _BATCH)):
        for entry in batch:
            _place(entry, found, path, joined)
        _name(batch, found, where, path)
    if wanted and not found.lines:
        raise broken(path, f"it has no {wanted}")
    replaced = followed({old: n for old, n in found.replaced.items() if old not in found.current})
    parents = grouped((concept, replaced.get(up, up)) for concept, up in found.parents)
    check_circles(parents, lambda concept, _: defined_at(concept, path, found.lines[concept]))
    return Ontology(
        names={concept: tuple(kinds) for concept, kinds in found.names.items()},
        trees=grouped(found.trees),
        parents=parents,
        replaced=replaced,
        references=grouped(found.references),
        kinds=kinds_of(found.names),
        obsolete=frozenset(found.lines.keys() - found.current),
        prefix=found.prefix or "MESH",
        omitted=found.omitted,
    )


def _place(entry: Entry, found: _Gathered, path: Path, joined: bool) -> None:
    """Add all of an entry but its names."""
    if entry.id in found.lines and not joined:
        raise repeated(entry.id, path, entry.line, found.lines[entry.id])
    found.lines.setdefault(entry.id, entry.line)
    if entry.obsolete:
        found.replaced.update((entry.id, new) for new in entry.replaced_by[:1])
        return
    found.current.add(entry.id)
    found.prefix = found.prefix or entry.id.partition(":")[0]
    found.trees += ((entry.id, number) for number in entry.trees)
    found.parents += ((entry.id, parent) for parent in entry.parents)
    found.references += ((entry.id, other) for other in entry.references)
    for old in entry.alternatives:
        found.replaced.setdefault(old, entry.id)


def _name(batch: Sequence[Entry], found: _Gathered, where: Sequence[RowFilter], path: Path) -> None:
    """Add the names of entries that pass every filter."""
    rows = [
        (entry.id, text, name.kind, name.tag, entry.namespace)
        for entry in batch
        if not entry.obsolete
        for name in entry.names
        if (text := name.text.strip())
    ]
    marked = next((row for row in rows if CONTROL.search(row[1])), None)
    if marked is not None:
        checked_name(marked[1], defined_at(marked[0], path, found.lines[marked[0]]))
    cells = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    columns = [pa.array(each, pa.string()) for each in cells]
    table = keep_rows(pa.table(columns, names=COLUMNS), where, path, "BL402")
    kept = (table[column].to_pylist() for column in ("id", "name", "kind"))
    for concept, text, kind in zip(*kept, strict=True):
        found.names[concept].setdefault(text, kind)
    found.omitted += len(rows) - table.num_rows


def checked_name(text: str, where: str) -> str:
    """Return a name without blanks around it.

    Raises:
        KnowledgeError: BL722 if it holds a tab or another control character.
    """
    name = text.strip()
    if CONTROL.search(name):
        raise KnowledgeError("BL722", f"{where}: the name {name!r} holds a control character")
    return name


def defined_at(concept: str, path: Path, line: int | None) -> str:
    """Return where a file defines a concept, as messages name it; of JSON, whose readers know no lines."""
    found = line if line is not None else line_of(path, "id", concept.replace(":", "_"))
    return place(path, found)


def repeated(concept: str, path: Path, line: int | None, before: int | None) -> KnowledgeError:
    """Return BL721: a concept that a file defines twice."""
    first = f", first at line {before}" if before is not None else ""
    message = f"{place(path, line)}: {concept} is defined again{first}"
    return KnowledgeError("BL721", message, hint="leave one of them out")


def followed(replaced: Mapping[str, str]) -> dict[str, str]:
    """Return for each old identifier the last that replaces it; those that go round in circles go."""
    found: dict[str, str] = {}
    for old in replaced:
        seen, new = {old}, replaced[old]
        while new in replaced and new not in seen:
            seen.add(new)
            new = replaced[new]
        if new not in seen:
            found[old] = new
    return found


def kinds_of(names: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the kinds of the names that are not exact, of the concepts that have such."""
    found = {
        concept: {name: kind for name, kind in kinds.items() if kind != EXACT}
        for concept, kinds in names.items()
    }
    return {concept: kinds for concept, kinds in found.items() if kinds}


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
