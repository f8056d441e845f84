from pathlib import Path

import pytest

from biolabel.compile.plan import Compiled
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from tests.unit.apply.world import PAIR, TOPIC, compiled, plan_of

RULES = (
    f"{PAIR}{TOPIC}rule x for r\n  votes: yes\n  when: adjacent\n"
    'rule y for t\n  votes: yes\n  when: title has "a"\n'
)


def test_a_plan_cannot_be_changed(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, RULES)
    with pytest.raises(AttributeError):
        plan.tasks = ()  # type: ignore[misc]


def test_a_plan_or_the_reasons_against_it(tmp_path: Path) -> None:
    assert isinstance(compiled(tmp_path, RULES), Compiled)
    assert compiled(tmp_path, RULES).diagnostics == ()
    bad = compiled(tmp_path, RULES.replace("title has", "meta a has A |"))
    assert (bad.plan, bad.diagnostics[0].code) == (None, "BL232")


def test_plans_hold_no_names_that_are_written_out(tmp_path: Path) -> None:
    declared = 'condition c for r\n  is: sentence has p\npattern p\n  is: "x"\n'
    plan = plan_of(tmp_path, RULES.replace("adjacent", "c and adjacent") + declared)
    for task in plan.tasks:
        for rule in task.rules:
            for node in nodes((rule.when, rule.unless, *(case.when for case in rule.cases))):
                assert not isinstance(node, tree.CondRef | tree.Macro)
    assert plan.types == frozenset()
