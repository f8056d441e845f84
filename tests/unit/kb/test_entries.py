from pathlib import Path

import pytest

from biolabel.kb.entries import Entry, EntryName, curie_of_iri, ontology_of, references_of


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        ("http://purl.obolibrary.org/obo/DOID_0050004", "DOID:0050004"),
        ("http://www.orpha.net/ORDO/Orphanet_15", "ORPHANET:15"),
        ("http://purl.bioontology.org/ontology/MESH/D003000", "MESH:D003000"),
        ("http://purl.bioontology.org/ontology/MESH#D003000", "MESH:D003000"),
        ("doid:4", "DOID:4"),
        ("_:genid1", "_:genid1"),
        ("part_of", None),
        ("http://a.b/", None),
    ],
)
def test_curies_of_addresses(iri: str, curie: str | None) -> None:
    assert curie_of_iri(iri) == curie


def test_an_obsolete_concept_without_a_replacement_is_gone() -> None:
    entries = [
        Entry(id="X:1", names=(EntryName("a"), EntryName(" "), EntryName("a"))),
        Entry(id="X:2", names=(EntryName("b"),), obsolete=True),
        Entry(id="X:3"),
    ]
    found = ontology_of(entries, (), Path("x"))
    assert (dict(found.names), dict(found.replaced)) == ({"X:1": ("a",)}, {})


def test_nothing_makes_an_empty_ontology() -> None:
    assert ontology_of([], (), Path("x")).names == {}


def test_references_to_other_vocabularies() -> None:
    written = ["MSH:D1", "mesh:D2", "UMLS_CUI:C3", "http://a.b/c", "plain", "X:-"]
    assert references_of(written) == ("MESH:D1", "MESH:D2", "UMLS:C3", "X:-")
