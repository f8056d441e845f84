import pytest

from biolabel.kb.terms import Terms, build_terms


def keys(terms: Terms, concept: str) -> set[str]:
    return {key for key, found in zip(terms.keys, terms.concepts, strict=True) if concept in found}


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
