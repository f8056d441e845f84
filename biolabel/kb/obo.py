r"""Ontologies in OBO format, version 1.2 and 1.4.

Our own reader of the few tags that names and hierarchy need: the library pronto (by way of fastobo)
refuses the whole Disease Ontology of 2015 for one unquoted colon in a reference, opens imports over
the network unless told not to, and pins python-dateutil below the version that we have.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from biolabel.kb.curie import curie_of
from biolabel.kb.entries import Entry, EntryName, ontology_of, references_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import broken, opened
from biolabel.kb.tables import RowFilter

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|RELATED|BROAD|NARROW)?\s*([\w-]*)')
Tags = dict[str, list[str]]


def read_obo(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the terms of an OBO file (plain, .gz or .bz2).

    Synonyms without a scope are related ones, as the format says. Parents are what `is_a` names.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, BL402 and BL713 as `ontology_of`.
    """
    with opened(path) as stream:
        entries = [_entry(tags, line, path) for line, tags in _terms(stream)]
    if not entries:
        raise broken(path, "it has no [Term]")
    return ontology_of(entries, where, path)


def _terms(stream: BinaryIO) -> Iterator[tuple[int, Tags]]:
    """Yield the line at which each [Term] begins, and its values by tag."""
    tags: Tags | None = None
    begins = 0
    for number, raw in enumerate(stream, 1):
        line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        if line.startswith("["):
            if tags is not None:
                yield begins, tags
            tags, begins = ({} if line == "[Term]" else None), number
        elif tags is not None and ":" in line and not line.startswith("!"):
            tag, _, value = line.partition(":")
            tags.setdefault(tag, []).append(value.strip())
    if tags is not None:
        yield begins, tags


def _entry(tags: Tags, line: int, path: Path) -> Entry:
    concept = curie_of(tags["id"][0]) if "id" in tags else None
    if concept is None:
        raise broken(path, f"the [Term] of line {line} has no id")
    names = [EntryName(_plain(name)) for name in tags.get("name", [])]
    for written in tags.get("synonym", []):
        found = _QUOTED.match(written)
        if found is None:
            raise broken(path, f"a synonym of {concept} (line {line} and below) is not in quotes")
        names.append(EntryName(_plain(found[1]), (found[2] or "RELATED").lower(), found[3]))
    return Entry(
        id=concept,
        names=tuple(names),
        parents=_identifiers(tags, "is_a"),
        alternatives=_identifiers(tags, "alt_id"),
        replaced_by=_identifiers(tags, "replaced_by"),
        references=references_of(value.split()[0] for value in tags.get("xref", []) if value),
        obsolete="true" in tags.get("is_obsolete", []),
        namespace=tags.get("namespace", [""])[0],
    )


def _identifiers(tags: Tags, tag: str) -> tuple[str, ...]:
    """Return the CURIEs that stand first in the values of a tag; comments and qualifiers follow them."""
    found = (curie_of(value.split()[0]) for value in tags.get(tag, []) if value)
    return tuple(concept for concept in found if concept)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
