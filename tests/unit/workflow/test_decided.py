import numpy as np
import pytest

from biolabel.curation.gold import GoldRow
from biolabel.evaluation.metrics import Score
from biolabel.workflow.bench import Bench
from biolabel.workflow.decided import (
    decided_scores,
    decided_thresholds,
    learned_from_decisions,
    tasks_of,
)
from biolabel.workflow.results import Results, open_results
from biolabel.workflow.run import run


@pytest.fixture(scope="module")
def results(bench: Bench) -> Results:
    run(bench)
    return open_results(bench.job.workspace)


def relations(results: Results, system: str) -> list[tuple[str, str, str]]:
    found = results.parts["corpus"].predictions[system].values()
    return [(d.id, r.subject, r.object) for d in found for r in d.relations]


def test_systems_are_held_against_decisions(results: Results) -> None:
    said = relations(results, "fused")
    rows = [GoldRow("cid", *said[0], "causes"), GoldRow("cid", *said[1], "none")]
    rows += [GoldRow("cid", said[0][0], "X:never", "Y:said", "causes")]
    rows += [GoldRow("cid", "elsewhere", *said[0][1:], "causes")]
    found = {each.system: each for each in decided_scores(results, rows)}
    assert list(found) == ["majority", "label_model", "end_model", "fused"]
    assert found["fused"].pairs == 3
    assert found["fused"].score == Score(1, 1, 1)
    for system, each in found.items():
        named = set(relations(results, system))
        assert each.score.tp == (said[0] in named)
        assert each.score.fp == (said[1] in named)


def test_nothing_decided(results: Results) -> None:
    assert decided_scores(results, []) == ()
    assert decided_thresholds(results, []) == ()
    assert tasks_of(results)["cid"].kind == "relation"
    assert not learned_from_decisions(results)


def test_thresholds_need_decisions_of_both_kinds(results: Results) -> None:
    votes = results.parts["corpus"].own.votes["cid"]
    bit = votes.matrix.task.labels.index("causes")
    fused = results.parts["corpus"].probabilities("fused")["cid"][:, bit]
    ids = results.parts["corpus"].corpus.ids
    surest = np.argsort(-fused, kind="stable")
    rows = [
        GoldRow(
            "cid",
            ids[votes.documents[i]],
            votes.subjects[i],
            votes.objects[i],
            "causes" if place < 3 else "none",
        )
        for place, i in enumerate(surest[:7].tolist())
    ]
    (found,) = decided_thresholds(results, rows, least=3)
    assert (found.task, found.label, found.accepted, found.rejected) == ("cid", "causes", 3, 4)
    assert found.before == pytest.approx(6 / 10)
    assert found.f1 >= found.before
    assert fused[surest[6]] <= found.threshold <= fused[surest[0]]
    assert decided_thresholds(results, rows, least=4) == ()
