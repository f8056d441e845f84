from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.ontology import Ontology, merged
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


def chain() -> Ontology:
    names = {f"X:{i}": (f"n{i}",) for i in range(4)}
    return Ontology(
        names, parents={"X:1": ("X:0",), "X:2": ("X:1", "X:9"), "X:0": ("X:2",)}, prefix="X"
    )


def test_circles_of_parents_end() -> None:
    assert chain().under(["X:1"]) == {"X:0", "X:1", "X:2"}
    assert chain().under(["3"]) == {"X:3"}


def test_a_root_may_have_no_name() -> None:
    assert chain().under(["X:9"]) == {"X:0", "X:1", "X:2", "X:9"}
    with pytest.raises(KnowledgeError):
        chain().under(["X:8"])


def test_semantic_types_do_not_go_down() -> None:
    names = {"X:1": ("a",), "X:2": ("b",)}
    found = Ontology(names, parents={"X:2": ("X:1",)}, types={"X:1": ("T1",)}, prefix="X")
    assert found.under(["T1"]) == {"X:1"}
    assert found.under(["T1", "X:1"]) == {"X:1", "X:2"}
    assert Ontology(names, types={"X:1": ("T1",)}).under(["T1"]) == {"X:1"}


def test_replaced_identifiers() -> None:
    found = Ontology(
        {"X:1": ("a",)}, parents={"X:2": ("X:7",)}, replaced={"X:7": "X:1"}, prefix="X"
    )
    assert (found.current("7"), found.current("X:1")) == ("X:1", "X:1")
    assert found.above == {"X:2": {"X:1"}}


def test_what_is_directly_above() -> None:
    trees = {"X:1": ("A01",), "X:2": ("A01.1", "B02.3"), "X:3": ("A01.1.5",), "X:4": ("A01",)}
    found = Ontology({}, trees, parents={"X:3": ("X:9",)})
    assert {concept: set(above) for concept, above in found.above.items() if above} == {
        "X:2": {"X:1", "X:4"},
        "X:3": {"X:2", "X:9"},
    }


def test_merging() -> None:
    one = Ontology({"X:1": ("a",)}, types={"X:1": ("t",)}, prefix="X", omitted=2)
    two = Ontology(
        {"X:1": ("b", "a")}, parents={"X:1": ("X:2",)}, replaced={"X:3": "X:1"}, omitted=1
    )
    both = merged([one, two])
    assert both.names == {"X:1": ("a", "b")}
    assert (both.types, both.parents, both.replaced) == (
        {"X:1": ("t",)}, {"X:1": ("X:2",)}, {"X:3": "X:1"},
    )  # fmt: skip
    assert (both.prefix, both.omitted) == ("X", 3)
    assert merged([one]) is one
    assert merged([]).names == {}
