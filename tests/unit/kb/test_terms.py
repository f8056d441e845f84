from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.terms import Terms, build_terms, read_ontology

KB = Path(__file__).resolve().parents[2] / "data" / "kb"


def keys(terms: Terms, concept: str) -> set[str]:
    return {key for key, found in zip(terms.keys, terms.concepts, strict=True) if concept in found}


def test_names_synonyms_and_tree_numbers() -> None:
    drugs = read_ontology("tiny_drugs", KB)
    assert drugs.names["MESH:D001"] == ("Aspirin", "acetylsalicylic acid", "2-acetoxybenzoic acid")
    assert drugs.trees["MESH:D002"] == ("D01.500", "D27.900")


def test_filter_and_missing_identifiers() -> None:
    diseases = read_ontology("tiny_diseases", KB)
    assert list(diseases.names) == [
        "MESH:D101", "OMIM:102", "MESH:D103", "MESH:D104", "MESH:D105",
    ]  # fmt: skip
    assert diseases.trees == {}


def test_tree_numbers_of_the_table_itself() -> None:
    shipped = read_ontology("demo_mesh_chemicals")
    assert any(shipped.trees.values())


def test_under_tree_numbers_letters_and_identifiers() -> None:
    drugs = read_ontology("tiny_drugs", KB)
    assert drugs.under(["D01"]) == {"MESH:D002", "MESH:D005"}
    assert drugs.under(["D01.500"]) == {"MESH:D002"}
    assert drugs.under(["D02.100", "D003"]) == {"MESH:D001", "MESH:D003"}
    assert drugs.under(["MESH:D003"]) == {"MESH:D003"}
    assert len(drugs.under(["D"])) == 6


def test_a_number_is_not_below_a_shorter_one_with_other_digits() -> None:
    drugs = read_ontology("tiny_drugs", KB)
    with pytest.raises(KnowledgeError) as raised:
        drugs.under(["D01.50"])
    assert raised.value.code == "BL710"


def test_unknown_roots() -> None:
    with pytest.raises(KnowledgeError) as raised:
        read_ontology("tiny_drugs", KB).under(["D01", "D99"])
    assert (raised.value.code, raised.value.message) == (
        "BL710",
        "no concept is at or below `D99`",
    )
    with pytest.raises(KnowledgeError, match="the ontology has no tree numbers"):
        read_ontology("tiny_diseases", KB).under(["D103"])


def test_keys_are_rows_in_lower_case() -> None:
    terms = build_terms({"X:1": ("Beta-blocker", "5-HT", "vitamin B12 (oral)", "--")})
    assert terms.keys == ("5 ht", "beta blocker", "vitamin b12 ( oral )")
    assert terms.written == ("5-HT", "Beta-blocker", "vitamin B12 (oral)")


def test_a_name_of_several_concepts_ranks_its_own_first() -> None:
    names = {"X:1": ("colds",), "X:2": ("cold",), "X:3": ("Cold",)}
    terms = build_terms(names, plural=True)
    assert dict(zip(terms.keys, terms.concepts, strict=True)) == {
        "cold": ("X:2", "X:3", "X:1"),
        "colds": ("X:1", "X:2", "X:3"),
    }


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("seizure", "seizures"),
        ("seizures", "seizure"),
        ("allergy", "allergies"),
        ("allergies", "allergy"),
        ("diagnosis", "diagnoses"),
        ("metastases", "metastasis"),
        ("diseases", "disease"),
        ("reflex", "reflexes"),
        ("heart failure", "heart failures"),
    ],
)
def test_plural(name: str, other: str) -> None:
    assert other in build_terms({"X:1": (name,)}, plural=True).keys
    assert other not in build_terms({"X:1": (name,)}).keys


@pytest.mark.parametrize("name", ["tic", "b12", "nf-1"])
def test_what_has_no_plural(name: str) -> None:
    assert len(build_terms({"X:1": (name,)}, plural=True).keys) == 1


def test_reorder_turns_inverted_names() -> None:
    names = {"X:1": ("Leukemia, Plasma Cell", "2,4-dinitrophenol")}
    assert keys(build_terms(names, reorder=True), "X:1") == {
        "leukemia , plasma cell", "plasma cell leukemia", "2,4 dinitrophenol",
    }  # fmt: skip
    both = keys(build_terms(names, reorder=True, plural=True), "X:1")
    assert "plasma cell leukemias" in both
