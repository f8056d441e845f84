import pytest

from biolabel.curation.exports.vocabulary import (
    Vocabulary,
    address_of,
    concept_curie,
    concept_types,
)
from biolabel.data.documents import Document, Mention, Passage

WORDS = Vocabulary(
    {"causes": "biolink:causes", "ddi.causes": "biolink:interacts_with"}, {"Drug": "biolink:Drug"}
)


def test_labels_and_types() -> None:
    assert WORDS.predicate("cid", "causes") == "biolink:causes"
    assert WORDS.predicate("ddi", "causes") == "biolink:interacts_with"
    assert WORDS.predicate("cid", "treats") == "biolink:related_to"
    assert WORDS.category("Drug") == "biolink:Drug"
    assert WORDS.category("Disease") == "biolink:Disease"
    assert WORDS.category("Thing of ours") == "biolink:NamedThing"


@pytest.mark.parametrize(
    ("document", "curie"),
    [
        ("123", "PMID:123"),
        ("PMC12", "PMC:PMC12"),
        ("10.1000/x(1)", "doi:10.1000/x(1)"),
        ("note 1/a", "BIOLABEL:note%201%2Fa"),
    ],
)
def test_documents(document: str, curie: str) -> None:
    assert WORDS.publication(document) == curie
    assert " " not in address_of(curie)


def test_numbers_that_are_no_pubmed_ids() -> None:
    assert Vocabulary(documents="BIOLABEL").publication("900000101") == "BIOLABEL:900000101"


def test_concepts_without_an_identifier_get_one() -> None:
    assert concept_curie("MESH:D003000") == "MESH:D003000"
    assert concept_curie("iron ii") == "BIOLABEL:iron%20ii"
    assert concept_curie("ratio 1:2 <x>") == "BIOLABEL:ratio%201%3A2%20%3Cx%3E"


@pytest.mark.parametrize(
    ("curie", "address"),
    [
        ("MESH:D003000", "http://id.nlm.nih.gov/mesh/D003000"),
        ("DOID:14330", "http://purl.obolibrary.org/obo/DOID_14330"),
        ("PMID:12", "https://pubmed.ncbi.nlm.nih.gov/12"),
        ("biolink:causes", "https://w3id.org/biolink/vocab/causes"),
        ("OTHER:a b", "https://identifiers.org/OTHER:a%20b"),
        ("BIOLABEL:iron%20ii", "urn:biolabel:iron%20ii"),
    ],
)
def test_addresses(curie: str, address: str) -> None:
    assert address_of(curie) == address


def test_the_most_frequent_type_of_a_concept() -> None:
    text = (Passage("title", 0, "Iron-II iron"),)
    mentions = (
        Mention(0, 7, "Drug", ("X:1",)),
        Mention(8, 12, "Drug", ("X:1",)),
        Mention(8, 12, "Chemical", ("X:1", "X:2")),
        Mention(0, 7, "Chemical"),
    )
    found = concept_types([Document("1", text, mentions)])
    assert found == {"X:1": "Drug", "X:2": "Chemical", "iron ii": "Chemical"}
