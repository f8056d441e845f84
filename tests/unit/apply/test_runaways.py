from pathlib import Path

import pytest

from biolabel.apply.engine import apply_task
from biolabel.apply.faults import Fault
from biolabel.apply.runaways import runaway_error
from biolabel.apply.searching import Runaway
from biolabel.lang import tree
from biolabel.lang.walk import nodes
from tests.unit.apply.world import TOPIC, corpus, holds, plan_of, world

HOSTILE = r"/(?<!q)a*a*a*a*a*b/"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.apply.searching.SECONDS", 0.2)


@pytest.mark.parametrize("pattern", [HOSTILE, f"[text={HOSTILE}]", f'"x" [lower={HOSTILE}]'])
def test_the_rule_is_lost_and_its_fault_names_rule_and_document(
    tmp_path: Path, pattern: str
) -> None:
    rules = f'{TOPIC}\nrule fine for t\n  votes: yes\n  when: document has "x"\n'
    rules += f"rule slow for t\n  votes: yes\n  when: document has {pattern}\n"
    plan = plan_of(tmp_path, rules)
    over = corpus("Short.", "Long " + "a" * 10_000 + "cb é.")
    faults: list[Fault] = []
    votes = apply_task(plan.tasks[0], world(plan, over).scene, {}, faults=faults)
    assert {votes.matrix.lfs[lf].name for lf in votes.matrix.lf.tolist()} <= {"fine"}
    (found,) = faults
    assert (found.rule, found.code, found.document) == ("slow", "BL315", "")
    assert "`slow`" in found.message
    assert "`fine`" not in found.message
    assert "document 1" in found.message


def test_the_error_shows_its_place(tmp_path: Path) -> None:
    rules = f"{TOPIC}\nrule slow for t\n  votes: yes\n  when: document has {HOSTILE}\n"
    plan = plan_of(tmp_path, rules)
    (asked,) = (node for node in nodes(plan.tasks[0].rules[0].when) if isinstance(node, tree.Regex))
    error = runaway_error(Runaway(asked, "aaa"), plan, corpus("Short.", "Long aaa."))
    (found,) = error.diagnostics
    source = error.files[found.span.file]
    assert source.text[found.span.start : found.span.end] == HOSTILE


def test_the_fast_engine_needs_no_limit(tmp_path: Path) -> None:
    texts = ["Long " + "a" * 10_000 + "c.", "Long aab."]
    assert holds(tmp_path, "document has /a*a*a*a*b/", *texts, task=TOPIC) == "-+"
    assert holds(tmp_path, "document has /.*.*.*.*q/", *texts, task=TOPIC) == "--"
