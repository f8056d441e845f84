"""Ontologies and knowledge bases as declarations leave them, kept between runs in memory-mapped files.

Those of tasks/cdr take 3 s to read and 240 MB of Python objects in every process; a file of columns
opens in milliseconds, and processes share its pages. A file is known by all that it depends on,
biolabel's own code included; one that cannot be read, written or understood costs time and nothing else.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from biolabel.data import words
from biolabel.kb import kept
from biolabel.kb.mapped import Column, MappedTexts, columns_of_texts, read_columns, write_columns
from biolabel.kb.ontology import Ontology
from biolabel.kb.pairs import Citations, Pair, PairColumns, PairIndex
from biolabel.resources import cache_root

Value = TypeVar("Value")
Columns = dict[str, pa.Array]

LARGE = 1_000
"""So many names, places in a hierarchy or pairs are worth a file: fewer are read as fast."""
_TEXTS = ("names", "trees", "parents", "types", "references")


def held_ontology(mark: str) -> Ontology | None:
    """Return the ontology with a mark (`declared.ontology_mark`), None where none is kept."""
    return _opened(_path(mark), _ontology)


def hold_ontology(mark: str, ontology: Ontology) -> Ontology:
    """Keep an ontology under its mark and return it from there, or as it is where it is small."""
    if kept.size_of(ontology.names) + len(ontology.trees) + len(ontology.parents) < LARGE:
        return ontology
    columns: Columns = {}
    for part in _TEXTS:
        keys, texts = columns_of_texts(getattr(ontology, part))
        columns |= {f"{part}_key": keys, f"{part}_texts": texts}
    said = {
        "marks": [kept.mark_of(getattr(ontology, part)) for part in _TEXTS],
        "replaced": dict(ontology.replaced),
        "kinds": {concept: dict(kinds) for concept, kinds in ontology.kinds.items()},
        "obsolete": sorted(ontology.obsolete),
        "prefix": ontology.prefix,
        "omitted": ontology.omitted,
        "remarks": ontology.remarks,
    }
    return _held(_path(mark), columns, said, _ontology) or ontology


def held_pairs(mark: str) -> PairIndex | None:
    """Return the knowledge base with a mark (`declared.pairs_mark`), None where none is kept."""
    return _opened(_path(mark), _pairs)


def hold_pairs(mark: str, name: str, index: PairIndex) -> PairIndex:
    """Keep a knowledge base under its mark and return it from there, or as it is where it is small.

    name: what rule files call it.
    """
    if len(index.counts[""]) < LARGE:
        return index
    columns: Columns = {}
    subsets: list[tuple[str, bool]] = []
    for number, subset in enumerate(index.counts):
        found, cited = index.columns(name, subset), index.citations.get(subset)
        columns |= {
            f"{number}_subjects": pa.array(found.subjects, pa.large_string()),
            f"{number}_subject": pa.array(found.subject),
            f"{number}_objects": pa.array(found.objects, pa.large_string()),
            f"{number}_object": pa.array(found.object),
            f"{number}_evidence": pa.array(found.evidence),
        }
        subsets.append((subset, cited is not None))
        if cited is not None:
            columns |= {
                f"{number}_first": pa.array(cited.first),
                f"{number}_document": pa.array(cited.document),
                "documents": pa.array(cited.documents, pa.large_string()),
            }
    said = {
        "subsets": subsets,
        "withheld": index.withheld,
        "complete": index.complete,
        "withheld_from": sorted(index.withheld_from),
    }
    return _held(_path(mark), columns, said, _pairs) or index


def _ontology(columns: Columns, said: Mapping[str, str]) -> Ontology:
    names, trees, parents, types, references = (
        MappedTexts(columns[f"{part}_key"], columns[f"{part}_texts"], mark)
        for part, mark in zip(_TEXTS, json.loads(said["marks"]), strict=True)
    )
    return Ontology(
        names=names,
        trees=trees,
        parents=parents,
        types=types,
        references=references,
        replaced=json.loads(said["replaced"]),
        kinds=json.loads(said["kinds"]),
        obsolete=frozenset(json.loads(said["obsolete"])),
        prefix=json.loads(said["prefix"]),
        omitted=json.loads(said["omitted"]),
        remarks=tuple(json.loads(said["remarks"])),
    )


class _Counts(Mapping[str, Mapping[Pair, int]]):
    """The pairs of each subset with their evidence, as a dictionary only where one is asked for."""

    def __init__(self, columns: Mapping[str, PairColumns]) -> None:
        self._columns = columns
        self._made: dict[str, Mapping[Pair, int]] = {}

    def __getitem__(self, subset: str) -> Mapping[Pair, int]:
        if subset not in self._made:
            found = self._columns[subset]
            subjects = (found.subjects[i] for i in found.subject.tolist())
            objects = (found.objects[i] for i in found.object.tolist())
            numbers = map(int, found.evidence.tolist())
            pairs = zip(subjects, objects, strict=True)
            self._made[subset] = dict(zip(pairs, numbers, strict=True))
        return self._made[subset]

    def __contains__(self, subset: object) -> bool:
        return subset in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def _pairs(columns: Columns, said: Mapping[str, str]) -> PairIndex:
    found: dict[str, PairColumns] = {}
    citations: dict[str, Citations] = {}
    for number, (subset, cited) in enumerate(json.loads(said["subsets"])):
        found[subset] = PairColumns(
            tuple(columns[f"{number}_subjects"].to_pylist()),
            columns[f"{number}_subject"].to_numpy(),
            tuple(columns[f"{number}_objects"].to_pylist()),
            columns[f"{number}_object"].to_numpy(),
            columns[f"{number}_evidence"].to_numpy(),
        )
        if cited:
            citations[subset] = Citations(
                columns[f"{number}_first"].to_numpy(),
                columns[f"{number}_document"].to_numpy(),
                Column(columns["documents"], str),
            )
    return PairIndex(
        _Counts(found),
        json.loads(said["withheld"]),
        json.loads(said["complete"]),
        citations,
        frozenset(json.loads(said["withheld_from"])),
        found,
    )


def _held(
    path: Path,
    columns: Columns,
    said: Mapping[str, object],
    read: Callable[[Columns, Mapping[str, str]], Value],
) -> Value | None:
    """Write columns to a file and return what is read from there, None where that does not go."""
    with suppress(OSError):
        write_columns(path, columns, {key: json.dumps(value) for key, value in said.items()})
    return _opened(path, read)


def _opened(path: Path, read: Callable[[Columns, Mapping[str, str]], Value]) -> Value | None:
    # A damaged file lacks columns, has others, or ends too early: each of which says so differently.
    with suppress(OSError, pa.ArrowException, KeyError, TypeError, ValueError):
        return read(*read_columns(path))
    return None


def _path(mark: str) -> Path:
    name = hashlib.sha256(mark.encode() + _own()).hexdigest()
    return cache_root() / "knowledge" / f"{name[:32]}.arrow"


@cache
def _own() -> bytes:
    """Return what tells biolabel's ways of reading apart: the hash of the code that does it."""
    here = Path(__file__).parent
    own = ("held", "declared", "knowledge", "ontologies", "vocabulary")
    files = [
        *sorted(Path(kept.__file__).parent.glob("*.py")),
        *(here / f"{name}.py" for name in own),
        Path(words.__file__),
    ]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()
