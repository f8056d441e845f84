from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from biolabel.apply import failing
from biolabel.apply.columns import Column
from biolabel.apply.conditions import Evaluator
from biolabel.apply.failing import failed_spans, lost_rule, tried, with_faults, without_failed
from biolabel.apply.faults import Failed
from biolabel.apply.said import Cases
from biolabel.apply.votes import RuleVotes
from biolabel.compile.plan import RulePlan, TaskPlan
from biolabel.errors import BiolabelError, Diagnostic, ModelError, RuleError, Span
from tests.unit.apply.world import PAIR, World, corpus, plan_of, world

ERROR = ModelError("BL852", "it failed")
RULES = f"{PAIR}\nrule x for r\n  votes: yes\n  when: same sentence\n"
TEXTS = ("{A=A:1: Zinc} made {B=B:1: rash}.", "{A=A:2: Tin}. {B=B:2: Gout}.")


def refused(code: str) -> RuleError:
    """Return an error of a rule file whose message is its code."""
    return RuleError([Diagnostic(code, "error", code, Span("x.rules", 0, 1))], {})


def here(folder: Path) -> tuple[World, TaskPlan, RulePlan]:
    found = world(plan_of(folder, RULES), corpus(*TEXTS))
    task = found.plan.tasks[-1]
    return found, task, task.rules[0]


def judged(folder: Path) -> tuple[World, RulePlan, Evaluator, Cases]:
    found, task, rule = here(folder)
    judge = found.judge()
    cases, _, failed = tried(rule, judge, task.task, {}, {})
    assert failed == Failed()
    return found, rule, judge, cases


def votes(found: World) -> RuleVotes:
    n = found.frame.n_candidates
    return RuleVotes(
        np.arange(n, dtype=np.int32), np.ones(n, dtype=np.int64), np.zeros((n, 2), dtype=np.int32)
    )


@pytest.mark.parametrize("error", [ERROR, refused("BL315")])
def test_a_rule_that_cannot_be_judged_is_unknown_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BiolabelError
) -> None:
    found, task, rule = here(tmp_path)
    monkeypatch.setattr(failing, "cases_of", Mock(side_effect=error))
    [(_, column)], models, failed = tried(rule, found.judge(), task.task, {}, {})
    assert failed.everywhere is error
    assert len(column.true) == len(found.frame)
    assert not column.true.any()
    assert not column.known.any()
    assert models == {}


def test_other_errors_of_rule_files_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, task, rule = here(tmp_path)
    monkeypatch.setattr(failing, "cases_of", Mock(side_effect=refused("BL300")))
    with pytest.raises(RuleError, match="BL300"):
        tried(rule, found.judge(), task.task, {}, {})


def test_votes_on_failed_candidates_become_faults(tmp_path: Path) -> None:
    found, rule, _, _ = judged(tmp_path)
    unknown = Column(np.array([True, False]), np.array([True, False]))
    failed = Failed({1: ERROR})
    kept = without_failed(
        rule, votes(found), failed, [(1, unknown)], found.scene.corpus, found.frame
    )
    assert kept.candidate.tolist() == [0]
    assert len(kept.mask) == len(kept.evidence) == 1
    [fault] = kept.faults
    assert (fault.rule, fault.task, fault.document, fault.code) == ("x", "r", "1", "BL852")
    assert fault.arguments == ("A:2", "B:2")


def test_votes_stay_where_nothing_failed(tmp_path: Path) -> None:
    found, rule, _, cases = judged(tmp_path)
    given = votes(found)
    assert without_failed(rule, given, Failed(), cases, found.scene.corpus, found.frame) is given
    assert with_faults(given, ()) is given


def test_entity_rules_that_fail_tell_the_document_or_none(tmp_path: Path) -> None:
    found, _, rule = here(tmp_path)
    [fault] = failed_spans(rule, found.scene.corpus, {1: ERROR})
    assert (fault.rule, fault.document, fault.message) == ("x", "1", "it failed")
    assert fault.text.startswith("Tin")
    lost = lost_rule(rule, ERROR)
    assert len(lost.candidate) == 0
    assert [(each.rule, each.document, each.code) for each in lost.faults] == [("x", "", "BL852")]
    assert with_faults(lost, [fault]).faults == (*lost.faults, fault)
