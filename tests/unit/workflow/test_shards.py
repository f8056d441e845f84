"""The rules of a recipe on one shard."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biolabel.apply.engine import columns_of
from biolabel.apply.votes import RuleVotes
from biolabel.workflow.bench import Bench
from biolabel.workflow.entities import fitted
from biolabel.workflow.shards import ShardRun


@pytest.fixture
def run(bench: Bench, tmp_path: Path) -> ShardRun:
    """Return a run over the corpus of the tiny task that keeps its columns in a place of its own."""
    site = bench.site("corpus", "found")
    found = site.run(0, fitted(bench, site, None))
    return replace(found, recipe=replace(found.recipe, workspace=tmp_path))


def again(run: ShardRun) -> ShardRun:
    """Return the same run before it has asked for anything."""
    return ShardRun(run.recipe, run.corpus, run.knowledge)


def test_a_column_is_made_once(run: ShardRun, monkeypatch: pytest.MonkeyPatch) -> None:
    task = run.task("topic")
    paths = run.columns(task)
    assert list(paths) == [rule.lf.name for rule in task.rules]
    assert all(path.is_file() for path in paths.values())
    assert run.identities(task) == [path.stem for path in paths.values()]
    monkeypatch.setattr("biolabel.workflow.shards.columns_of", None)
    assert again(run).columns(task) == paths


def test_a_column_that_is_missing_is_made_alone(
    run: ShardRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = run.task("topic")
    (name, gone), *_ = run.columns(task).items()
    before = gone.read_bytes()
    gone.unlink()
    asked: list[set[str]] = []

    def noting(*arguments: Any, names: set[str], **more: Any) -> Mapping[str, RuleVotes]:
        asked.append(names)
        return columns_of(*arguments, names=names, **more)

    monkeypatch.setattr("biolabel.workflow.shards.columns_of", noting)
    again(run).columns(task)
    assert (asked, gone.read_bytes()) == ([{name}], before)


def test_votes_are_the_same_from_memory_and_from_disk(run: ShardRun) -> None:
    for name in ("mentions", "cid", "topic"):
        made, kept = (each.votes(each.task(name)) for each in (run, again(run)))
        for column in ("candidate", "lf", "mask"):
            assert np.array_equal(getattr(made.matrix, column), getattr(kept.matrix, column))
        assert np.array_equal(made.evidence, kept.evidence)
        assert (made.subjects, made.objects) == (kept.subjects, kept.objects)


def test_rules_see_what_entity_rules_find_or_what_is_given(run: ShardRun) -> None:
    task = run.task("cid")
    found = run.seen(task)
    given = ShardRun(replace(run.recipe, source="given"), run.corpus, run.knowledge)
    assert (len(found.table) > 0, len(given.seen(task).table)) == (True, 0)
    assert (found.key, given.seen(task).key) == (again(run).seen(task).key, "given")
    assert len(run.listing(task).documents) == run.candidates(task).frame.n_candidates > 0
    assert len(given.listing(task).documents) == 0


def test_how_often_a_label_was_voted_in_each_document(run: ShardRun) -> None:
    votes = run.votes(run.task("topic"))
    counts = run.counts("topic")
    assert {name for name, _ in counts} == {"topic"}
    assert all(len(count) == len(run.corpus.ids) for count in counts.values())
    assert sum(int(count.sum()) for count in counts.values()) <= len(votes.matrix.mask)
