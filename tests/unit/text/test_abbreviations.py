"""Short forms are linked to the long forms that their document defines."""

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.text.build import Abbreviation, Annotate
from biolabel.text.pipeline import Pipeline, annotator


@pytest.fixture(scope="module")
def annotate() -> Annotate:
    return annotator(Pipeline(sentences="naive"))


def document(abstract: str, title: str = "") -> Document:
    passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
    return Document("1", passages)


def forms(document: Document, found: tuple[Abbreviation, ...]) -> list[tuple[str, str]]:
    return [
        (document.text[a.short_start : a.short_end], document.text[a.long_start : a.long_end])
        for a in found
    ]


def test_every_occurrence_of_a_short_form_is_linked(annotate: Annotate) -> None:
    text = "Acute renal failure (ARF) is rare. ARF-free rats had no arf, but pre-ARF CARF."
    given = document(text, title="A study of ARF")
    found = annotate(given).abbreviations
    assert forms(given, found) == [("ARF", "Acute renal failure")] * 4


def test_the_longest_short_form_wins(annotate: Annotate) -> None:
    text = "Nitric oxide (NO) and nitric oxide synthase (NO-S) differ: NO-S makes NO, NO-x not."
    shorts = [short for short, _ in forms(document(text), annotate(document(text)).abbreviations)]
    assert shorts == ["NO", "NO-S", "NO-S", "NO", "NO"]


def test_a_number_in_front_makes_another_name(annotate: Annotate) -> None:
    given = document("Hydroxyl toluene (HT) failed, 5-HT did not, and HT-2 was not tried.")
    found = annotate(given).abbreviations
    assert [given.text[a.short_end :][:3] for a in found] == [") f", "-2 "]


def test_the_first_definition_of_a_short_form_holds(annotate: Annotate) -> None:
    given = document("Mitral insufficiency (MI) and myocardial infarction (MI) differ. MI is bad.")
    assert forms(given, annotate(given).abbreviations) == [("MI", "Mitral insufficiency")] * 3


def test_parentheses_that_define_nothing(annotate: Annotate) -> None:
    given = document("(n) We saw it ( twice ) (see Table 2) (3 of 7 (42%) ( ) and ((x)) (")
    assert annotate(given).abbreviations == ()
