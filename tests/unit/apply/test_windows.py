import pytest

from biolabel.apply.pieces import pieces_of
from biolabel.apply.sentences import SentenceTexts, sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from biolabel.apply.windows import windows
from tests.unit.apply.world import corpus

FILLING = "We saw it was so in all of them. " * 9


def texts_of(*texts: str) -> SentenceTexts:
    over = corpus(*texts)
    return sentence_texts(over, Vocabulary(over.forms, over.row_form))


@pytest.mark.parametrize(
    ("source", "cut"),
    [
        ("renal", ["a renal failure"]),
        ("renal failure", ["a renal failure in"]),
        (r"failure in (?:\w+ )?rats", ["renal failure in old rats ("]),
        (r"renal.{1,2}in", ["a renal failure in old rats"]),
        (r"renal.{1,9}in", ["a renal failure in old rats (n = 6) after one"]),
        (r"renal.*", ["a renal failure in old rats (n = 6) after one dose."]),
        (r".*renal", ["There was a renal failure"]),
        (r"\(n = \d\)", ["rats (n = 6) after"]),
        (r"(?<=one )dose", ["after one dose."]),
        (r"one(?= dose)", ["after one dose."]),
        ("There", ["There was"]),
        ("renal injury", []),
    ],
)
def test_windows_are_as_wide_as_matches_can_be(source: str, cut: list[str]) -> None:
    text = "There was a renal failure in old rats (n = 6) after one dose. "
    texts = texts_of(text + FILLING)
    found = windows(texts, pieces_of(source))
    assert texts.signs.texts(found.start, found.end) == cut


def test_windows_that_overlap_are_one() -> None:
    texts = texts_of("It is dose by dose by dose and not one dose. " + FILLING)
    found = windows(texts, pieces_of("dose"))
    assert texts.signs.texts(found.start, found.end) == ["is dose by dose by dose and", "one dose."]
    first, last = found.first.tolist(), found.last.tolist()
    assert list(zip(first, last, strict=True)) == [(1, 8), (9, 12)]


def test_torn_sentences_are_searched_as_a_whole() -> None:
    texts = texts_of("It is 5mg a day. Then 0.5mg. " + FILLING)
    found = windows(texts, pieces_of("saw nothing"))
    assert texts.signs.texts(found.start, found.end) == ["Then 0.5mg."]


def test_what_has_no_pieces_is_looked_for_everywhere() -> None:
    texts = texts_of("One is. Two was.")
    found = windows(texts, pieces_of("..."))
    assert texts.signs.texts(found.start, found.end) == ["One is.", "Two was."]
