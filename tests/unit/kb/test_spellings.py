import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biolabel.data.words import key_of
from biolabel.kb.spellings import GREEK, MAY_VARY, one_spelling, spellings_of

ALPHA = "\N{GREEK SMALL LETTER ALPHA}"


@pytest.mark.parametrize(
    ("form", "others"),
    [
        ("Tumour", {"tumor"}),
        ("hemolytic anemia", {"haemolytic anaemia"}),
        ("haemolytic anaemia", {"hemolytic anemia"}),
        ("tnf alpha", {f"tnf {ALPHA}", f"tnf{ALPHA}"}),
        (f"tnf{ALPHA}", {"tnf alpha"}),
        ("alpha cells", {f"{ALPHA} cells"}),
        ("nonsteroidal drugs", {"non steroidal drugs"}),
        ("non steroidal drugs", {"nonsteroidal drugs"}),
        ("chemotherapy", set()),
        ("alphabet of pain", set()),
        ("anti hiv", set()),
        ("", set()),
    ],
)
def test_other_spellings(form: str, others: set[str]) -> None:
    assert set(spellings_of(form)) == others


PARTS = [
    "haemo",
    "hemo",
    "anaemia",
    "emia",
    "tumor",
    "non",
    "anti",
    "steroid",
    "ised",
    "ized",
    "alpha",
]
FORMS = st.lists(
    st.lists(st.sampled_from([*PARTS, *GREEK]), min_size=1, max_size=3).map("".join), max_size=4
).map(" ".join)


@settings(max_examples=1000, deadline=None)
@given(FORMS)
def test_all_spellings_of_a_name_have_one_in_common(form: str) -> None:
    assert {one_spelling(other) for other in spellings_of(form)} <= {one_spelling(form)}


@given(FORMS)
def test_spellings_are_keys(form: str) -> None:
    assert all(key_of(other) == other for other in spellings_of(form))


@settings(deadline=None)
@given(FORMS)
def test_some_word_of_a_form_with_other_spellings_may_vary(form: str) -> None:
    varies = any(re.search(MAY_VARY, word) for word in form.split(" "))
    assert varies or not list(spellings_of(form))


def test_most_words_may_not_vary() -> None:
    assert re.search(MAY_VARY, "nonsteroidal")
    assert not re.search(MAY_VARY, "kidney")
