import numpy as np

from biolabel.apply.sentences import SentenceTexts, lines_of, sentence_texts
from biolabel.apply.vocabulary import Vocabulary
from tests.unit.apply.world import corpus, document


def texts_of(*texts: str) -> SentenceTexts:
    found = corpus(*map(document, texts))
    return sentence_texts(found, Vocabulary(found.forms, found.row_form))


def test_sentences_are_texts_without_the_blanks_around_them() -> None:
    found = texts_of("One is.  Two was. || Three.", "Four")
    assert found.sentences.to_pylist() == ["One is.", "Two was.", "Three.", "Four"]


def test_places_are_code_points_of_all_documents_as_one_text() -> None:
    texts = ["Ärzte sagen β. Dann β1. || Ja.", "Nein. Oder δ-x?"]
    found = texts_of(*texts)
    whole = "".join(found.corpus.texts)
    for place, text in zip(found.places.tolist(), found.sentences.to_pylist(), strict=True):
        assert whole[place : place + len(text)] == text
    rows = zip(found.row_starts.tolist(), found.row_ends.tolist(), strict=True)
    forms = [found.corpus.forms[form] for form in found.corpus.row_form]
    assert [whole[start:end] for start, end in rows] == forms


def test_sentences_with_other_signs_than_ascii_are_not_plain() -> None:
    found = texts_of("All is plain. Then β. Now \x1c it. End.")
    assert found.sentences.to_pylist()[1] == "Then β."
    assert found.plain.tolist() == [True, False, False, True]


def test_lines() -> None:
    found = texts_of("One is. Two was. Three.")
    lines = lines_of(found.sentences, np.array([0, 2]))
    assert lines.texts.to_pylist() == ["One is.", "Three."]
    assert lines.numbers.tolist() == [0, 2]


def test_the_longest_of_the_rest_come_first() -> None:
    found = texts_of("Aβ. Plain it is. Much longer β. Longer β.")
    everywhere = found.everywhere
    assert everywhere.lines.texts.to_pylist() == ["Plain it is."]
    assert [number for number, _ in everywhere.strings] == [2, 3, 0]
    chosen = np.array([True, True, False, False])
    assert found.part(chosen).lines.numbers.tolist() == [1]
    assert found.part(chosen).strings == [(0, "Aβ.")]


def test_most_sentences_are_searched_as_all() -> None:
    found = texts_of("One is. Two was. Three.")
    assert found.part(np.array([True, True, False])).lines is found.everywhere.lines


def test_words_that_are_several_rows_tear_a_sentence() -> None:
    found = texts_of("It is 0.5mg there. It is 0.5 mg there. Five ml.")
    assert found.torn.tolist() == [True, False, False]
    assert found.torn_part.lines.texts.to_pylist() == ["It is 0.5mg there."]


def test_different_words() -> None:
    found = texts_of("The β cell and the β1 cell.")
    text, numbers, starts = found.form_lines
    assert set(text[0].as_py().split("\n")) == {"The", "cell", "and", "the", "."}
    assert [text[0].as_py()[start:].split("\n")[0] for start in starts[:-1].tolist()] == [
        found.forms.entries[number] for number in numbers.tolist()
    ]
    assert {text for _, text in found.other_forms} == {"β", "β1"}
    entries = found.forms.entries
    assert all(entries[number] == text for number, text in found.other_forms)


def test_no_documents_with_text() -> None:
    found = texts_of("")
    assert len(found.sentences) == 0
    assert found.everywhere.strings == []


def test_other_signs_have_stand_ins() -> None:
    found = texts_of("A\xa0β is ± 1. Plain it is. K\u212a ٣.")
    lines, strings = found.standing.lines, found.standing.strings
    assert lines.texts.to_pylist() == ["Plain it is.", "A\t_ is \x01 1."]
    assert lines.numbers.tolist() == [1, 0]
    assert strings == [(2, "K\u212a ٣.")]
    part = found.part(np.array([True, False, True]), standing=True)
    assert part.lines.texts.to_pylist() == ["A\t_ is \x01 1."]


def test_signs_that_mark_matches_are_no_plain_text() -> None:
    found = texts_of("A \x02 b. Then c.")
    assert found.plain.tolist() == [False, True]
    assert "\x02" in {text for _, text in found.other_forms}
