from biolabel.apply.norm.written_out import written_out
from biolabel.data.corpus import Corpus
from biolabel.kb.terms import build_terms
from biolabel.text.build import Abbreviation, Annotation
from tests.unit.apply.world import corpus, text_of

TEXT = "Tay-Sachs (TS) disease. TS disease. Some TS. Sachs disease TS."
SHORTS = tuple(Abbreviation(at, at + 2, 0, 9) for at in (11, 24, 41, 59))
NAMES = {"X:1": ("Tay-Sachs disease", "Tay", "Sachs"), "X:2": ("Sachs disease Tay",)}


def found(held: Corpus) -> list[str]:
    first, end, _ = written_out(held).find(build_terms(NAMES))
    return [text_of(held, *rows) for rows in zip(first.tolist(), end.tolist(), strict=True)]


def test_short_forms_are_written_out_and_definitions_left_out() -> None:
    held = corpus(TEXT, annotate=lambda _: Annotation((24, 36, 45), SHORTS))
    names = found(held)
    assert names.count("Tay-Sachs (TS) disease") == 1
    assert names.count("TS disease") == 1
    assert sorted(set(names)) == ["Sachs", "TS disease", "Tay", "Tay-Sachs (TS) disease"]


def test_sentences_keep_names_apart() -> None:
    held = corpus("A TS. disease", annotate=lambda _: Annotation((6,), (Abbreviation(2, 4, 0, 1),)))
    first, _, _ = written_out(held).find(build_terms({"X:1": ("a disease",)}))
    assert len(first) == 0


def test_a_text_without_short_forms_stays_as_it_is() -> None:
    held = corpus("Tay-Sachs disease", "Sachs")
    text = written_out(held)
    assert text.source.tolist() == text.first.tolist() == [0, 1, 2, 3]
    assert text.begins.tolist() == held.sentence_first_row.tolist()
    assert sorted(found(held)) == ["Sachs", "Sachs", "Tay", "Tay-Sachs disease"]
