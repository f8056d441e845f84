from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology
from biolabel.kb.sources import Source, read_ontology

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


def read(name: str) -> Ontology:
    return read_ontology(Source("catalog", (name,), catalog=KB))


def test_names_synonyms_and_tree_numbers() -> None:
    drugs = read("tiny_drugs")
    assert drugs.names["MESH:D001"] == ("Aspirin", "acetylsalicylic acid", "2-acetoxybenzoic acid")
    assert drugs.trees["MESH:D002"] == ("D01.500", "D27.900")


def test_filter_and_missing_identifiers() -> None:
    diseases = read("tiny_diseases")
    assert list(diseases.names) == [
        "MESH:D101", "OMIM:102", "MESH:D103", "MESH:D104", "MESH:D105",
    ]  # fmt: skip
    assert diseases.trees == {}


def test_tree_numbers_of_the_table_itself() -> None:
    shipped = read_ontology(Source("catalog", ("demo_mesh_chemicals",)))
    assert any(shipped.trees.values())


def test_under_tree_numbers_letters_and_identifiers() -> None:
    drugs = read("tiny_drugs")
    assert drugs.under(["D01"]) == {"MESH:D002", "MESH:D005"}
    assert drugs.under(["D01.500"]) == {"MESH:D002"}
    assert drugs.under(["D02.100", "D003"]) == {"MESH:D001", "MESH:D003"}
    assert drugs.under(["MESH:D003"]) == {"MESH:D003"}
    assert len(drugs.under(["D"])) == 6


def test_a_number_is_not_below_a_shorter_one_with_other_digits() -> None:
    drugs = read("tiny_drugs")
    with pytest.raises(KnowledgeError) as raised:
        drugs.under(["D01.50"])
    assert raised.value.code == "BL710"


def test_unknown_roots() -> None:
    with pytest.raises(KnowledgeError) as raised:
        read("tiny_drugs").under(["D01", "D99"])
    assert (raised.value.code, raised.value.message) == (
        "BL710",
        "no concept is at or below `D99`",
    )
    with pytest.raises(KnowledgeError, match="the ontology has no hierarchy"):
        read("tiny_diseases").under(["D103"])
