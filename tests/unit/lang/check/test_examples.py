"""Inline examples against their rules."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ("{chemical: a} {disease: b} {other Chemical: c}", []),
        ("{chemical=D1: a} {disease: b}", []),
        ("{chemical: a} b", [("BL503", None)]),
        ("a b", [("BL503", None), ("BL503", None)]),
        ("{chemical: a} {desease: b}", [("BL105", None), ("BL503", None)]),
        ("{chemical: a} {chemical: b} {disease: c}", [("BL502", None)]),
        ("{chemical: a} {disease: b} {other Gene: c}", [("BL114", None)]),
        ("{chemical: a} {disease: b", [("BL502", "{")]),
        ("{chemical: a} {disease: }", [("BL502", "{disease: }")]),
    ],
)
def test_examples_of_relations(
    findings: Find, example: str, expected: list[tuple[str, str | None]]
) -> None:
    text = f'rule r for cid\n  votes: causes\n  when: adjacent\n  rejects: "{example}"\n'
    whole = f'"{example}"'
    assert findings(text) == [(code, under or whole) for code, under in expected]


def test_examples_of_other_tasks_need_no_marks(findings: Find) -> None:
    assert findings('rule r for mentions\n  votes: none\n  find: "x"\n  matches: "an x"\n') == []
    assert (
        findings('rule r for topic\n  votes: other\n  when: title has "x"\n  matches: "x"\n') == []
    )


def test_bad_marks_behind_escapes_point_at_the_example(findings: Find) -> None:
    text = 'rule r for topic\n  votes: other\n  when: title has "x"\n  matches: "a \\"x\\" {"\n'
    assert findings(text) == [("BL502", '"a \\"x\\" {"')]


def test_conditions_and_patterns_have_examples_too(findings: Find) -> None:
    text = (
        'pattern p\n  is: "x"\n  matches: "{x"\n'
        'condition c for cid\n  is: sentence has p\n  matches: "{chemical: a}"\n'
        "rule r for cid\n  votes: causes\n  when: c\n"
    )
    assert [code for code, _ in findings(text)] == ["BL502", "BL503"]
