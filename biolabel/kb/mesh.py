"""Medical Subject Headings as the National Library of Medicine's XML: descriptors and supplements."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from biolabel.kb.curie import curie_of
from biolabel.kb.entries import Entry, EntryName, kind_of, ontology_of
from biolabel.kb.ontology import Ontology
from biolabel.kb.streams import broken, elements
from biolabel.kb.tables import RowFilter

_KINDS = {"NRW": "narrow", "BRD": "broad", "REL": "related"}


def read_mesh(path: Path, where: Sequence[RowFilter] = ()) -> Ontology:
    """Read descriptor or supplementary records (plain or packed) with all their entry terms.

    Terms of the preferred concept are exact names; those of a record's other concepts are as narrow,
    broad or related as MeSH says, abbreviations as `kind_of` says. `tag` is MeSH's lexical tag (TRD: a
    trade name). A supplementary
    record stands below the descriptors that it is mapped to.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a broken one, others as `ontology_of`.
    """
    wanted = "DescriptorRecord and no SupplementalRecord"
    return ontology_of(_entries(path), where, path, wanted=wanted)


def _entries(path: Path) -> Iterator[Entry]:
    for record in elements(path, "DescriptorRecord", "SupplementalRecord"):
        kind = "Descriptor" if record.tag == "DescriptorRecord" else "SupplementalRecord"
        concept = curie_of(record.findtext(f"{kind}UI") or "")
        if concept is None:
            raise broken(path, f"the {record.tag} has no id", record.sourceline)
        mapped = record.iterfind("HeadingMappedToList/HeadingMappedTo/DescriptorReferredTo")
        # A star marks the main heading of a mapping.
        above = (curie_of((found.findtext("DescriptorUI") or "").lstrip("*")) for found in mapped)
        yield Entry(
            id=concept,
            names=tuple(_names(record, record.findtext(f"{kind}Name/String") or "")),
            trees=tuple(found.text or "" for found in record.iterfind("TreeNumberList/TreeNumber")),
            parents=tuple(parent for parent in above if parent),
            line=record.sourceline,
        )


def _names(record: etree._Element, heading: str) -> Iterator[EntryName]:
    heading = " ".join(heading.split())
    if heading:
        yield EntryName(heading)
    concepts = record.findall("ConceptList/Concept")
    kinds = {
        relation.findtext("Concept2UI"): _KINDS.get(relation.get("RelationName", ""), "related")
        for concept in concepts
        for relation in concept.iterfind("ConceptRelationList/ConceptRelation")
    }
    for concept in concepts:
        preferred = concept.get("PreferredConceptYN") == "Y"
        kind = "exact" if preferred else kinds.get(concept.findtext("ConceptUI"), "related")
        for term in concept.iterfind("TermList/Term"):
            text, tag = (
                " ".join((term.findtext("String") or "").split()),
                term.get("LexicalTag", ""),
            )
            if text and text != heading:
                yield EntryName(text, kind_of(kind, tag), tag)
