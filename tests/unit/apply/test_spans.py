from pathlib import Path

import pytest

from biolabel.apply.knowledge import Knowledge
from tests.unit.apply.world import corpus, ontology, plan_of, votes_of, words_voted

KNOWLEDGE = Knowledge(
    {
        "drugs": ontology({"X:1": ["iron"], "X:2": ["iron salt"], "X:3": ["lead"]}, "A"),
        "ills": ontology({"Y:1": ["pain"], "Y:2": ["lead"]}, "B"),
    },
    {},
)
TASK = (
    "entity e\n  labels: A, B\n"
    'ontology drugs\n  from: catalog "x"\n  type: A\nontology ills\n  from: catalog "x"\n  type: B\n'
)


def voted(folder: Path, fields: str, *texts: str) -> list[str]:
    over = corpus(*texts)
    plan = plan_of(folder, f"{TASK}rule k for e\n  {fields}\n")
    return words_voted(over, votes_of(plan, over, "e", KNOWLEDGE)[1]["k"])


def test_the_longest_leftmost_spans_without_overlap(tmp_path: Path) -> None:
    over = corpus("a b c b c d")
    plan = plan_of(
        tmp_path, f'{TASK}rule k for e\n  votes: A\n  find: "a b" | "a b c" | "b c d" | "b c"\n'
    )
    votes, named = votes_of(plan, over, "e")
    assert words_voted(over, named["k"]) == [f"{word}:A" for word in "abcbcd"]
    assert votes.evidence.tolist() == [[0, 3]] * 3 + [[3, 6]] * 3
    assert votes.documents.tolist() == [0] * 6
    assert (votes.subjects, votes.objects) == ((), ())


@pytest.mark.parametrize(
    ("find", "words"),
    [
        ('keep("b") "c"', ["b:A"]),
        ('"a" keep([]) "c"', ["b:A"]),
        ('keep("b") "c" | "x"', ["b:A", "x:A"]),  # nothing kept: the whole option
        ('"a" ..3 keep("c")', ["c:A"]),
        ("/[bc] ./", ["b:A", "c:A", "c:A", "x:A"]),
        ('"c" in abstract', ["c:A"]),
        ('"x" in title', []),
        ('"x" in document', ["x:A"]),
    ],
)
def test_find(tmp_path: Path, find: str, words: list[str]) -> None:
    assert voted(tmp_path, f"votes: A\n  find: {find}", "a b c || c x") == words


def test_a_gap_at_the_border_of_a_span_ends_with_a_word(tmp_path: Path) -> None:
    rule = 'votes: A\n  find: "grade" ..1-2'
    assert voted(tmp_path, rule, "grade (2), x", "grade 2).") == [
        "grade:A", "(:A", "2:A", "):A", ",:A", "x:A", "grade:A", "2:A",
    ]  # fmt: skip
    rule = 'votes: A\n  find: ..1-1 "grade"'
    assert voted(tmp_path, rule, "(a) grade") == ["a:A", "):A", "grade:A"]


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ("sentence", ["c:A", "c:A", "c:A"]),
        ("abstract", ["c:A", "c:A"]),
        ("around span", ["c:A", "c:A", "c:A"]),
        ("span", ["c:A", "c:A", "c:A"]),
        ("section abstract", ["c:A", "c:A"]),
        ("section results", []),
    ],
)
def test_regions_of_find(tmp_path: Path, region: str, words: list[str]) -> None:
    assert voted(tmp_path, f'votes: A\n  find: "c" in {region}', "c a || b c. D c") == words


def test_spans_as_candidates(tmp_path: Path) -> None:
    rules = (
        TASK.replace("labels: A, B", "labels: A, B\n  unit: span\n  pick: many")
        + 'rule k for e\n  votes: A\n  find: "a b" | "d"\n'
        + 'rule l for e\n  votes: B\n  find: "b" | "a b"\n'
        + 'rule m for e\n  votes: B\n  find: "b"\n  else: none\n  when: before span has "x"\n'
    )
    over = corpus("a b c d", "x b")
    votes, named = votes_of(plan_of(tmp_path, rules), over, "e")
    assert votes.spans is not None
    assert votes.spans.tolist() == [[0, 2], [1, 2], [3, 4], [5, 6]]
    assert votes.documents.tolist() == [0, 0, 0, 1]
    assert named == {"k": {0: "A", 2: "A"}, "l": {0: "B", 3: "B"}, "m": {1: "none", 3: "B"}}
    assert not votes.matrix.task.exclusive
    assert votes.evidence.tolist() == votes.spans[votes.matrix.candidate].tolist()


def test_types_of_mentions_and_of_words(tmp_path: Path) -> None:
    rules = (
        "entity c\n  labels: C\n"
        + TASK.replace("labels: A, B", "labels: A, B, G")
        + "relation r(x: G, y: G)\n  labels: yes\n  mentions: given\n"
        + 'rule j for c\n  votes: C\n  find: "x"\n'
        + 'rule k for e\n  votes: A\n  find: C "salt"?\n'
        + "rule l for e\n  votes: found type\n  find: [text in drugs]+\n"
    )
    plan = plan_of(tmp_path, rules)
    assert [(t.task.name, sorted(t.sees)) for t in plan.tasks][:2] == [("c", []), ("e", ["c"])]
    over = corpus("{C: tin} salt, iron lead {C: zinc}")
    _, named = votes_of(plan, over, "e", KNOWLEDGE)
    assert words_voted(over, named["k"]) == ["tin:A", "salt:A", "zinc:A"]
    assert words_voted(over, named["l"]) == ["iron:A", "lead:A"]


def test_found_type_of_a_mention(tmp_path: Path) -> None:
    rules = (
        'entity c\n  labels: A\nrule j for c\n  votes: A\n  find: "x"\n'
        'entity e\n  labels: A, B\nrule k for e\n  votes: found type\n  find: A "salt"? | "y"\n'
    )
    over = corpus("{A: tin} salt y")
    _, named = votes_of(plan_of(tmp_path, rules), over, "e")
    assert words_voted(over, named["k"]) == ["tin:A", "salt:A"]


def test_found_type(tmp_path: Path) -> None:
    found = "votes: found type\n  find: drugs | ills"
    assert voted(tmp_path, found, "iron salt, pain and lead") == [
        "iron:A", "salt:A", "pain:B", "lead:A|B",
    ]  # fmt: skip
    longer = 'votes: found type\n  find: (drugs | ills) "acid"?'
    assert voted(tmp_path, longer, "iron acid and pain") == ["iron:A", "acid:A", "pain:B"]


def test_via_of_the_rule_and_of_the_ontology(tmp_path: Path) -> None:
    assert voted(tmp_path, "votes: B\n  find: ills", "pains") == []
    assert voted(tmp_path, "votes: B\n  find: ills via exact, plural", "pains") == ["pains:B"]


def test_when_and_unless_judge_the_span(tmp_path: Path) -> None:
    rule = 'votes: A\n  find: "iron" | "salt"\n  when: after span starts with "of"'
    assert voted(tmp_path, rule, "iron of salt") == ["iron:A"]
    rule = (
        'votes: A\n  find: "iron" | "salt"\n  unless: span has "iron"\n  unless: section is title'
    )
    assert voted(tmp_path, rule, "iron salt || salt iron") == ["salt:A"]


def test_cases_and_else(tmp_path: Path) -> None:
    rule = (
        'find: "iron" | "salt" | "lead" | "tin"\n  case: A when span has "iron"\n'
        '  case: B when span has "iron" | "salt"\n  case: not A when span has "lead"\n  else: none'
    )
    assert voted(tmp_path, rule, "iron salt lead tin") == [
        "iron:A", "salt:B", "lead:B|none", "tin:none",
    ]  # fmt: skip


def test_else_and_cases_with_the_found_type(tmp_path: Path) -> None:
    rule = 'find: drugs | ills\n  case: none when span has "pain"\n  else: found type'
    assert voted(tmp_path, rule, "pain, iron") == ["pain:none", "iron:A"]
    rule = 'find: drugs | ills\n  case: found type when after span starts with "x"'
    assert voted(tmp_path, rule, "iron x lead") == ["iron:A"]


def test_votes_for_several_labels(tmp_path: Path) -> None:
    assert voted(tmp_path, 'votes: one of (A, B)\n  find: "iron"', "iron") == ["iron:A|B"]
    assert voted(tmp_path, 'votes: not A\n  find: "iron"', "iron") == ["iron:B|none"]


def test_nothing_found(tmp_path: Path) -> None:
    assert voted(tmp_path, 'votes: A\n  find: "iron"\n  when: span has "x"', "tin", "") == []
