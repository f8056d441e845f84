"""Ontologies in OWL, as RDF/XML: named classes, their labels, synonyms and parents."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from biolabel.kb.entries import Entry, EntryName, curie_of_iri, ontology_of, references_of
from biolabel.kb.obograph import ALTERNATIVE, KINDS, NAMESPACE, REPLACED_BY, curies_of_iris
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import broken, elements
from biolabel.kb.tables import RowFilter

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OWL = "{http://www.w3.org/2002/07/owl#}"
_OBO = "{http://purl.obolibrary.org/obo/}"
_OBO_IN_OWL = "{http://www.geneontology.org/formats/oboInOwl#}"


def read_owl(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read the named classes of an OWL file in RDF/XML (plain, .gz or .bz2).

    Other syntaxes of OWL are refused; ROBOT and Protégé save RDF/XML. Imports are not opened.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, BL402 and BL713 as `ontology_of`.
    """
    entries = list(_entries(path))
    if not entries:
        raise broken(path, "it has no owl:Class with an rdf:about; save it as RDF/XML")
    return ontology_of(entries, where, path)


def _entries(path: Path) -> Iterator[Entry]:
    for element in elements(path, f"{_OWL}Class"):
        concept = curie_of_iri(element.get(f"{_RDF}about") or "")
        if concept is not None:
            yield _entry(element, concept)


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
    )


def _texts(element: etree._Element, tag: str) -> list[str]:
    return [text.strip() for child in element.findall(tag) if (text := child.text)]


def _resources(element: etree._Element, tag: str) -> list[str]:
    """Return what properties point to; older files write the address as text."""
    found = (child.get(f"{_RDF}resource") or child.text or "" for child in element.findall(tag))
    return [iri.strip() for iri in found if iri.strip()]
