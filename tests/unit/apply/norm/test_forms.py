import pytest
from hypothesis import given
from hypothesis import strategies as st

from biolabel.apply.norm.forms import bag, content, sense_words, singular, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TNF\N{GREEK SMALL LETTER ALPHA}", "TNF-alpha"),
        ("\N{GREEK SMALL LETTER BETA} blockers", "beta-blocker"),
        ("Haemorrhagic tumours", "hemorrhagic tumor"),
        ("type II", "Type 2"),
        ("Sj\N{LATIN SMALL LETTER O WITH DIAERESIS}gren's", "Sjogren's"),
        ("neuroses", "neurosis"),
        ("allergies", "allergy"),
        ("K(+)", "K +"),
    ],
)
def test_spellings_of_the_same(one: str, other: str) -> None:
    assert sense_words(one) == sense_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("virus", "vir"), ("type I", "type II"), ("X-linked", "10-linked"), ("as", "a")],
)
def test_what_stays_apart(one: str, other: str) -> None:
    assert sense_words(one) != sense_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("psychotic", "psychosis"),
        ("hypotensive", "hypotension"),
        ("epileptic", "epilepsy"),
        ("diabetic", "diabetes"),
        ("toxicity", "toxic"),
        ("ischemic", "ischemia"),
    ],
)
def test_stems_join_nouns_and_adjectives(one: str, other: str) -> None:
    assert [stem(word) for word in sense_words(one)] == [stem(word) for word in sense_words(other)]


def test_short_words_and_numbers_are_their_own_stem() -> None:
    assert [stem(word) for word in ("pain", "iron", "b12", "1990s")] == [
        "pain",
        "iron",
        "b12",
        "1990s",
    ]


def test_words_that_tell_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert content(["cancer", "of", "the", "lung"]) == ["cancer", "lung"]
    assert content(["of", "the"]) == ["of", "the"]
    assert bag(["lung", "cancer", "lung"]) == "cancer lung"


@given(st.text(max_size=30))
def test_any_text_has_words_without_blanks(text: str) -> None:
    for word in sense_words(text):
        assert word
        assert " " not in word
        assert stem(word)
        assert singular(singular(word)) is not None
