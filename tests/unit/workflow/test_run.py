import json
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.run import run

OpenBench = Callable[..., Bench]


def test_a_run_puts_its_results_where_a_person_looks(
    bench: Bench, shared_task: Path, open_bench: OpenBench
) -> None:
    workspace = bench.job.workspace
    finished = run(open_bench(shared_task, workspace))
    assert finished.report == workspace / "report.html"
    assert finished.report.stat().st_size > 0
    assert finished.manifest == workspace / "manifest.json"
    for output in finished.outputs:
        assert (workspace / output).is_file(), output
    names = {str(output) for output in finished.outputs}
    assert names >= {
        "predictions/corpus/fused.own.pubtator",
        "predictions/dev/fused.given.pubtator",
        "predictions/dev/majority.own.pubtator.topics.tsv",
        "assertions/corpus/cid.tsv",
        "rejects/corpus/rejects.tsv",
        "rejects/dev/rejects.tsv",
    }
    assert {row.task for row in finished.scores} == {"mentions", "cid", "topic"}


def test_a_second_run_makes_nothing(bench: Bench, shared_task: Path, open_bench: OpenBench) -> None:
    workspace = bench.job.workspace
    run(open_bench(shared_task, workspace))
    files = [path for path in workspace.rglob("*") if path.suffix in {".tsv", ".pubtator"}]
    before = {path: path.read_bytes() for path in files}
    second = run(open_bench(shared_task, workspace))
    stages = json.loads(second.manifest.read_text(encoding="utf-8"))["stages"]
    assert {stage["stage"] for stage in stages} >= {
        "ingest", "apply", "fit", "train", "predict", "evaluate", "assertions",
    }  # fmt: skip
    assert all(stage["reused"] for stage in stages)
    assert {path: path.read_bytes() for path in files} == before


def test_a_run_without_dev_has_no_scores(
    bench: Bench, shared_task: Path, open_bench: OpenBench
) -> None:
    finished = run(open_bench(shared_task, bench.job.workspace, dev=False))
    assert finished.scores == ()
    assert not [output for output in finished.outputs if "dev" in output.parts]


def test_results_that_cannot_be_written_are_told(
    bench: Bench, shared_task: Path, open_bench: OpenBench, tmp_path: Path
) -> None:
    run(open_bench(shared_task, bench.job.workspace))
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "stages").symlink_to(bench.job.workspace / "stages")
    (workspace / "predictions").touch()
    with pytest.raises(RunError, match="predictions") as caught:
        run(open_bench(shared_task, workspace))
    assert caught.value.code == "BL906"
