"""The methods do what the commands do, with the commands' stages."""

import shutil
from pathlib import Path

import pytest

import biolabel
from biolabel import Pipeline
from biolabel.errors import RuleError, RunError
from biolabel.workflow.results import open_results


def test_the_package_gives_it_by_name_and_nothing_else() -> None:
    assert biolabel.Pipeline is Pipeline
    with pytest.raises(AttributeError, match="no attribute 'Pipelin'"):
        _ = biolabel.Pipelin  # type: ignore[attr-defined]


def test_the_tasks_are_those_of_the_rules(pipeline: Pipeline) -> None:
    assert [task.name for task in pipeline.tasks] == ["mentions", "cid", "topic"]


def test_a_notebook_shows_the_task_and_its_rules(pipeline: Pipeline) -> None:
    shown = pipeline._repr_html_()
    assert pipeline._bench.job.task.task.title in shown
    for text in ("dev.pubtator", "causes, none", "document", "mentions"):
        assert text in shown


def test_stages_are_those_that_the_run_made(pipeline: Pipeline, finished_run: Path) -> None:
    results = open_results(finished_run)
    votes = pipeline.votes("cid")
    assert votes.matrix.mask.tolist() == (
        results.parts["corpus"].applied.votes["cid"].matrix.mask.tolist()
    )
    assert pipeline.scores().rows == results.scores
    assert pipeline.assertions().found["cid"]
    fused = pipeline.predict()
    assert {each.id: each for each in fused.documents} == (
        results.parts["corpus"].predictions["fused"]
    )
    assert pipeline.train().model.tasks
    assert all(note.reused for note in pipeline._bench.job.notes.values())


def test_soft_labels_are_the_label_models(pipeline: Pipeline) -> None:
    soft = pipeline.soft_labels("topic", on="dev")
    rows = soft.table().to_pylist()
    assert len(rows) == int(soft.soft.covered.sum())
    for row in rows:
        shares = {name: row[f"p_{name}"] for name in ("harm", "other")}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert row["label"] == max(shares, key=lambda name: shares[name])


def test_analysis_has_gold_on_dev(pipeline: Pipeline) -> None:
    rows = pipeline.analysis("cid", on="dev").table().to_pylist()
    assert {row["rule"] for row in rows} == {lf.name for lf in pipeline.votes("cid").matrix.lfs}
    assert any(row["precision"] is not None for row in rows)


def test_the_label_model_says_what_each_rule_is_worth(pipeline: Pipeline) -> None:
    rows = pipeline.fit().table().to_pylist()
    assert {row["task"] for row in rows} == {"mentions", "cid", "topic"}
    assert all(row["low"] <= row["accuracy"] <= row["high"] for row in rows)


def test_why_and_reasons(pipeline: Pipeline) -> None:
    told = pipeline.why("said_to_cause", "{chemical: Lithium} caused {disease: tremor}")
    assert told.found.vote == "causes"
    id_ = pipeline.votes("cid").table()["doc"][0].as_py()
    reasons = pipeline.reasons("cid", id_)
    assert reasons.labeled
    told_candidates = {each.reasons.candidate for each in reasons.labeled}
    assert told_candidates == {each.candidate for each in reasons.said}
    assert pipeline.why("said_to_cause", doc=id_).found.about
    with pytest.raises(RunError) as raised:
        pipeline.why("said_to_cause")
    assert raised.value.code in ("BL920", "BL924")


def test_export_writes_the_last_run(pipeline: Pipeline, tmp_path: Path) -> None:
    done = pipeline.export("tsv", tmp_path / "out")
    assert done.assertions == len(pipeline.assertions())
    assert all(file.is_file() for file in done.files)


def test_a_name_that_is_not_there_is_an_error(pipeline: Pipeline) -> None:
    with pytest.raises(RunError, match="there is no task cit") as raised:
        pipeline.votes("cit")
    assert (raised.value.code, raised.value.hint) == ("BL922", "did you mean `cid`?")
    with pytest.raises(RunError) as raised:
        pipeline.predict(system="fusd")  # type: ignore[arg-type]
    assert raised.value.code == "BL923"
    with pytest.raises(RunError) as raised:
        Pipeline("tasks/dmo")
    assert raised.value.code == "BL902"


def test_without_dev_there_is_nothing_to_score(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = pipeline._bench.job.task.folder
    alone = Pipeline(folder, corpus=folder / "corpus.pubtator", workspace=tmp_path)
    with pytest.raises(RunError) as raised:
        alone.scores()
    assert raised.value.code == "BL907"
    with pytest.raises(RunError) as raised:
        alone.export("tsv", tmp_path / "out")
    assert raised.value.code == "BL930"


def test_wrong_rules_are_findings_and_then_an_error(pipeline: Pipeline, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(pipeline._bench.job.task.folder, folder)
    work = Pipeline(folder, workspace=tmp_path / "workspace")
    assert work.check().ok
    assert work.tasks
    (folder / "rules" / "more.rules").write_text("biolabel 1\n\nrule x for cit\n  votes: causes\n")
    found = work.check()
    assert not found.ok
    assert found.diagnostics
    assert "more.rules:3" in repr(found)
    again = work.reread()
    assert "check() shows them" in again._repr_html_()
    with pytest.raises(RuleError):
        _ = again.tasks
    assert work.tasks
