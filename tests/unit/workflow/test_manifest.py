import json
import platform
from pathlib import Path

import pytest

import biolabel
from biolabel.errors import RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import file_hash
from biolabel.workflow.fit import fit
from biolabel.workflow.manifest import Outcome, versions, write_manifest
from biolabel.workflow.scores import ScoreRow

OUTCOME = Outcome(
    outputs=(Path("predictions/corpus/fused.own.pubtator"),),
    scores=(ScoreRow("cid", "pairs", "given", "fused", 0.5, 0.25, 1 / 3),),
    rejected={"corpus": {"documents": 12, "rejected": {}}},
    seconds=1.23456,
)


def test_a_manifest_says_what_was_read_and_made(bench: Bench, tmp_path: Path) -> None:
    note = fit(bench)
    write_manifest(tmp_path / "manifest.json", bench, OUTCOME)
    found = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    corpus = bench.job.files["corpus"]
    assert (found["task"], found["seed"], found["code"]) == ("tiny", 0, "as tested")
    assert found["folder"] == str(bench.job.task.folder.absolute())
    assert found["rules"] == {"digest": bench.rules.digest, "files": ["tiny.rules"]}
    assert found["documents"]["corpus"] == {
        "file": str(corpus),
        "sha256": {corpus.name: file_hash(corpus)},
        "counts": {"documents": 12, "rejected": {}},
    }
    assert set(found["documents"]) == {"corpus", "dev"}
    assert set(found["knowledge"]["tables"]) == {
        "demo_indications", "demo_mesh_chemicals", "demo_mesh_diseases",
    }  # fmt: skip
    stages = {stage["key"]: stage for stage in found["stages"]}
    assert stages[note.key]["folder"] == f"stages/fit/{note.key}"
    assert isinstance(stages[note.key]["reused"], bool)
    assert found["scores"] == [
        {"task": "cid", "metric": "pairs", "mentions": "given", "system": "fused", "f1": 1 / 3}
    ]
    assert found["outputs"] == ["predictions/corpus/fused.own.pubtator"]
    assert found["seconds"] == 1.235


def test_versions_are_those_that_are_installed() -> None:
    found = versions()
    assert found["biolabel"] == biolabel.__version__
    assert found["python"] == platform.python_version()
    assert found["torch"][0].isdigit()
    assert {"numpy", "scispacy", "transformers"} <= set(found)


def test_a_manifest_that_cannot_be_written_is_told(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot write") as caught:
        write_manifest(tmp_path / "file" / "manifest.json", bench, OUTCOME)
    assert caught.value.code == "BL906"
