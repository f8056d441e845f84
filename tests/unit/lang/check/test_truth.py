"""Conditions and votes whose outcome is known before any text is read."""

from collections.abc import Callable

import pytest

Findings = Callable[[str], list[tuple[str, str]]]
EXAMPLE = '  matches: "{chemical: a} {disease: b}"\n'


def rule(when: str, votes: str = "causes", name: str = "r", more: str = "") -> str:
    return f"rule {name} for cid\n  votes: {votes}\n  when: {when}\n{more}{EXAMPLE}"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("at least 2 of (adjacent, same text)", []),
        ("at least 3 of (adjacent, same text)", ["at least 3 of (adjacent, same text)"]),
        ("at least 0 of (adjacent, same text)", ["at least 0 of (adjacent, same text)"]),
        ("at most 2 of (adjacent, same text)", ["at most 2 of (adjacent, same text)"]),
        ("at most 1 of (adjacent, same text)", []),
        ('sentence has at least 0 "x"', ["at least 0"]),
        ('sentence has at most 0 "x"', []),
        ('before disease within 0 words has "x"', ["within 0 words"]),
        ("distance < 0 words", ["distance < 0 words"]),
        ("distance >= 0 words", ["distance >= 0 words"]),
        ("distance = 0 words", []),
        ("meta year < 0", []),
        ('count("x") > count("x")', ['count("x") > count("x")']),
        ('count("x") > count("y")', []),
        ("adjacent and same text and adjacent", ["adjacent"]),
        ("adjacent or (adjacent and same text)", []),
    ],
)  # fmt: skip
def test_conditions(findings: Findings, condition: str, expected: list[str]) -> None:
    assert findings(rule(condition)) == [("BL210", text) for text in expected]


def test_paths_need_a_step(findings: Findings) -> None:
    parser = 'pipeline\n  parser: spacy "en_core_web_sm"\n'
    path = "path like {chemical} {disease}"
    assert findings(parser + rule(path)) == [("BL210", path)]


def test_rules_that_never_fire_or_vote_so(findings: Findings) -> None:
    off = rule("adjacent", name="a", more="  status: off\n")
    assert findings(off + rule("a fires")) == [("BL210", "a fires")]
    assert findings(rule("adjacent", name="a") + rule("a votes none")) == [
        ("BL210", "a votes none")
    ]
    for votes in ("causes", "one of (causes, none)", "not none"):
        found = findings(rule("adjacent", votes, name="a") + rule("a votes causes"))
        assert [code for code, _ in found if code == "BL210"] == []


def test_contexts_of_other_types(findings: Findings) -> None:
    context = 'context negated\n  cues_before: "no"\n  applies_to: Disease\n'
    assert findings(context + rule("disease is negated")) == []
    assert findings(context + rule("chemical is negated")) == [("BL215", "chemical is negated")]


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("causes", []), ("not causes", []), ("one of (causes, none)", ["one of (causes, none)"]),
        ("causes\n  else: none", []), ("causes\n  else: causes", ["causes"]),
    ],
)  # fmt: skip
def test_votes(findings: Findings, votes: str, expected: list[str]) -> None:
    assert findings(rule("adjacent", votes)) == [("BL216", text) for text in expected]


def test_not_none_where_several_labels_may_hold(findings: Findings) -> None:
    organs = "document organs\n  labels: heart, {}\n  pick: many\n"
    voted = 'rule r for organs\n  votes: not none\n  when: title has "x"\n  matches: "x"\n'
    assert findings(organs.format("brain") + voted) == [("BL216", "not none")]
    assert findings(organs.format("none") + voted) == []
    assert findings(organs.format("brain").replace("many", "one") + voted)[0][0] == "BL110"
