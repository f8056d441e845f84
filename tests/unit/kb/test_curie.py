from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.curie import column_curies, curie_of, curies_of, local_of


@pytest.mark.parametrize(
    ("raw", "curie"),
    [
        ("D003000", "MESH:D003000"),
        ("MESH:D003000", "MESH:D003000"),
        (" mesh : D003000 ", "MESH:D003000"),
        ("OMIM:143465", "OMIM:143465"),
        ("MSH:D003000", "MESH:D003000"),
        ("d003000", "MESH:D003000"),
        ("MIM:143465", "OMIM:143465"),
        ("doid:4", "DOID:4"),
        ("DOID_4", "DOID:4"),
        ("CHEBI:CHEBI:15377", "CHEBI:15377"),
        ("NCBIGene:1", "NCBIGENE:1"),
        ("UMLS_CUI:C0012634", "UMLS:C0012634"),
        ("SNOMEDCT_US_2025_09_01:39000009", "SNOMEDCT:39000009"),
        ("http://id.nlm.nih.gov/mesh/D003000", "MESH:D003000"),
        ("http://purl.obolibrary.org/obo/DOID_4", "DOID:4"),
        ("x_1", "MESH:x_1"),
        ("http://a.b/c", "HTTP://a.b/c"),
        ("-1", None),
        ("-", None),
        ("  ", None),
    ],
)
def test_one_spelling_for_each_identifier(raw: str, curie: str | None) -> None:
    assert curie_of(raw) == curie


def test_the_prefix_is_for_identifiers_without_one() -> None:
    assert curie_of("1234", "CHEBI") == "CHEBI:1234"
    assert curie_of("MESH:D1", "CHEBI") == "MESH:D1"
    assert curie_of("1", "NCBIGene") == "NCBIGENE:1"


def test_several_identifiers_of_a_cell() -> None:
    assert curies_of("D1|MESH:D2|-1||D1") == ("MESH:D1", "MESH:D2")
    assert curies_of("") == ()
    assert curies_of("D1;D2", separator=";", prefix="X") == ("X:D1", "X:D2")


def test_local_part() -> None:
    assert local_of("MESH:D003000") == "D003000"
    assert local_of("D003000") == "D003000"


def test_columns_of_identifiers(tmp_path: Path) -> None:
    assert column_curies(["1", "-", "y:2"], "X", tmp_path) == ["X:1", None, "Y:2"]
    assert column_curies(["-", "y:2"], "", tmp_path) == [None, "Y:2"]
    with pytest.raises(KnowledgeError, match="such as `1`") as raised:
        column_curies(["y:2", "1"], "", tmp_path)
    assert raised.value.code == "BL714"
