from itertools import product

import pytest

from biolabel.apply.spelling import (
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
    keys = frozenset(["hyperkalemia", "hypokalemia"])
    corpus = ["hyperkalemia", "hypokalaemia"]
    assert misspelt(keys, corpus, 0.8) == {"hypokalaemia": ["hypokalemia"]}


def test_a_slip_may_mean_several_words() -> None:
    known = frozenset(["naloxone", "naloxane"])
    assert {w: sorted(m) for w, m in misspelt(known, ["naloxne", "other"], 0.85).items()} == {
        "naloxne": ["naloxane", "naloxone"],
    }  # fmt: skip


WORDS = ["".join(word) for word in product(["oe", "ae", "l", "our"], ["is", "ys", "ll", "t"],
    ["ation", "ed", "re", "res", "sulph", "er", "é"])]  # fmt: skip


def test_all_words_at_once_are_spelled_as_each_alone() -> None:
    for word in WORDS:
        assert stand_ins([american(word)], [word], 1) in ({american(word): [word]}, {})
    found = stand_ins(sorted(set(map(american, WORDS))), WORDS, 1)
    assert sorted(word for words in found.values() for word in words) == sorted(
        word for word in WORDS if correctable(word) and correctable(american(word))
    )
