import pytest

from biolabel.apply.spelling import (
    MOST_FORMS,
    alike,
    american,
    borders,
    correctable,
    misspelt,
    stand_ins,
)

BRITISH = {
    "haemorrhage": "hemorrhage", "anaemia": "anemia", "oedema": "edema", "tumour": "tumor",
    "diarrhoea": "diarrhea", "leukaemia": "leukemia", "sulphate": "sulfate", "fibre": "fiber",
    "catheterisation": "catheterization", "behavioural": "behavioral", "paralysed": "paralyzed",
    "labelled": "labeled", "foetal": "fetal", "oestrogen": "estrogen", "titres": "titers",
}  # fmt: skip


@pytest.mark.parametrize(("british", "other"), BRITISH.items())
def test_british_words_are_alike(british: str, other: str) -> None:
    assert american(british) == american(other)
    assert alike(british, other) == 1
    assert stand_ins([other], [british], 0.99) == {other: [british]}


def test_words_that_both_write_alike_stay_apart() -> None:
    for one, other in [("disease", "diseases"), ("hour", "our"), ("serous", "serious")]:
        assert american(one) != american(other)


def test_alike_is_the_share_of_common_letters() -> None:
    assert alike("naloxone", "nalozone") == pytest.approx(14 / 16)
    assert alike("sirolimus", "sirolmus") == pytest.approx(16 / 17)


def test_the_cut_counts() -> None:
    assert stand_ins(["naloxone"], ["nalozone"], 0.875) == {"naloxone": ["nalozone"]}
    assert stand_ins(["naloxone"], ["nalozone"], 0.88) == {}


@pytest.mark.parametrize("word", ["pain", "gene2", "alpha-1", "b12"])
def test_short_words_and_codes_are_never_corrected(word: str) -> None:
    assert not correctable(word)
    assert stand_ins([word], [f"{word}x"], 0.5) == {}


def test_other_words_differ_at_the_borders() -> None:
    for word, other in [("protection", "protectin"), ("examine", "hexamine"), ("either", "ether")]:
        assert (borders(word) == borders(other)) == (word == "either")
    assert stand_ins(["hypertensin"], ["hypertension"], 0.9) == {}


def test_the_most_alike_word_is_meant() -> None:
    found = stand_ins(["naloxone", "naloxane"], ["naloxonne", "naloxne"], 0.85)
    assert found == {"naloxone": ["naloxne", "naloxonne"], "naloxane": ["naloxne"]}


def test_correct_words_never_stand_for_others() -> None:
    keys = ["hyperkalemia", "hypokalemia"]
    corpus = ["hyperkalemia", "hypokalaemia"]
    assert list(misspelt(keys, frozenset(keys), corpus, 0.8)) == [("hypokalaemia", 1)]


def test_names_of_several_words() -> None:
    keys = ["cerebral hemorrhage", "hemorrhage"]
    known = frozenset(["cerebral", "hemorrhage"])
    corpus = ["cerebral", "haemorrhage", "cerebrall"]
    assert set(misspelt(keys, known, corpus, 0.9)) == {
        ("cerebral haemorrhage", 0), ("haemorrhage", 1),
    }  # fmt: skip
    assert list(misspelt(keys, known, ["haemorrhage"], 0.9)) == [("haemorrhage", 1)]
    assert list(misspelt(keys, known, ["other"], 0.9)) == []


def test_a_name_has_so_many_forms_at_most() -> None:
    slips = [f"abcdefghijklmnopqrst{sign}uvwxyz" for sign in "abcdefghi"]
    word = "abcdefghijklmnopqrstuvwxyz"
    forms = list(misspelt([f"{word} {word}"], frozenset([word]), slips, 0.9))
    assert len(forms) == MOST_FORMS
