import re

import pytest

from biolabel.kb.forms import Admission, Ways
from biolabel.kb.terms import CasePolicy, Terms, build_terms, is_acronym, vocabulary


def keys(terms: Terms, concept: str) -> set[str]:
    return {key for key, found in zip(terms.keys, terms.concepts, strict=True) if concept in found}


def test_keys_are_rows_in_lower_case() -> None:
    terms = build_terms({"X:1": ("Beta-blocker", "5-HT", "vitamin B12 (oral)", "--")})
    assert tuple(terms.keys) == ("5 ht", "beta blocker", "vitamin b12 ( oral )")
    assert tuple(terms.written) == ("5-HT", "Beta-blocker", "vitamin B12 (oral)")


def test_a_name_of_several_concepts_ranks_its_own_first() -> None:
    names = {"X:1": ("colds",), "X:2": ("cold",), "X:3": ("Cold",)}
    terms = build_terms(names, Ways(plural=True))
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
    assert other in build_terms({"X:1": (name,)}, Ways(plural=True)).keys
    assert other not in build_terms({"X:1": (name,)}).keys


@pytest.mark.parametrize("name", ["tic", "b12", "nf-1"])
def test_what_has_no_plural(name: str) -> None:
    assert len(build_terms({"X:1": (name,)}, Ways(plural=True)).keys) == 1


def test_reorder_turns_inverted_names() -> None:
    names = {"X:1": ("Leukemia, Plasma Cell", "2,4-dinitrophenol")}
    assert keys(build_terms(names, Ways(reorder=True)), "X:1") == {
        "leukemia , plasma cell", "plasma cell leukemia", "leukemia of plasma cell",
        "leukemia of the plasma cell", "2,4 dinitrophenol",
    }  # fmt: skip
    both = keys(build_terms(names, Ways(plural=True, reorder=True)), "X:1")
    assert "leukemia of the plasma cells" in both
    assert "plasma cell leukemias" in both


def test_what_is_stopped_does_not_return_as_a_variant_of_a_variant() -> None:
    names = {"X:1": ("Weight, Body", "Weights of body", "Mass of the body")}
    stopped = Admission(unwanted=("body (weight|mass)",))
    keys = build_terms(names, Ways(plural=True, reorder=True), admission=stopped).keys
    assert not [key for key in keys if re.fullmatch("body mass(es)?", key)]
    assert "body weights" in keys  # turned from "Weights of body", which no stop forbids
    only = build_terms(
        {"X:1": ("Weight, Body",)}, Ways(plural=True, reorder=True), admission=stopped
    )
    assert tuple(only.keys) == ("weight , bodies", "weight , body")


def test_plurals_do_not_bring_stopped_or_short_words_back() -> None:
    names = {"X:1": ("dids",), "X:2": ("backs",)}
    assert "did" in build_terms(names, Ways(plural=True)).keys
    stopped = Admission(frozenset(["did", "back"]))
    assert list(build_terms(names, Ways(plural=True), admission=stopped).keys) == ["backs", "dids"]
    longer = build_terms(names, Ways(plural=True), admission=Admission(min_length=4)).keys
    assert tuple(longer) == ("back", "backs", "dids")


def test_capitals_have_no_singular() -> None:
    assert "did" not in build_terms({"X:1": ("DIDS",)}, Ways(plural=True)).keys
    assert "nsaid" in build_terms({"X:1": ("NSAIDs",)}, Ways(plural=True)).keys


def spelled(names: dict[str, tuple[str, ...]], case: CasePolicy) -> list[tuple[str, str | None]]:
    terms = build_terms(names, case=case)
    return list(zip(terms.keys, terms.spellings, strict=True))


def test_case_policies() -> None:
    names = {"X:1": ("ALL", "Gold"), "X:2": ("all",)}
    assert spelled(names, "fold") == [("all", None), ("gold", None)]
    assert spelled(names, "exact") == [("all", "ALL"), ("all", "all"), ("gold", "Gold")]
    assert spelled(names, "smart") == [("all", "ALL"), ("all", None), ("gold", None)]
    assert list(build_terms(names, case="smart").concepts) == [("X:1",), ("X:2",), ("X:1",)]


@pytest.mark.parametrize("name", ["ALL", "pH", "HIV-1", "mRNA", "2-AG"])
def test_acronyms(name: str) -> None:
    assert is_acronym(name)


@pytest.mark.parametrize("name", ["Gold", "gold", "Aspirin", "NSAIDs", "123"])
def test_words_that_are_no_acronyms(name: str) -> None:
    assert not is_acronym(name)


def test_variants_of_acronyms_keep_their_case() -> None:
    terms = build_terms({"X:1": ("NSAID",)}, Ways(plural=True), case="smart")
    assert tuple(terms.spellings) == ("NSAID", "NSAIDs")


def test_the_words_of_all_keys() -> None:
    assert build_terms({"X:1": ("Heart failure", "heart-attack")}).words == {
        "heart", "failure", "attack",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Kidney cancer", {"cancer of kidney", "cancer of the kidney"}),
        ("cancer of the kidney", {"kidney cancer"}),
        ("type of rare disease", {"rare disease type"}),
        ("factor 8 deficiency", set()),
        ("very long name of many words", set()),
        ("a b c d e", set()),
        ("cancer", set()),
    ],
)
def test_names_are_turned_at_of(name: str, others: set[str]) -> None:
    plain = set(build_terms({"X:1": (name,)}).keys)
    assert set(build_terms({"X:1": (name,)}, Ways(reorder=True)).keys) - plain == others


@pytest.mark.parametrize("plural", [False, True])
@pytest.mark.parametrize("reorder", [False, True])
@pytest.mark.parametrize("spelling", [False, True])
@pytest.mark.parametrize("case", ["fold", "exact", "smart"])
@pytest.mark.parametrize(
    "admission", [Admission(), Admission(frozenset(["weights"]), ("(?:big )?dids?",), 4)]
)
def test_vocabulary_is_the_words_of_all_forms(
    plural: bool, reorder: bool, spelling: bool, case: CasePolicy, admission: Admission
) -> None:
    names = {
        "X:1": ("did", "big did", "small did", "weight", "body weight", "Weight, Dry"),
        "X:2": (
            "cancer of the kidney",
            "kidney disease",
            "X-ray",
            "GIST",
            "berries",
            "tumour",
            "IL-alpha",
        ),
    }
    ways = Ways(plural, reorder, spelling)
    built = build_terms(names, ways, case=case, admission=admission)
    found = vocabulary(names, ways, case=case, admission=admission)
    assert found == built.words


def test_other_spellings_are_variants_unless_case_counts() -> None:
    names = {"X:1": ("Tumour of alpha cells",), "X:2": ("IL-Alpha",)}
    assert "tumor of alpha cells" in build_terms(names, Ways(spelling=True)).keys
    assert "tumor of alpha cells" not in build_terms(names).keys
    assert len(build_terms(names, Ways(spelling=True), case="exact").keys) == 2
    stopped = Admission(unwanted=("tumor .*",))
    assert (
        "tumor of alpha cells"
        not in build_terms(names, Ways(spelling=True), admission=stopped).keys
    )
