"""The label model of entity rules."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from biolabel.labelmodel.store import load
from biolabel.text import store
from biolabel.text.documents import corpus_documents
from biolabel.workflow.bench import Bench
from biolabel.workflow.entities import fitted
from biolabel.workflow.site import Site

EVERY = frozenset({"mentions"})


def test_a_label_model_is_fitted_once_for_the_same_votes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = bench.site("corpus", "found")
    first = fitted(bench, site, None)
    assert list(first) == [EVERY]
    assert {file.name for file in first[EVERY].folder.iterdir()}
    monkeypatch.setattr("biolabel.labelmodel.model.fit", None)
    assert fitted(bench, site, None) == first


def test_each_corpus_has_a_label_model_of_its_own(bench: Bench) -> None:
    corpus, dev = (
        fitted(bench, bench.site(part, "found"), None)[EVERY] for part in ("corpus", "dev")
    )
    assert corpus.folder != dev.folder
    rows = [load(fit.folder).tasks["mentions"].n_candidates for fit in (corpus, dev)]
    assert rows[0] != rows[1]


def test_rules_that_vote_as_before_need_no_new_label_model(
    shared_task: Path,
    tmp_path: Path,
    open_bench: Callable[..., Bench],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(shared_task, tmp_path / "task")
    before = open_bench(tmp_path / "task", tmp_path / "workspace")
    first = fitted(before, before.site("corpus", "found"), None)
    (path,) = (tmp_path / "task" / "rules").glob("*.rules")
    text = path.read_text(encoding="utf-8")
    assert '"after" | "had"' in text
    path.write_text(text.replace('"after" | "had"', '"after" | "nowhere said" | "had"'), "utf-8")
    monkeypatch.setattr("biolabel.labelmodel.model.fit", None)
    after = before.reread()
    assert after.rules.digest != before.rules.digest
    assert fitted(after, after.site("corpus", "found"), None) == first


def test_a_given_label_model_is_taken_as_it_is(bench: Bench, tmp_path: Path) -> None:
    fit = fitted(bench, bench.site("corpus", "found"), None)[EVERY]
    shutil.copytree(fit.folder, tmp_path / "model")
    dev = bench.site("dev", "found")
    (taken,) = fitted(bench, dev, tmp_path / "model").values()
    assert taken.folder == tmp_path / "model"
    assert taken.key == fitted(bench, dev, fit.folder)[EVERY].key


def test_shards_are_fitted_together(
    bench: Bench, tmp_path: Path, open_bench: Callable[..., Bench]
) -> None:
    here = bench.site("corpus", "found")
    given = list(corpus_documents(here.store.corpus(0)))
    parted = store.write(
        tmp_path / "s", given, bench.rules.pipeline, shard_documents=len(given) - 2
    )
    assert len(parted.shards) == 2
    there = open_bench(bench.job.task.folder, tmp_path / "workspace")
    recipe = replace(here.recipe, workspace=tmp_path / "workspace")
    found = fitted(there, Site(recipe, parted, here.knowledge), None)[EVERY]
    whole = fitted(bench, here, None)[EVERY]
    assert found.key != whole.key
    assert repr(load(found.folder)) == repr(load(whole.folder))
