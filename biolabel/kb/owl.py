"""Ontologies in OWL, as RDF/XML: named classes, their labels, synonyms and parents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree

from biolabel.kb.entries import (
    Entry,
    EntryName,
    curie_of_iri,
    kind_of,
    ontology_of,
    references_of,
)
from biolabel.kb.obograph import (
    ALTERNATIVE,
    KINDS,
    NAMESPACE,
    REPLACED_BY,
    curies_of_iris,
    tail_of,
)
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import elements
from biolabel.kb.tables import RowFilter

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OWL = "{http://www.w3.org/2002/07/owl#}"
_OBO = "{http://purl.obolibrary.org/obo/}"
_OBO_IN_OWL = "{http://www.geneontology.org/formats/oboInOwl#}"


def read_owl(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the named classes of an OWL file in RDF/XML (plain or packed).

    Other syntaxes of OWL are refused; ROBOT and Protégé save RDF/XML. Imports are not opened. A class
    may be described in several places.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of`.
    """
    types: dict[tuple[str, str], str] = {}
    entries = list(_entries(path, types))
    typed = (_typed(entry, types) for entry in entries)
    wanted = "owl:Class with an rdf:about; save it as RDF/XML"
    return ontology_of(typed, where, path, joined=True, wanted=wanted)


def _entries(path: Path, types: dict[tuple[str, str], str]) -> Iterator[Entry]:
    """Yield the classes; `types` gets the type of synonyms, which axioms beside the classes tell."""
    for element in elements(path, f"{_OWL}Class", f"{_OWL}Axiom"):
        if element.tag == f"{_OWL}Class":
            concept = curie_of_iri(element.get(f"{_RDF}about") or "")
            if concept is not None:
                yield _entry(element, concept)
            continue
        told = _resources(element, f"{_OBO_IN_OWL}hasSynonymType")
        about = curies_of_iris(_resources(element, f"{_OWL}annotatedSource"))
        if told and about:
            for text in _texts(element, f"{_OWL}annotatedTarget"):
                types[about[0], text] = tail_of(told[0])


def _typed(entry: Entry, types: Mapping[tuple[str, str], str]) -> Entry:
    """Return a class with the types of its synonyms."""
    tags = [types.get((entry.id, name.text), "") for name in entry.names]
    if not any(tags):
        return entry
    names = (
        replace(name, kind=kind_of(name.kind, tag), tag=tag)
        for name, tag in zip(entry.names, tags, strict=True)
    )
    return replace(entry, names=tuple(names))


def _entry(element: etree._Element, concept: str) -> Entry:
    names = [EntryName(text) for text in _texts(element, f"{_RDFS}label")]
    for tag, kind in KINDS.items():
        names += [EntryName(text, kind) for text in _texts(element, f"{_OBO_IN_OWL}{tag}")]
    return Entry(
        id=concept,
        names=tuple(names),
        parents=curies_of_iris(_resources(element, f"{_RDFS}subClassOf")),
        alternatives=curies_of_iris(_texts(element, f"{_OBO_IN_OWL}{ALTERNATIVE}")),
        replaced_by=curies_of_iris(_resources(element, f"{_OBO}{REPLACED_BY}")),
        references=references_of(_texts(element, f"{_OBO_IN_OWL}hasDbXref")),
        obsolete=_texts(element, f"{_OWL}deprecated") == ["true"],
        namespace=next(iter(_texts(element, f"{_OBO_IN_OWL}{NAMESPACE}")), ""),
        line=element.sourceline,
    )


def _texts(element: etree._Element, tag: str) -> list[str]:
    """Return the texts of properties; blanks and line ends count as one blank, as in all XML."""
    return [" ".join(text.split()) for child in element.findall(tag) if (text := child.text)]


def _resources(element: etree._Element, tag: str) -> list[str]:
    """Return what properties point to; older files write the address as text."""
    found = (child.get(f"{_RDF}resource") or child.text or "" for child in element.findall(tag))
    return [iri.strip() for iri in found if iri.strip()]
