"""Names without what stands in front of them."""

import pytest

from biolabel.kb.bare import bare_key, bare_names
from biolabel.kb.forms import ALL, Admission, Ways
from biolabel.kb.terms import CasePolicy, build_terms


def bare(
    *names: str, admission: Admission = ALL, case: CasePolicy = "fold", ways: Ways | None = None
) -> list[str]:
    """Return what a trie of the names, each of another concept, leads to."""
    by_concept = {f"X:{i}": (name,) for i, name in enumerate(names)}
    terms = build_terms(by_concept, ways or Ways(), case=case)
    trie = bare_names(terms, admission)
    return sorted(bare_key(terms.keys[number]) for number in trie.names.tolist())


@pytest.mark.parametrize(
    "front",
    [
        "2-", "(S)-", "dl-", "DL-", "alpha-", "\N{GREEK SMALL LETTER ALPHA}-", "N-", "4'-", "N,N'-",
        "17beta-", "1,2-", "(+/-)-", "(2S,3R)-", "[3H]-", "N(4)-", "2',3'-", "cis-", "beta-D-", "(-)",
    ],
)  # fmt: skip
def test_fronts(front: str) -> None:
    assert bare(f"{front}propranolol") == ["propranolol"]


@pytest.mark.parametrize(
    "name", ["2 propranolol", "xy-propranolol", "a-spasmium", "4-(2-propyl)pyridine", "beta", "5-"]
)
def test_what_is_no_front(name: str) -> None:
    assert bare(name) == []


def test_the_origin_of_a_disease_goes_before_two_words_or_more() -> None:
    assert bare("Hereditary sensory neuropathy") == ["sensory neuropathy"]
    assert bare("Familial idiopathic sensory neuropathy") == ["sensory neuropathy"]
    assert bare("Hereditary neuropathy", "Familial eye pain", "Acute renal injury") == []


def test_what_remains_is_long_enough() -> None:
    assert bare("5-abcd", "T-cell lymphoma", "L-dopas") == ["dopas"]
    assert bare("L-dopas", admission=Admission(min_length=6)) == []


def test_what_remains_is_no_name_and_not_stopped() -> None:
    assert bare("2-propranolol", "Propranolol") == []
    assert bare("2-propranolol", "propranolols", ways=Ways(plural=True)) == []
    assert bare("2-propranolol", admission=Admission(frozenset(["propranolol"]))) == []
    assert bare("2-propranolol", admission=Admission(unwanted=("prop[^ ]*",))) == []


def test_what_remains_means_one_concept() -> None:
    assert bare("2-propranolol", "3-propranolol") == bare("2-propranolol", "3 propranolol") == []
    terms = build_terms({"X:1": ("2-propranolol", "3-propranolol")})
    assert len(bare_names(terms).names) == 1


def test_names_whose_capitals_count_have_no_other_form() -> None:
    assert bare("2-propranolol", case="exact") == []
    assert bare("2-propranolol", case="smart") == ["propranolol"]


def test_forms_that_are_turned_have_none() -> None:
    assert bare("propranolol B", ways=Ways(reorder=True)) == []


def test_nothing_to_strip() -> None:
    assert bare() == bare("propranolol") == []
