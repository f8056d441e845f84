from pathlib import Path

import pytest

from biolabel.compile.mentioned import seen_tasks, types_in, voted_tasks
from biolabel.lang.load import load
from biolabel.lang.program import Program
from tests.unit.apply.world import compiled, plan_of

TASKS = """
entity late
  labels: Salt
entity early
  labels: Iron, Tin
entity other
  labels: Tin
relation r(x: Salt, y: Tin)
  labels: yes
  mentions: given
  when: any topic voted good
relation s(x: Salt, y: Salt)
  labels: yes
  mentions: late
document topic
  labels: good, bad
context near_tin
  cues_before: Tin
list l
  words: a
"""
RULES = """
rule k for late
  votes: Salt
  find: Iron "salt"
  when: span is near_tin
rule t for topic
  votes: good
  when: document has Salt
rule u for topic
  votes: bad
  when: any other voted Tin
"""


def program(folder: Path, rules: str) -> Program:
    path = folder / "x.rules"
    path.write_text(f"biolabel 1\n{rules}", encoding="utf-8")
    found = load(path).program
    assert found is not None
    return found


def test_types_are_named_by_patterns_conditions_and_contexts(tmp_path: Path) -> None:
    found = program(tmp_path, TASKS + RULES)
    assert types_in(found.rules["k"], found) == {"Iron", "Tin"}
    assert types_in(found.rules["u"], found) == frozenset()
    assert voted_tasks(found.rules["u"]) == ("other",)
    assert voted_tasks(found.relations["r"]) == ("topic",)


def test_tasks_see_the_mentions_that_they_name(tmp_path: Path) -> None:
    found = program(tmp_path, TASKS + RULES)
    assert seen_tasks("late", found, found.rules) == {"early", "other"}
    assert seen_tasks("topic", found, found.rules) == {"late"}
    assert seen_tasks("r", found, found.rules) == {"late", "early", "other"}
    assert seen_tasks("s", found, found.rules) == {"late"}


def test_tasks_come_behind_what_they_need_and_else_in_the_order_of_the_file(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, TASKS + RULES)
    order = ["early", "other", "late", "s", "topic", "r"]
    assert [task.task.name for task in plan.tasks] == order
    assert {task.task.name: task.sees for task in plan.tasks}["late"] == {"early", "other"}


@pytest.mark.parametrize(
    ("entities", "seen"),
    [
        ("entity e\n  labels: A\n", set()),
        ("entity e\n  labels: A, B\nentity f\n  labels: A\n", {"f"}),
    ],
)
def test_what_is_said_of_words_never_means_the_own_mentions(
    tmp_path: Path, entities: str, seen: set[str]
) -> None:
    rule = 'rule k for e\n  votes: A\n  find: [ent=A] "x"\n'
    found = compiled(tmp_path, entities + rule)
    assert found.plan is not None, found.diagnostics
    assert {t.task.name: t.sees for t in found.plan.tasks}["e"] == seen
