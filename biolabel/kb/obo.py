r"""Ontologies in OBO format, version 1.2 and 1.4.

Our own reader of the few tags that names and hierarchy need: the library pronto (by way of fastobo)
refuses the whole Disease Ontology of 2015 for one unquoted colon in a reference, opens imports over
the network unless told not to, and pins python-dateutil below the version that we have.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from biolabel.kb.curie import curie_of
from biolabel.kb.entries import Entry, EntryName, kind_of, ontology_of, references_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import broken, opened
from biolabel.kb.tables import RowFilter

_TYPE = re.compile(r'synonymtypedef:\s*(\S+)\s+"(?:[^"\\]|\\.)*"\s+(EXACT|RELATED|BROAD|NARROW)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|RELATED|BROAD|NARROW)?\s*([\w-]*)')
_ESCAPED = {"n": "\n", "t": "\t", "W": " "}
_STRUCTURES = frozenset({"FORMULA", "InChI", "InChIKey", "SMILES", "SMILES_CANONICAL", "MASS"})
"""The types under which ChEBI writes structures as synonyms; they are no names."""
_READ = frozenset({
    "id", "name", "namespace", "synonym", "xref", "is_a", "alt_id", "replaced_by", "is_obsolete",
})  # fmt: skip
Tags = dict[str, list[str]]


def read_obo(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the terms of an OBO file (plain, .gz or .bz2).

    Synonyms without a scope have that of their type, else they are related ones, as the format says.
    ChEBI's structures among the synonyms are left out. Parents are what `is_a` names.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of`.
    """
    with opened(path) as stream:
        scopes: dict[str, str] = {}
        terms = _terms(stream, path, scopes)
        entries = (_entry(tags, line, path, scopes) for line, tags in terms)
        return ontology_of(entries, where, path, wanted="[Term]")


def _terms(stream: BinaryIO, path: Path, scopes: dict[str, str]) -> Iterator[tuple[int, Tags]]:
    """Yield the line at which each [Term] begins, and its values by tag.

    scopes: gets the scope of the synonym types that the file's head declares.
    """
    tags: Tags | None = None
    begins = 0
    for number, raw in enumerate(stream, 1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise broken(path, "it is not in UTF-8", number) from error
        if line.startswith("["):
            if tags is not None:
                yield begins, tags
            tags, begins = ({} if line == "[Term]" else None), number
        elif tags is not None and ":" in line and not line.startswith("!"):
            tag, _, value = line.partition(":")
            if tag in _READ:
                tags.setdefault(tag, []).append(value.strip())
        elif begins == 0 and (found := _TYPE.match(line)):
            scopes[found[1]] = found[2]
    if tags is not None:
        yield begins, tags


def _entry(tags: Tags, line: int, path: Path, scopes: Mapping[str, str]) -> Entry:
    concept = curie_of(tags["id"][0]) if "id" in tags else None
    if concept is None:
        raise broken(path, "the [Term] that begins here has no id", line)
    names = [EntryName(_plain(name)) for name in tags.get("name", [])]
    for written in tags.get("synonym", []):
        found = _QUOTED.match(written)
        if found is None:
            raise broken(path, f"a synonym of {concept} (here or below) is not in quotes", line)
        scope = (found[2] or scopes.get(found[3], "RELATED")).lower()
        if found[3] not in _STRUCTURES:
            names.append(EntryName(_plain(found[1]), kind_of(scope, found[3]), found[3]))
    return Entry(
        id=concept,
        names=tuple(names),
        parents=_identifiers(tags, "is_a"),
        alternatives=_identifiers(tags, "alt_id"),
        replaced_by=_identifiers(tags, "replaced_by"),
        references=references_of(value.split()[0] for value in tags.get("xref", []) if value),
        obsolete="true" in tags.get("is_obsolete", []),
        namespace=tags.get("namespace", [""])[0],
        line=line,
    )


def _identifiers(tags: Tags, tag: str) -> tuple[str, ...]:
    """Return the CURIEs that stand first in the values of a tag; comments and qualifiers follow them."""
    found = (curie_of(value.split()[0]) for value in tags.get(tag, []) if value)
    return tuple(concept for concept in found if concept)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), text)
