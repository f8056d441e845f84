"""Ontology files as rows of names, each with its kind; the scripts of OBO files and MeSH share this."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from biolabel.kb.obo import read_obo
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import opened
from biolabel.kb.tables import RowFilter
from corpora_scripts.frame import Made, Source
from corpora_scripts.members import AtHand
from corpora_scripts.writing import Base, Name, not_at_hand, write_names

Read = Callable[[Path, Sequence[RowFilter]], Ontology]
Kinds = Mapping[str, tuple[RowFilter, ...]]
"""What kinds of names to write, each with the filters that it is read with."""

KINDS: Kinds = {
    "exact": (RowFilter("kind", "=", "exact"),),
    "related": (RowFilter("kind", "!=", "exact"),),
}
_HEAD = 50
"""Lines of an OBO file among which its version stands."""


@dataclass(frozen=True, slots=True)
class OboFile:
    """An ontology in OBO: what its file may be called, and the knowledge base that it becomes."""

    files: tuple[str, ...]
    base: Base
    kinds: Kinds


def convert_obo(source: Source, files: AtHand, to: Path, obo: OboFile) -> Iterator[Made]:
    """Write the names of an OBO file as a knowledge base.

    Raises:
        KnowledgeError: as `read_obo`.
    """
    member = files.first(*obo.files)
    if member is None:
        yield not_at_hand(to / "kb" / obo.base.name, obo.files)
        return
    path = files.on_disk(member)
    base = obo.base._replace(version=version_of(path))
    yield write_names(source, to, base, names_of(path, read_obo, obo.kinds))


def names_of(path: Path, read: Read, kinds: Kinds = KINDS) -> Iterator[Name]:
    """Yield the names of an ontology file by concept, exact ones first; the file is read once a kind.

    Raises:
        KnowledgeError: as `read`.
    """
    found = {kind: read(path, filters) for kind, filters in kinds.items()}
    first = next(iter(found.values()))
    for concept in sorted({concept for part in found.values() for concept in part.names}):
        parents = "|".join(first.parents.get(concept, ()))
        trees = "|".join(first.trees.get(concept, ()))
        for kind, part in found.items():
            for name in part.names.get(concept, ()):
                yield Name(concept, name, kind, parents, trees)
                parents = trees = ""


def version_of(path: Path) -> str:
    """Return the `data-version` of an OBO file, else the date that it states.

    Raises:
        KnowledgeError: as `opened`.
    """
    with opened(path) as stream:
        head = [line.decode("utf-8", errors="replace") for line in islice(stream, _HEAD)]
    stated = {tag: value.strip() for tag, _, value in (line.partition(":") for line in head)}
    return stated.get("data-version") or stated.get("date") or "not stated"
