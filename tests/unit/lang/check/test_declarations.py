"""Single declarations: names, needed fields, types."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list title\n  words: a\n", [("BL010", "title")]),
        ("pattern p(verb, not_a, has)\n  is: verb\n", [("BL010", "has")]),
        ("document d\n  labels: good, with\n", [("BL010", "with")]),
        ("document d\n  labels: none, good\n", []),
        (f"document d\n  labels: {', '.join(f'k{i}' for i in range(62))}\n", []),
        (f"document d\n  labels: {', '.join(f'k{i}' for i in range(63))}\n", [("BL219", "d")]),
        (
            f"relation r(a: Chemical, b: Disease)\n  labels: {', '.join(f'k{i}' for i in range(62))}\n",
            [("BL219", "r")],
        ),
        ("list a.b\n  words: x\n", [("BL010", "a.b")]),
        ('context only_one\n  cues_before: "x"\n', [("BL010", "only_one")]),
        ("list plural\n  words: x\n", []),
        ("pattern p(a, a)\n  is: a\n", [("BL102", "a")]),
        ("list l\n", [("BL207", "l")]),
        ('ontology o\n  add: "x" = "D1"\n', []),
        ("ontology o\n  type: Chemical\n", [("BL207", "o")]),
        ("model m\n", [("BL207", "m")]),
        ("section s\n", [("BL207", "s")]),
        ('context c\n  pseudo: "x"\n', [("BL207", "c")]),
        ("condition c for cid\n", [("BL207", "c")]),
        ("constraint c\n  if: topic is adverse\n", [("BL207", "c")]),
        ("constraint c\n  then: topic is adverse\n", [("BL207", "c")]),
        ("constraint c\n  never: topic is adverse\n", []),
        ("constraint c\n  if: topic is other\n  never: topic is adverse\n", [("BL211", "c")]),
        ('ontology Disease\n  add: "x" = "D1"\n', [("BL102", "Disease")]),
        ('context c\n  cues_before: "x"\n  applies_to: Disease, Gene\n', [("BL114", "Gene")]),
    ],
)
def test_declarations(findings: Find, text: str, expected: list[tuple[str, str]]) -> None:
    assert findings(text) == expected


def test_argument_types_are_labels_of_the_entity_task_that_is_meant(findings: Find) -> None:
    text = "entity genes\n  labels: Gene\nrelation r(a: Gene, b: Chemical)\n  labels: x\n  mentions: genes\n"
    assert ("BL114", "Chemical") in findings(text)
    given = "relation r(a: Protein, b: Cell)\n  labels: x\n  mentions: given\n"
    assert findings(given) == []
