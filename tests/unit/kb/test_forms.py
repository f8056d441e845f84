import numpy as np
import pytest

from biolabel.kb import forms as forms_module
from biolabel.kb.forms import Admission, Ways, forms_of, numbers_of


def forms(ways: Ways, *texts: str, bound: bool = False, least: int = 1) -> list[tuple[int, str]]:
    found = forms_of(texts, np.full(len(texts), bound), ways, Admission(min_length=least))
    written = found.phrases.joined(found.words).to_pylist()
    assert found.variant.tolist() == sorted(found.variant.tolist())
    return list(zip(found.name.tolist(), written, strict=True))


def test_names_as_they_are_come_first() -> None:
    assert forms(Ways(), "Heart-failure", "--", "pain") == [(0, "Heart failure"), (2, "pain")]
    assert forms(Ways(True, True, True)) == []
    assert forms(Ways(True, True, True), "--") == []


def test_variants_of_variants() -> None:
    found = forms(Ways(True, True, True), "Tumour, Kidney")
    assert found[0] == (0, "Tumour , Kidney")
    assert {form for _, form in found} == {
        "Tumour , Kidney", "Kidney Tumour", "Tumour of Kidney", "Tumour of the Kidney",
        "tumor , kidney", "kidney tumor", "tumor of kidney", "tumor of the kidney",
        "Tumour , Kidneys", "Kidney Tumours", "Tumour of Kidneys", "Tumour of the Kidneys",
        "tumor , kidneys", "kidney tumors", "tumor of kidneys", "tumor of the kidneys",
    }  # fmt: skip


def test_what_is_bound_has_no_other_spelling() -> None:
    assert forms(Ways(spelling=True), "IL alpha", bound=True) == [(0, "IL alpha")]
    assert len(forms(Ways(spelling=True), "IL alpha")) > 1


def test_what_is_too_short_has_no_variants() -> None:
    assert (0, "ab of cd") in forms(Ways(reorder=True), "cd ab")
    assert forms(Ways(reorder=True), "cd ab", least=13) == [(0, "cd ab")]


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("cat", []), ("pain", ["pains"]), ("allergies", ["allergy"]), ("mass", ["masses"]),
        ("crises", ["cris", "crise", "crisis"]), ("crisis", ["crises"]), ("virus", ["viruses"]),
        ("beta2", []),
    ],
)  # fmt: skip
def test_numbers(word: str, others: list[str]) -> None:
    assert numbers_of(word) == others


def test_admission_of_all_is_that_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    admission = Admission(frozenset(["pain", "a b"]), ("(?:back|[^ ]*itis) pain", "x\\-"), 3)
    texts = [
        "Pain",
        "pains",
        "a b",
        "a b c",
        "ab",
        "a",
        "back pain",
        "my back pain",
        "gastritis pain",
    ]
    found = forms_of(texts, np.zeros(len(texts), bool), Ways())
    monkeypatch.setattr(forms_module, "PATTERNS", 1)
    expected = [admission.long_enough(text) and admission.wanted(text.lower()) for text in texts]
    assert admission.of_all(found.phrases, found.words).tolist() == expected
    assert expected.count(True) == 3
