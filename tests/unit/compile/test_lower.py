from pathlib import Path

import pytest

from biolabel.compile.plan import Plan, RulePlan
from biolabel.data.labels import LabelingFunction, Task
from tests.unit.apply.world import PAIR, TOPIC, compiled, plan_of

ENTITY = "entity e\n  labels: A, B\n"
FOUND = PAIR.replace("given", "e")


def rules_of(plan: Plan) -> dict[str, RulePlan]:
    return {rule.lf.name: rule for task in plan.tasks for rule in task.rules}


def test_tasks_have_their_labels_and_none(tmp_path: Path) -> None:
    rules = (
        f"{ENTITY}{FOUND}{TOPIC}  pick: many\n"
        'rule x for e\n  votes: A\n  find: "a"\nrule y for r\n  votes: yes\n  when: adjacent\n'
        'rule z for t\n  votes: yes\n  when: title has "a"\n'
    )
    assert [task.task for task in plan_of(tmp_path, rules).tasks] == [
        Task("e", "entity", ("A", "B", "none")),
        Task("r", "relation", ("yes", "none")),
        Task("t", "document", ("yes", "other", "none"), exclusive=False),
    ]


def test_masks(tmp_path: Path) -> None:
    rules = (
        f'{ENTITY}rule a for e\n  votes: B\n  find: "a"\nrule b for e\n  votes: not B\n  find: "a"\n'
        'rule c for e\n  votes: one of (A, none)\n  find: "a"\n  else: none\n'
        'rule d for e\n  find: "a"\n  case: A when span has "a"\n  case: not A when span has "b"\n'
    ).replace("rule a", "rule k")
    found = rules_of(plan_of(tmp_path, rules))
    assert [found[name].mask for name in "kbcd"] == [2, 5, 5, 0]
    assert found["c"].otherwise == 4
    assert [case.mask for case in found["d"].cases] == [1, 6]


def test_rules_stand_behind_those_they_refer_to(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}rule x for r\n  votes: yes\n  when: y fires and z fires\n"
        "rule y for r\n  votes: yes\n  when: adjacent\n  unless: z fires\n"
        "rule z for r\n  votes: yes\n  when: same sentence\n"
        "rule draft for r\n  status: draft\n  votes: yes\n  when: same sentence\n"
        "rule never for r\n  status: off\n  votes: yes\n  when: same text\n"
    )
    (task,) = plan_of(tmp_path, rules).tasks
    names = [rule.lf.name for rule in task.rules]
    assert names.index("z") < names.index("y") < names.index("x")
    assert set(names) == {"x", "y", "z", "draft"}
    assert {rule.lf.name: rule.fires for rule in task.rules}["x"] == ("y", "z")


def test_rules_that_choose_the_candidates_are_behind_all_others(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}  when: k fires\nrule x for r\n  votes: yes\n  when: adjacent\n"
        "rule k for r\n  votes: yes\n  when: m fires\n"
        "rule m for r\n  votes: yes\n  when: distance < 3 words\n"
    )
    first = rules_of(plan_of(tmp_path, rules))
    assert list(first) == ["m", "k", "x"]
    second = rules_of(plan_of(tmp_path, rules.replace("< 3", "< 4")))
    assert all(first[name].fingerprint != second[name].fingerprint for name in first)


def test_tasks_stand_behind_those_they_use(tmp_path: Path) -> None:
    rules = (
        f"{TOPIC}rule k for t\n  votes: yes\n  when: any r voted yes\n"
        f"{FOUND}rule x for r\n  votes: yes\n  when: adjacent\n"
        f'{ENTITY}rule l for e\n  votes: A\n  find: "a"\n'
    )
    assert [task.task.name for task in plan_of(tmp_path, rules).tasks] == ["e", "r", "t"]


def test_groups_are_shared_sources(tmp_path: Path) -> None:
    rules = (
        f'{PAIR}kb k\n  from: catalog "k"\nontology o\n  from: catalog "o"\n'
        "condition known for r\n  is: pair in k\n"
        "rule x for r\n  votes: yes\n  when: known\n  group: mine, ours\n  precision: 75%\n"
        "rule y for r\n  votes: yes\n  when: sentence has o or a in o\n"
        "rule z for r\n  votes: none\n  when: not x fires\n"
        "rule w for r\n  votes: none\n  when: sentence has [text in o]\n"
    )
    found = {name: rule.lf for name, rule in rules_of(plan_of(tmp_path, rules)).items()}
    mine = frozenset({"group:mine", "group:ours", "kb:k", "rule:x"})
    assert found["x"] == LabelingFunction("x", 0.75, mine)
    assert found["y"].groups == found["w"].groups == {"ontology:o"}
    assert found["z"].groups == {"rule:x"}


def test_defaults_are_in_the_rules(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}defaults for r\n  precision: 0.6\n  group: g\n"
        "rule x for r\n  votes: yes\n  when: adjacent\n"
    )
    assert rules_of(plan_of(tmp_path, rules))["x"].lf == LabelingFunction(
        "x", 0.6, frozenset({"group:g"})
    )


def test_lists_are_written_out(tmp_path: Path) -> None:
    rules = (
        f"{PAIR}list l\n  words: a\n  include: m\nlist m\n  words: b\n"
        "rule x for r\n  votes: yes\n  when: sentence has l\n"
    )
    plan = plan_of(tmp_path, rules)
    assert (plan.lists["l"].words, plan.lists["l"].include) == (("a", "b"), ())


def test_a_missing_word_list_is_an_error_with_its_place(tmp_path: Path) -> None:
    rules = (
        f'{PAIR}list l\n  file: "words.txt"\nrule x for r\n  votes: yes\n  when: sentence has l\n'
    )
    found = compiled(tmp_path, rules)
    assert found.plan is None
    assert [(d.code, d.span.file) for d in found.diagnostics] == [
        ("BL708", str(tmp_path / "test.rules"))
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_no_rules_and_no_tasks(tmp_path: Path, count: int) -> None:
    rules = "".join(f"list l{i}\n  words: a\n" for i in range(count))
    assert plan_of(tmp_path, rules).tasks == ()
