import pytest

from biolabel.apply.asked import entries_with, is_quick
from biolabel.apply.pieces import Piece
from biolabel.apply.sentences import SentenceTexts, sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from tests.unit.apply.world import corpus


@pytest.fixture(scope="module")
def texts() -> SentenceTexts:
    over = corpus("The dose of β-blockers ± 5.5 mg, K\u212a doses (β1 or β-2), énorme.")
    return sentence_texts(over, Vocabulary(over.forms, over.row_form))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\bdose\b", ["dose"]),
        ("dose", ["dose", "doses"]),
        (r"\d\b", ["5.5", "β1", "2"]),
        ("β", ["β", "β1"]),
        (r"(?:\+|±)", ["±"]),
        (r"(?:[\d]){1,}", ["5.5", "K\u212a", "β1", "2"]),
        (r"(?:[a-o]){5,}", ["blockers", "K\u212a"]),
        (r"(?:blo|ose)", ["dose", "blockers", "doses"]),
        (r"orme\b", ["énorme"]),
        (r"k", ["blockers"]),
        (r"(?i)k", ["blockers", "K\u212a"]),
        (r"é|K", ["K\u212a", "énorme"]),
        (r"(?i)É", ["énorme"]),
    ],
)
def test_different_words_with_a_piece(texts: SentenceTexts, source: str, words: list[str]) -> None:
    found = entries_with(texts, Piece(source, 1))
    if source == r"(?i)É":  # which google-re2 does not fold: every word may have it
        assert len(found) == len(texts.forms.entries)
        return
    assert [texts.forms.entries[number] for number in found] == words


def test_pieces_are_asked_once() -> None:
    over = corpus("A dose.")
    texts = sentence_texts(over, Vocabulary(over.forms, over.row_form))
    piece = Piece("[ds]o", 2)
    found = entries_with(texts, piece)
    assert entries_with(texts, piece) is found


def test_words_need_no_search() -> None:
    assert is_quick(Piece(r"\bdose\b", 4))
    assert not is_quick(Piece("dose", 4))
