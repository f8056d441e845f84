"""Files of terms that `biolabel` reads, as tables of names with all else that is known of a concept."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpora_scripts.frame import Made, Source
from corpora_scripts.members import AtHand
from corpora_scripts.writing import Base, Name, not_at_hand, write_names

from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import opened

_HEAD = 50
"""Lines of an OBO file among which its version stands."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A file of terms: what it may be called, what it becomes, how it is read, and its version told."""

    files: tuple[str, ...]
    base: Base
    read: Callable[[Path], Ontology]
    version: Callable[[Path], str]


def convert_terms(
    source: Source, files: AtHand, to: Path, *, terms: tuple[Terms, ...]
) -> Iterator[Made]:
    """Write the names of files of terms as knowledge bases.

    Raises:
        KnowledgeError: as the readers.
    """
    for each in terms:
        member = files.first(*each.files)
        if member is None:
            yield not_at_hand(to / "kb" / each.base.name, each.files)
            continue
        path = files.on_disk(member)
        base = each.base._replace(version=each.version(path))
        yield write_names(source, to, base, names_of(each.read(path)))


def names_of(found: Ontology) -> Iterator[Name]:
    """Yield the names of an ontology by concept, in its own order; the first has all that is known."""
    old: defaultdict[str, list[str]] = defaultdict(list)
    for before, now in found.replaced.items():
        old[now].append(before)
    for concept, names in found.names.items():
        more: tuple[tuple[str, ...], ...] = (
            found.parents.get(concept, ()),
            found.trees.get(concept, ()),
            tuple(old.get(concept, ())),
            found.references.get(concept, ()),
        )
        for name in names:
            cells = ("|".join(cell for cell in each if "|" not in cell) for each in more)
            yield Name(concept, name, found.kind(concept, name), *cells)
            more = ((),) * 4


def version_of_obo(path: Path) -> str:
    """Return the `data-version` of an OBO file, else the date that it states.

    Raises:
        KnowledgeError: as `opened`.
    """
    with opened(path) as stream:
        head = [line.decode("utf-8", errors="replace") for line in islice(stream, _HEAD)]
    stated = {tag: value.strip() for tag, _, value in (line.partition(":") for line in head)}
    return stated.get("data-version") or stated.get("date") or "not stated"
