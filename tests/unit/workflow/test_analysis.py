import json
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.workflow.analysis import analyses_values, task_of, whole_analyses
from biolabel.workflow.bench import Bench


def test_slices_only_if_asked_for(bench: Bench) -> None:
    plain, whole = whole_analyses(bench, "dev"), whole_analyses(bench, "dev", 2)
    assert [each.matrix for each in plain] == [each.matrix for each in whole]
    assert all(each.uncovered is None for each in plain)
    slices = [each.uncovered for each in whole]
    assert all(found is not None and len(found.samples) <= 2 for found in slices)
    assert whole_analyses(bench, "dev", 2) == whole


def test_slices_count_what_the_analysis_counts(bench: Bench) -> None:
    for each in whole_analyses(bench, "dev", 0):
        assert each.uncovered is not None
        for facet in each.uncovered.facets:
            if facet.name == "gold label":
                gold = each.matrix.gold
                assert gold is not None
                assert sum(share.positive for share in facet.shares) == gold.positive
                assert sum(share.missed for share in facet.shares) == gold.uncovered
            if facet.name == "section":
                assert sum(s.uncovered for s in facet.shares) == each.matrix.uncovered


def test_the_task_of_one_rule(bench: Bench) -> None:
    assert task_of(bench.plan, "said_to_cause") == "cid"
    with pytest.raises(RunError) as raised:
        task_of(bench.plan, "zzzz")
    assert raised.value.code == "BL922"
    assert raised.value.hint.startswith("nearest of ")


@pytest.mark.parametrize("name", ["mentions", "cid", "topic"])
def test_one_task_is_analyzed_as_among_all(bench: Bench, name: str) -> None:
    for which in ("corpus", "dev"):
        whole = {each.matrix.task: each for each in whole_analyses(bench, which, 2)}
        assert whole_analyses(bench, which, 2, name) == (whole[name],)


def test_entity_rules_alone_fit_nothing(
    tmp_path: Path, tiny_task: Path, open_bench: Callable[..., Bench]
) -> None:
    alone = open_bench(tiny_task, tmp_path / "workspace")
    whole_analyses(alone, "corpus", task="mentions")
    assert {note.stage for note in alone.job.notes.values()} == {"ingest", "apply-entities"}
    assert not (alone.job.workspace / "columns" / "fits").exists()


def test_an_unknown_task_names_the_nearest(bench: Bench) -> None:
    with pytest.raises(RunError) as raised:
        whole_analyses(bench, "corpus", task="mention")
    assert raised.value.code == "BL922"
    assert "mentions" in raised.value.hint


def test_values_say_where_they_come_from(bench: Bench) -> None:
    values = json.loads(json.dumps(analyses_values(whole_analyses(bench, "corpus"))))
    assert values["format"] == 1
    (first, *_) = values["analyses"]
    assert (first["on"], first["task"], first["slice"]) == ("corpus", "mentions", None)
