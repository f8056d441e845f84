from pathlib import Path

import pytest

from biolabel.lang import tree
from tests.unit.apply.world import PAIR, TOPIC, compiled

ENTITY = "entity e\n  labels: A, B\nentity q\n  labels: Q\n"
TRIPLE = PAIR.replace("b: B", "b: B, c: C")
RELATION_RULE = "rule x for r\n  votes: yes\n  when: {}\n"
TOPIC_RULE = "rule x for t\n  votes: yes\n  when: {}\n"


def said(folder: Path, rules: str) -> list[tuple[str, str]]:
    """Return code and message of what the compiler says."""
    found = compiled(folder, rules)
    assert (found.plan is None) is any(d.severity == "error" for d in found.diagnostics)
    return [(d.code, d.message) for d in found.diagnostics]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ('between has "x"', "BL204"),
        ("adjacent", "BL204"),
        ("distance < 3 words", "BL204"),
        ('sentence has {a} "x" {b} both ways', "BL204"),
        ("pair in k", "BL204"),
        ("not (same sentence and at least 1 of (same text, adjacent))", "BL204"),
        ("distance(a, c) < 3 words", ""),
        ("pair(a, c) in k", ""),
        ("another A closer to b", ""),
        ("same sentence and shared_sentences > 0 and sentences_apart = 0", ""),
    ],
)
def test_more_than_two_arguments(tmp_path: Path, condition: str, code: str) -> None:
    kb = 'kb k\n  from: catalog "k"\n'
    found = said(tmp_path, TRIPLE + kb + RELATION_RULE.format(condition))
    assert [c for c, _ in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (TOPIC_RULE.format("meta mesh has A"), "BL232"),
        (TOPIC_RULE.format("count(p) in meta mesh > 1") + 'pattern p\n  is: "x" A\n', "BL232"),
        (TOPIC_RULE.format('meta mesh has "x"'), ""),
        (TOPIC_RULE.format("section is title"), ""),
        ('rule x for e\n  votes: A\n  find: "a" in meta mesh\n', "BL232"),
        ('rule x for e\n  votes: A\n  find: "a" in before span\n', "BL210"),
        ('rule x for e\n  votes: A\n  find: "a" in around span\n', ""),
        ('rule x for e\n  votes: A\n  find: "a"\n  when: span is most_mentioned\n', "BL231"),
        ('rule x for e\n  votes: A\n  find: A "a"\n', "BL107"),
        ("rule x for e\n  votes: A\n  find: \"a\"\n  when: span is c\ncontext c\n  cues_before: A\n",
         "BL107"),
        ("rule x for e\n  votes: found type\n  find: l\nlist l\n  words: a\n", "BL233"),
        ('rule x for e\n  votes: found type\n  find: [text in o]+\nontology o\n  from: catalog "o"\n'
         "  type: A\n", ""),
    ],
)  # fmt: skip
def test_kinds_of_tasks(tmp_path: Path, rule: str, code: str) -> None:
    found = said(tmp_path, ENTITY + TOPIC + rule)
    assert [c for c, _ in found] == ([code] if code else []), found


def test_tasks_that_need_each_other(tmp_path: Path) -> None:
    rules = (
        "entity e\n  labels: A\nentity f\n  labels: B\n"
        'rule x for e\n  votes: A\n  find: B "x"\nrule y for f\n  votes: B\n  find: A "x"\n'
    )
    (found,) = said(tmp_path, rules)
    assert found[0] == "BL107"
    assert "each other" in found[1]


def test_what_no_active_rule_uses_is_no_problem(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}{RELATION_RULE.format('adjacent')}condition c for r\n  is: meta m has A\n"
        "rule y for r\n  status: off\n  votes: yes\n  when: c\n"
    )
    assert said(tmp_path, rules) == []


def test_what_is_used_twice_is_said_once(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}condition c for r\n  is: meta m has A\n"
        "rule y for r\n  votes: yes\n  when: c\nrule z for r\n  votes: yes\n  when: not c\n"
    )
    found = compiled(tmp_path, rules)
    assert len(found.diagnostics) == 1
    text = (tmp_path / "test.rules").read_text()
    span = found.diagnostics[0].span
    assert text[span.start : span.end] == "A"


WRITTEN_OUT = {"CondRef", "Macro", "ConditionDecl", "PatternDecl"}
BEFORE_THE_COMPILER = {
    "FileTree", "ImportDecl", "PipelineDecl", "ProjectDecl", "DefaultsDecl", "Example", "Tests",
    "Meta", "Decl", "Declaration", "Node", "Name", "NOWHERE",
}  # fmt: skip
ALIASES = {
    "Bound", "CasePolicy", "Condition", "ConstraintExpr", "Operator", "Pattern", "Pick", "RegionKind",
    "Status", "TokenTest", "Unit", "Value", "Argument", "Case", "Vote",
}  # fmt: skip
EXECUTED = {
    "Adjacent", "Alt", "And", "Arg", "Borders", "Closer", "Compare", "ConstraintAnd",
    "ConstraintDecl", "ConstraintOr", "ConstraintTerm", "ContextDecl", "Count", "CountOf", "Distance",
    "DocumentDecl", "Edge", "EntityDecl", "Evidence", "Exact", "Expand", "FindModel", "FindPattern",
    "Fires", "Gap", "Has", "InKb", "Is", "KOf", "KbDecl", "Keep", "ListDecl", "Measure", "Member",
    "MetaValue", "ModelDecl", "ModelSays", "Not", "OntologyDecl", "Or", "Order", "PathLike", "Phrase",
    "Python", "Quantity", "Ref", "Regex", "Region", "RelationDecl", "Repeat", "RuleDecl", "RuleVotes",
    "Same", "Scope", "Score", "SectionDecl", "SectionIs", "Seq", "Source", "Token", "TokenAll",
    "TokenAny", "TokenFlag", "TokenIn", "TokenIs", "TokenNot", "Via", "Voted", "Where", "Window",
}  # fmt: skip


def test_every_kind_of_node_is_executed() -> None:
    """A new node has to be put into one of the sets, and so be thought of."""
    sets = (WRITTEN_OUT, BEFORE_THE_COMPILER, ALIASES, EXECUTED)
    assert set().union(*sets) == set(tree.__all__)
    assert sum(map(len, sets)) == len(tree.__all__)
