import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biolabel.errors import RunError
from biolabel.workflow.analyze import analyses
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted
from biolabel.workflow.results import Part, open_results
from biolabel.workflow.run import run


@pytest.fixture(scope="module")
def workspace(bench: Bench) -> Path:
    run(bench)
    return bench.job.workspace


def test_results_are_those_of_the_stages(bench: Bench, workspace: Path) -> None:
    found = open_results(workspace)
    assert found.task.task.name == "tiny"
    assert found.digest == bench.rules.digest
    assert found.files == bench.job.files
    assert found.parts["corpus"].corpus.ids == bench.corpus("corpus").ids
    assert found.parts["dev"].analyses == analyses(bench, "dev")
    assert found.trust == open_fitted(fit(bench)).trust
    assert set(found.model.tasks) == set(found.trust)
    assert {row.system for row in found.scores} >= {"majority", "fused"}
    assert (found.assertions / "cid.tsv").is_file()


def test_gold_of_the_corpus_stays_unseen(workspace: Path) -> None:
    found = open_results(workspace).parts["corpus"].analyses
    assert all(rule.measure is None for each in found.values() for rule in each.rules)


def test_all_systems_speak_of_the_same_candidates(workspace: Path) -> None:
    part = open_results(workspace).parts["corpus"]
    n = part.own.votes["cid"].matrix.n_candidates
    for system in ("label_model", "end_model", "fused"):
        assert part.probabilities(system)["cid"].shape == (n, 2)
        assert set(part.predictions[system]) == set(part.corpus.ids)
    assert part.probabilities("no such system") == {}


def test_reliability_judges_probabilities_by_gold(workspace: Path) -> None:
    found = open_results(workspace).parts["dev"].reliability()
    assert set(found["cid"]) == {"majority", "label_model", "end_model", "fused"}
    assert all(0 <= each.error <= 1 for each in found["cid"].values())
    assert np.sum(found["cid"]["fused"].count) > 0


def test_a_task_that_moved_is_named(workspace: Path, shared_task: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(shared_task, moved)
    assert open_results(workspace, moved).task.folder == moved


@pytest.mark.parametrize("damage", ["missing", "no json", "no stage"])
def test_a_workspace_without_a_finished_run_is_told(
    workspace: Path, tmp_path: Path, damage: str
) -> None:
    manifest = json.loads((workspace / "manifest.json").read_text())
    if damage == "no json":
        (tmp_path / "manifest.json").write_text("{")
    if damage == "no stage":
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(RunError, match="no finished run") as caught:
        open_results(tmp_path)
    assert caught.value.code == "BL930"


@pytest.mark.parametrize(
    ("stage", "name", "asked"),
    [
        ("ingest", "documents.arrow", lambda part: part.corpus),
        ("apply", "cid.votes.arrow", lambda part: part.applied),
        ("predict", "fused.npz", lambda part: part.probabilities("fused")),
        ("predict", "fused.npz", lambda part: part.predictions),
    ],
)
def test_what_is_damaged_is_not_shown(
    workspace: Path, tmp_path: Path, stage: str, name: str, asked: Callable[[Part], object]
) -> None:
    place = tmp_path / "workspace"
    shutil.copytree(workspace, place)
    for file in place.glob(f"stages/{stage}/*/**/{name}"):
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    part = open_results(place).parts["corpus"]
    with pytest.raises(RunError, match="has other bytes than were written") as caught:
        asked(part)
    assert caught.value.code == "BL930"
    assert "biolabel run" in (caught.value.hint or "")
