"""Many texts at once are cut as the word rule says of one."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data import rows
from biolabel.data.rows import lowered, rows_of, rows_of_all
from biolabel.data.words import SOFT

RULE = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")
"""The rule as LANGUAGE states it; of its signs, the soft ones make no row."""
ODD = "01a.,-_ ٣²½\u0301βΣ'\nZ\u2032日\U0001f600\x1c\x85\u00a0\udc00İ"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=())), max_size=20)


def by_rule(text: str) -> list[tuple[int, int, bool]]:
    """Return start, end and whether it is a word of each row."""
    found = (match for match in RULE.finditer(text) if match.group() not in SOFT)
    return [(*m.span(), m.group()[0].isalnum() or m.group()[0] == "_") for m in found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2a.3",
        "x1.2.3",
        "1.2.3,4",
        "1..2",
        ".5,",
        "5.",
        "٣.٤",
        "²1.5",
        "1.²",
        "1.2_3.4",
        "a.1.2",
    ],
)
def test_numbers_keep_their_inner_points(text: str) -> None:
    spans, is_word = rows_of(text)
    assert [(*span, word) for span, word in zip(spans.tolist(), is_word, strict=True)] == by_rule(
        text
    )


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_every_text_is_cut_by_the_rule(text: str) -> None:
    spans, is_word = rows_of(text)
    assert [spans.dtype, is_word.dtype] == ["int32", "bool"]
    assert spans.shape[1] == 2
    found = zip(spans.tolist(), is_word.tolist(), strict=True)
    assert [(*span, word) for span, word in found] == by_rule(text)


@settings(deadline=None, max_examples=200)
@given(st.lists(TEXTS.filter(lambda text: "\udc00" not in text and text.isprintable())))
def test_many_texts_are_cut_like_each(texts: list[str]) -> None:
    found = rows_of_all(texts)
    assert len(found.first) == len(texts) + 1
    forms = found.forms.to_pylist()
    assert len(set(forms)) == len(forms)
    for i, text in enumerate(texts):
        mine = slice(found.first[i], found.first[i + 1])
        columns = (found.start[mine], found.end[mine], found.is_word[mine], found.form[mine])
        assert [
            (start, end, word, forms[form])
            for start, end, word, form in zip(*(c.tolist() for c in columns), strict=True)
        ] == [(start, end, word, text[start:end]) for start, end, word in by_rule(text)]


def test_forms_stand_as_they_first_occur() -> None:
    found = rows_of_all(["b a", "", "a B-b"])
    assert found.forms.to_pylist() == ["b", "a", "B"]
    assert found.form.tolist() == [0, 1, 1, 2, 0]
    assert found.first.tolist() == [0, 2, 2, 5]
    assert found.form.dtype == found.start.dtype == found.end.dtype == np.int32


def test_no_texts() -> None:
    found = rows_of_all([])
    assert found.first.tolist() == [0]
    assert (len(found.start), len(found.forms), len(found.form)) == (0, 0, 0)


def test_lower_case_is_that_of_each_form() -> None:
    forms = ["ΟΔΟΣ", "Σ", "İ", "ΣA", "x", "Aspirin", "ΑΣ"]
    assert lowered(forms) == [form.lower() for form in forms]
    assert lowered([]) == []


@pytest.mark.parametrize("size", [1, 7, 30])
def test_parts_do_not_show(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["b a", "", "a longer text, 1.5 µg", "", "a B-b", "x"]
    whole = rows_of_all(texts)
    monkeypatch.setattr(rows, "_PART", size)
    found = rows_of_all(texts)
    for name in ("first", "start", "end", "is_word", "form"):
        assert getattr(found, name).tolist() == getattr(whole, name).tolist()
        assert getattr(found, name).dtype == getattr(whole, name).dtype
    assert found.forms.equals(whole.forms)
