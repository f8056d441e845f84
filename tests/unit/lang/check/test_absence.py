"""What a knowledge base lacks as evidence."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]
BASES = (
    'kb some\n  from: catalog "ctd"\n  pairs: Chemical -> Disease\n'
    'kb whole\n  from: catalog "ctd"\n  pairs: Chemical -> Disease\n  complete: yes\n'
)


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("pair in some", []),
        ("pair not in whole", []),
        ("pair not in some", ["pair not in some"]),
        ("not pair in some", ["pair in some"]),
        ("not (same sentence and pair in some)", ["pair in some"]),
        ("same sentence or pair not in some", ["pair not in some"]),
        ("none of (pair in some, same sentence)", ["pair in some"]),
        ("at least 1 of (pair in some, same sentence)", []),
        ("pair in some and pair not in some.marker", []),
    ],
)
def test_a_vote_by_absence_needs_a_complete_base(
    findings: Find, when: str, asked: list[str]
) -> None:
    found = findings(f"{BASES}rule r for cid\n  votes: causes\n  when: {when}\n")
    assert [text for code, text in found if code == "BL218"] == asked


def test_unless_may_ask_any_base(findings: Find) -> None:
    rule = "rule r for cid\n  votes: causes\n  when: same sentence\n  unless: pair not in some\n"
    assert [code for code, _ in findings(BASES + rule) if code == "BL218"] == []


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        ("listed", []),
        ("not listed", ["pair in some"]),
        ("none of (same sentence, again)", ["pair in some"]),
        ("not whole_one", []),
    ],
)
def test_a_named_condition_is_followed(findings: Find, when: str, asked: list[str]) -> None:
    named = (
        "condition listed for cid\n  is: pair in some\n"
        "condition again for cid\n  is: listed\n"
        "condition whole_one for cid\n  is: pair in whole\n"
    )
    found = findings(f"{BASES}{named}rule r for cid\n  votes: none\n  when: {when}\n")
    assert [text for code, text in found if code == "BL218"] == asked


def test_conditions_in_a_circle_end(findings: Find) -> None:
    circle = "condition a for cid\n  is: not b\ncondition b for cid\n  is: not a\n"
    found = findings(f"{BASES}{circle}rule r for cid\n  votes: none\n  when: not a\n")
    assert "BL218" not in [code for code, _ in found]
