import numpy as np
import pytest

from biolabel.apply.vocabulary import (
    Vocabulary,
    inflections,
    phrase_rows,
    phrase_words,
)
from tests.unit.apply.world import corpus

WORDS = ("cause", "(", "causes", "because", "dose", "doses", "_")


def vocabulary(ids: list[int]) -> Vocabulary:
    return Vocabulary(WORDS, np.array(ids, dtype=np.int32))


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("cause", ["cause"]),
        ("cause~", ["cause", "causes"]),
        ("cause*", ["cause", "causes"]),
        ("*cause", ["because", "cause"]),
        ("*us*", ["because", "cause", "causes"]),
        ("**us**", ["because", "cause", "causes"]),
        ("do*", ["dose", "doses"]),
        ("zz*", []),
        ("zz", []),
        ("*", ["_", "because", "cause", "causes", "dose", "doses"]),
        ("(", ["("]),
    ],
)
def test_what_a_word_means(word: str, found: list[str]) -> None:
    assert sorted(WORDS[i] for i in vocabulary([]).like(word)) == found


def test_a_prefix_reaches_the_last_letters() -> None:
    entries = ("a", "a\U0010fffe", "aé", "b")
    assert Vocabulary(entries, np.empty(0, np.int32)).like("a*").tolist() == [0, 1, 2]


def test_postings() -> None:
    found = vocabulary([3, 0, 3, 4, 0])
    few, many = np.array([3], np.int32), np.array([3, 0, 6], np.int32)
    assert found.rows(few).tolist() == [0, 2]
    assert found.rows(many).tolist() == [0, 1, 2, 4]
    assert found.rows(np.array([], np.int32)).tolist() == []
    assert (found.count(few), found.count(many)) == (2, 4)
    assert found.mask(few).nonzero()[0].tolist() == [3]


def test_rare_words_are_looked_up_alone() -> None:
    ids = np.zeros(100, dtype=np.int32)
    ids[[7, 50]] = 40
    entries = tuple(map(str, range(50)))
    assert Vocabulary(entries, ids).rows(np.array([40], np.int32)).tolist() == [7, 50]


def test_phrases_stay_in_their_sentence() -> None:
    over = corpus("b a. A b a", "b a")
    found = Vocabulary(over.lowers, over.row_lower)
    assert phrase_rows(over, found, ["a", "b"]).tolist() == [3]
    assert phrase_rows(over, found, ["b", "a"]).tolist() == [0, 4, 6]
    assert phrase_rows(over, found, ["b", "a", "."]).tolist() == [0]
    assert phrase_rows(over, found, [".", "*"]).tolist() == []
    assert phrase_rows(over, found, ["x", "a"]).tolist() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("beta-blocker*", ["beta", "blocker*"]),
        ("in vivo", ["in", "vivo"]),
        ("*emia of~", ["*emia", "of~"]),
        ("non-*", ["non", "*"]),
        ("treat**", ["treat**"]),
        ("1,200.5 mg/kg", ["1,200.5", "mg", "kg"]),
        ("p < 5%", ["p", "<", "5", "%"]),
        ("- '", []),
    ],
)
def test_words_of_phrases(text: str, words: list[str]) -> None:
    assert phrase_words(text) == words


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("cause", {"causes", "caused", "causing"}),
        ("treat", {"treats", "treated", "treating"}),
        ("study", {"studies", "studied", "studying"}),
        ("stop", {"stops", "stopped", "stopping"}),
        ("toxicity", {"toxicities"}),
        ("stretch", {"stretches"}),
        ("diagnosis", {"diagnoses"}),
        ("undergo", {"undergoes", "undergoing"}),
        ("free", {"freed", "freeing"}),
        ("leaf", {"leaves"}),
    ],
)
def test_inflections(word: str, forms: set[str]) -> None:
    assert forms | {word} <= inflections(word)


def test_words_that_are_no_inflections() -> None:
    assert "causal" not in inflections("cause")
    assert "treatment" not in inflections("treat")
