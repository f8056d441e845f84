from pathlib import Path

import pytest

from biolabel.apply.contexts import context_rows
from biolabel.apply.patterns import Matcher
from tests.unit.apply.world import (
    PAIR,
    TOPIC,
    corpus,
    holds,
    plan_of,
    text_of,
    votes_of,
    words_voted,
    world,
)


def scope(folder: Path, fields: str, *texts: str) -> list[str]:
    """Return the words in the scope of a context."""
    context = f"context c\n  {fields}\n"
    rule = "rule x for t\n  votes: yes\n  when: document has {}\n"
    plan = plan_of(folder, TOPIC + context + rule.format('"x"'))
    here = world(plan, corpus(*texts))
    rows = context_rows(Matcher(here.scene, here.frame), "c")
    assert here.scene.contexts["c", False] is rows
    return [text_of(here.scene.corpus, row, row + 1) for row in rows.nonzero()[0].tolist()]


@pytest.mark.parametrize(
    ("fields", "text", "words"),
    [
        ('cues_before: "no"', "a no b (c) d. E", ["b", "(", "c", ")", "d", "."]),
        ('cues_after: "absent"', "A. B, c absent d", ["B", ",", "c"]),
        ('cues_before: "no"\n  reach: 2 words', "no a (b) c", ["a", "(", "b"]),
        ('cues_after: "no"\n  reach: 2 words', "x y (a) b no", ["a", ")", "b"]),
        ('cues_before: "no"\n  reach: 9 words', "no a. B", ["a", "."]),
        ('cues_before: "no"\n  reach: 1 sentences', "no a. B", ["a", "."]),
        ('cues_before: "no"\n  stop_at: "but"', "but no a but b no c", ["a", "c"]),
        ('cues_after: "no"\n  stop_at: "but"', "a but b no c but no", ["b"]),
        ('cues_before: "no"\n  stop_at: /[;:]/', "no a; b", ["a"]),
        ('cues_before: "no"\n  pseudo: "no doubt"', "no doubt a. B no c", ["c"]),
        ('cues_after: "no"\n  pseudo: "if no"', "a if no b. C no", ["C"]),
        ('cues_before: "no" | "no no"', "no no a", ["no", "a"]),
        ('cues_before: "no"\n  cues_after: "not"', "a not b no c", ["a", "c"]),
    ],
)
def test_scopes(tmp_path: Path, fields: str, text: str, words: list[str]) -> None:
    assert scope(tmp_path, fields, text) == words


def test_scopes_end_with_the_document(tmp_path: Path) -> None:
    assert scope(tmp_path, 'cues_before: "no"', "a no", "b") == []
    assert scope(tmp_path, 'cues_after: "no"', "a", "no b") == []


def test_no_cue_at_all(tmp_path: Path) -> None:
    assert scope(tmp_path, 'cues_before: "no"\n  pseudo: "x"\n  stop_at: "y"', "a b") == []


@pytest.mark.parametrize(
    ("reach", "found"),
    [
        ("1 sentence", "long way"),
        ("2 sentences", "long way Yes e"),
        ("9 sentences", "long way Yes e F g"),
        ("1 word", "long"),
        ("4 characters", ""),
        ("5 characters", "long"),
    ],
)
def test_reach(tmp_path: Path, reach: str, found: str) -> None:
    rules = (
        f'entity e\n  labels: A\ncontext neg\n  cues_before: "no"\n  reach: {reach}\n'
        "rule x for e\n  votes: A\n  find: []\n  when: span is neg\n"
    )
    over = corpus("x no long way. Yes e. F g", "h")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e")
    said = " ".join(word.removesuffix(":A") for word in words_voted(over, votes["x"]))
    assert said == found


def test_reach_before_a_cue(tmp_path: Path) -> None:
    rules = (
        'entity e\n  labels: A\ncontext neg\n  cues_after: "no"\n  reach: 2 sentences\n'
        '  stop_at: "but"\nrule x for e\n  votes: A\n  find: []\n  when: span is neg\n'
    )
    over = corpus("a. B c. D no. E", "f but g. H no")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e")
    said = " ".join(word.removesuffix(":A") for word in words_voted(over, votes["x"]))
    assert said == "B c D g H"


DECLARED = 'context neg\n  cues_before: "no"\n  reach: 2 words\n'


def test_is(tmp_path: Path) -> None:
    text = "No {B=Y:1: big bang}, {A=X:1: tea}. No {A=X:1: tea} and {B=Y:2: fun}."
    assert holds(tmp_path, "b is neg", text, declared=DECLARED) == "+-"
    assert holds(tmp_path, "a is neg", text, declared=DECLARED) == "++"
    assert holds(tmp_path, "b is not neg", text, declared=DECLARED) == "-+"


def test_a_mention_is_in_scope_with_any_word(tmp_path: Path) -> None:
    text = "No {B=Y:1: big band bang} {A=X:1: tea}."
    assert holds(tmp_path, "b is neg", text, declared=DECLARED) == "+"
    assert holds(tmp_path, "a is neg", text, declared=DECLARED) == "-"


def test_applies_to(tmp_path: Path) -> None:
    text = "No {A=X:1: tea}, {B=Y:1: bang}."
    relation = PAIR.replace("given", "e").replace("b: B", "b: A | B")
    task = f"entity e\n  labels: A, B\n{relation}  order: text\n"
    only = f"{DECLARED}  applies_to: A\n"
    assert holds(tmp_path, "b is neg", text, declared=only, task=task) == "-"
    assert holds(tmp_path, "a is neg", text, declared=only, task=task) == "+"


def test_applies_to_the_spans_of_entity_rules(tmp_path: Path) -> None:
    rules = (
        f"entity e\n  labels: A, B\n{DECLARED}  applies_to: A\n"
        'rule k for e\n  votes: A\n  find: "tea" | "bang"\n  when: span is neg\n'
        'rule l for e\n  votes: B\n  find: "tea" | "bang"\n  when: span is neg\n'
    )
    over = corpus("no tea bang tea")
    _, votes = votes_of(plan_of(tmp_path, rules), over, "e")
    assert words_voted(over, votes["k"]) == ["tea:A", "bang:A"]
    assert votes["l"] == {}
