"""Ontologies as OBO Graph JSON."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from biolabel.data.files import fits_utf8
from biolabel.errors import KnowledgeError
from biolabel.kb.entries import (
    Entry,
    EntryName,
    curie_of_iri,
    kind_of,
    ontology_of,
    references_of,
    repeated,
)
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import broken, line_of, opened
from biolabel.kb.tables import RowFilter

KINDS = {
    "hasExactSynonym": "exact",
    "hasRelatedSynonym": "related",
    "hasBroadSynonym": "broad",
    "hasNarrowSynonym": "narrow",
}
"""The synonym properties of oboInOwl, by our name of their kind."""
REPLACED_BY = "IAO_0100001"
ALTERNATIVE = "hasAlternativeId"
NAMESPACE = "hasOBONamespace"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Value(_Part):
    pred: str = ""
    val: str = ""
    synonymType: str = ""  # noqa: N815 (the format's own name)


class _Meta(_Part):
    synonyms: tuple[_Value, ...] = ()
    xrefs: tuple[_Value, ...] = ()
    basicPropertyValues: tuple[_Value, ...] = ()  # noqa: N815 (the format's own name)
    deprecated: bool = False


class _Node(_Part):
    id: str
    lbl: str | None = None
    type: str | None = None
    meta: _Meta = _Meta()


class _Edge(_Part):
    sub: str
    pred: str
    obj: str


class _Graph(_Part):
    nodes: tuple[_Node, ...] = ()
    edges: tuple[_Edge, ...] = ()


class _File(_Part):
    graphs: tuple[_Graph, ...] = Field(min_length=1)


def read_obograph(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the classes of an OBO Graph file (plain or packed); its graphs may share classes.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of`.
    """
    with opened(path) as stream:
        found: Any = _parsed(stream.read(), path)
    if not isinstance(found, dict):
        raise broken(path, "it is no OBO Graph: the file is no object with `graphs`")
    try:
        file = _File.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"])) or "the file"
        raise broken(path, f"it is no OBO Graph: {at}: {first['msg']}") from error
    return ontology_of(_entries(file, path), where, path, joined=True)


def _parsed(content: bytes, path: Path) -> Any:
    try:
        found = json.loads(content)
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # a number with more digits than Python reads
        raise broken(path, str(error)) from error
    if b"\\ud" in content.lower() and not fits_utf8(json.dumps(found, ensure_ascii=False)):
        raise broken(path, "it holds half a character, a lone surrogate")
    return found


def _entries(file: _File, path: Path) -> Iterator[Entry]:
    for graph in file.graphs:
        seen: set[str] = set()
        above: Mapping[str, list[str]] = defaultdict(list)
        for edge in graph.edges:
            parent = curie_of_iri(edge.obj)
            if edge.pred in ("is_a", "subClassOf") and parent:
                above[edge.sub].append(parent)
        for node in graph.nodes:
            concept = curie_of_iri(node.id)
            if concept is not None and node.type in ("CLASS", None):
                if concept in seen:
                    raise _repeated(concept, path)
                seen.add(concept)
                yield _entry(node, concept, tuple(above.get(node.id, ())))


def _repeated(concept: str, path: Path) -> KnowledgeError:
    texts = "id", concept.replace(":", "_")
    first = line_of(path, *texts)
    again = line_of(path, *texts, after=first) if first is not None else None
    return repeated(concept, path, again, first)


def _entry(node: _Node, concept: str, parents: tuple[str, ...]) -> Entry:
    names = [EntryName(node.lbl)] if node.lbl else []
    for synonym in node.meta.synonyms:
        tag = tail_of(synonym.synonymType)
        kind = kind_of(KINDS.get(synonym.pred, "related"), tag)
        names.append(EntryName(synonym.val, kind, tag))
    values: Mapping[str, list[str]] = defaultdict(list)
    for value in node.meta.basicPropertyValues:
        values[tail_of(value.pred)].append(value.val)
    return Entry(
        id=concept,
        names=tuple(names),
        parents=parents,
        alternatives=curies_of_iris(values[ALTERNATIVE]),
        replaced_by=curies_of_iris(values[REPLACED_BY]),
        references=references_of(found.val for found in node.meta.xrefs),
        obsolete=node.meta.deprecated,
        namespace=next(iter(values[NAMESPACE]), ""),
    )


def curies_of_iris(iris: Sequence[str]) -> tuple[str, ...]:
    """Return the CURIEs of addresses, without those that name no concept."""
    return tuple(found for found in map(curie_of_iri, iris) if found)


def tail_of(iri: str) -> str:
    """Return the last part of an address."""
    return iri.replace("#", "/").rpartition("/")[2]
