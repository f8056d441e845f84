from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.errors import RunError
from biolabel.evaluation.rules import analyze_rules
from biolabel.web.service.rules import conflicts, rule_detail, rule_rows
from biolabel.workflow.results import Results


def test_every_rule_has_a_row_with_estimate_and_precision(results: Results) -> None:
    rows = {row.name: row for row in rule_rows(results)}
    assert len(rows) == 10
    row = rows["said_to_cause"]
    assert (row.task, row.kind, row.labels) == ("cid", "relation", ("causes",))
    assert row.votes > 0
    assert row.estimated is not None
    assert row.estimated_low is not None
    assert row.estimated_high is not None
    assert row.estimated_low <= row.estimated <= row.estimated_high
    assert row.dev is not None
    assert row.judged > 0


def test_a_rule_with_its_text_and_company(results: Results) -> None:
    found = rule_detail(results, "apart")
    assert found.file == "tiny.rules"
    assert found.text.startswith("rule apart for cid\n")
    assert found.text.rstrip().endswith("precision: 0.7")
    assert sum(ballot.votes for ballot in found.ballots) == found.row.votes
    assert all(each.same + each.conflicts <= each.together for each in found.companions)
    assert "apart" not in {each.name for each in found.companions}


def planted(n_rules: int) -> Results:
    """Return results whose task has so many rules, those of the first half against the others."""
    task = Task("cid", "relation", ("causes", "none"))
    rng = np.random.default_rng(5)
    cast_votes = rng.random((300, n_rules)) < 0.2
    candidate, lf = (found.astype(np.int32) for found in np.nonzero(cast_votes))
    lfs = tuple(LabelingFunction(f"rule_{i}") for i in range(n_rules))
    mask = np.where(lf < n_rules // 2, 1, 2).astype(np.int64)
    analysis = analyze_rules(LabelMatrix(task, lfs, 300, candidate, lf.astype(np.int16), mask))
    part = SimpleNamespace(analyses={"cid": analysis})
    return cast(Results, SimpleNamespace(parts={"corpus": part}))


def test_conflicts_are_counted_from_both_sides() -> None:
    found = conflicts(planted(6), "cid")
    assert found.names == tuple(f"rule_{i}" for i in range(6))
    for i in range(6):
        for j in range(6):
            assert found.counts[i][j] == found.counts[j][i]
            apart = (i < 3) != (j < 3)
            assert found.counts[i][j] == (found.together[i][j] if apart else 0)
    votes = [rule.votes for rule in planted(6).parts["corpus"].analyses["cid"].rules]
    assert found.cells[0][5] == found.counts[0][5] / votes[0] > 0


def test_of_very_many_rules_those_with_most_conflicts_are_shown() -> None:
    found = conflicts(planted(500), "cid")
    assert (len(found.names), found.hidden) == (40, 460)


def test_rules_that_agree_have_no_conflicts(results: Results) -> None:
    assert conflicts(results, "cid").names == ()


def test_names_that_are_not_there_are_told(results: Results) -> None:
    with pytest.raises(RunError, match="no rule called `aprt`") as caught:
        rule_detail(results, "aprt")
    assert caught.value.code == "BL922"
    assert "apart" in caught.value.hint
    with pytest.raises(RunError, match="no task called `dic`"):
        conflicts(results, "dic")
