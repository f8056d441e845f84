"""Marked text of inline examples."""

import pytest

from biolabel.lang.examples import Mark, marked_text
from biolabel.lang.tree import Example


def test_marks_of_all_kinds() -> None:
    found = marked_text(
        Example(
            "{chemical=D006493: Heparin} and {other Chemical: morphine} in {25} µ-{disease:pain}"
        )
    )
    assert found.text == "Heparin and morphine in 25 µ-pain"
    assert found.marks == (
        Mark("argument", 0, 7, "chemical", "D006493"),
        Mark("other", 12, 20, "Chemical"),
        Mark("span", 24, 26),
        Mark("argument", 29, 33, "disease"),
    )
    assert found.flaws == ()


@pytest.mark.parametrize(
    ("mark", "name", "concept", "text"),
    [
        ("{chemical=MESH:D006493: Heparin}", "chemical", "MESH:D006493", "Heparin"),
        ("{chemical=MESH:D006493:Heparin}", "chemical", "MESH:D006493", "Heparin"),
        ("{ chemical : x}", "", "", " chemical : x"),
        ("{(5 mg/kg)}", "", "", "(5 mg/kg)"),
        ("{12:30}", "", "", "12:30"),
        ("{disease: a: b}", "disease", "", "a: b"),
    ],
)
def test_names_ids_and_plain_texts(mark: str, name: str, concept: str, text: str) -> None:
    found = marked_text(Example(mark))
    (only,) = found.marks
    assert (only.name, only.concept, found.text[only.start : only.end]) == (name, concept, text)


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("{chemical: x", ["{"]),
        ("x}", ["}"]),
        ("{a: {b: x}}", ["{", "}"]),
        ("{}", ["{}"]),
        ("{chemical: }", ["{chemical: }"]),
    ],
)
def test_bad_marks_say_where(text: str, flaws: list[str]) -> None:
    found = marked_text(Example(text))
    assert sorted(text[flaw.start : flaw.end] for flaw in found.flaws) == sorted(flaws)


def test_text_without_marks() -> None:
    assert marked_text(Example("nothing here")).marks == ()
    assert marked_text(Example("")).text == ""
