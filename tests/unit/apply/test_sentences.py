import numpy as np

from biolabel.apply.sentences import SentenceTexts, holding, sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from tests.unit.apply.world import corpus, document


def texts_of(*texts: str) -> SentenceTexts:
    found = corpus(*map(document, texts))
    return sentence_texts(found, Vocabulary(found.forms, found.row_form))


def written(found: SentenceTexts) -> list[str]:
    return found.signs.texts(found.places, found.ends)


def test_sentences_are_texts_without_the_blanks_around_them() -> None:
    found = texts_of("One is.  Two was. || Three.", "Four")
    assert written(found) == ["One is.", "Two was.", "Three.", "Four"]


def test_places_are_signs_of_all_documents_as_one_text() -> None:
    texts = ["Ärzte sagen β. Dann β1. || Ja.", "Nein. Oder δ-x?"]
    found = texts_of(*texts)
    assert written(found) == ["Ärzte sagen β.", "Dann β1.", "Ja.", "Nein.", "Oder δ-x?"]
    shift = found.shift[found.corpus.row_sentence]
    rows = found.signs.texts(shift + found.corpus.row_start, shift + found.corpus.row_end)
    assert rows == [found.corpus.forms[form] for form in found.corpus.row_form]


def test_sentences_with_other_signs_than_ascii_are_not_plain() -> None:
    found = texts_of("All is plain. Then β. Now \x1c it. End.")
    assert written(found)[1] == "Then β."
    assert found.plain.tolist() == [True, False, False, True]


def test_signs_that_nothing_stands_for_are_never_read_alike() -> None:
    found = texts_of("A\xa0β is ± 1. Plain it is. K\u212a ٣.")
    assert found.plain.tolist() == [False, True, False]
    assert found.alike.tolist() == [True, True, False]


def test_signs_that_mark_matches_are_no_plain_text() -> None:
    found = texts_of("A \x02 b. Then c.")
    assert found.plain.tolist() == [False, True]
    assert [found.forms.entries[i] for i in np.flatnonzero(found.lines.odd)] == ["\x02"]


def test_words_that_are_several_rows_tear_a_sentence() -> None:
    found = texts_of("It is 0.5mg there. It is 0.5 mg there. Five ml. O\u02bcHara.")
    assert found.torn.tolist() == [True, False, False, True]


def test_different_words() -> None:
    found = texts_of("The β cell and the β1 cell, K\u212a.")
    lines = found.lines
    assert tuple(lines.signs.texts(lines.starts, lines.ends)) == found.forms.entries
    assert {found.forms.entries[i] for i in np.flatnonzero(lines.odd)} == {"β", "β1", "K\u212a"}
    assert {found.forms.entries[i] for i in np.flatnonzero(lines.singular)} == {"K\u212a"}
    assert lines.text[0].as_py().split("\n")[1] == "_"


def test_no_documents_with_text() -> None:
    found = texts_of("")
    assert written(found) == []
    assert found.torn.tolist() == found.plain.tolist() == []


def test_which_stretches_hold_a_place() -> None:
    starts, ends = np.array([0, 5, 9]), np.array([3, 8, 9])
    assert holding(np.array([3, 4, 5, 20]), starts, ends).tolist() == [False, True, False]
    assert holding(np.array([0, 7]), starts, ends).tolist() == [True, True, False]
