from collections.abc import Callable
from html import escape
from pathlib import Path

from biolabel.workflow.assertions import assertions, open_assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import evaluate, open_scores
from biolabel.workflow.reporting import write_run_report

OpenBench = Callable[..., Bench]


def report(bench: Bench, path: Path) -> str:
    scores = open_scores(evaluate(bench, "dev")) if "dev" in bench.job.files else []
    write_run_report(path, bench, scores, assertions(bench, "corpus"))
    return path.read_text(encoding="utf-8")


def test_the_report_shows_scores_rules_models_and_assertions(bench: Bench, tmp_path: Path) -> None:
    html = report(bench, tmp_path / "report.html")
    assert escape(bench.job.task.task.title) in html
    for plan in bench.plan.tasks:
        for rule in plan.rules:
            assert rule.lf.name in html, rule.lf.name
    for row in open_scores(evaluate(bench, "dev")):
        assert f"{row.f1:.3f}" in html
    first = open_assertions(assertions(bench, "corpus"), "cid")[0]
    assert first.subject in html
    assert first.object in html
    assert bench.rules.digest in html
    assert "<svg" in html


def test_without_dev_there_are_no_scores(
    shared_task: Path, open_bench: OpenBench, tmp_path: Path
) -> None:
    alone = open_bench(shared_task, tmp_path / "workspace", dev=False)
    html = report(alone, tmp_path / "report.html")
    assert escape(alone.job.task.task.title) in html
    assert "label_model" not in html
    assert "<h3>Calibration</h3>" not in html


def test_calibration_is_shown_where_there_is_gold(bench: Bench, tmp_path: Path) -> None:
    html = report(bench, tmp_path / "report.html")
    assert "<h3>Calibration</h3>" in html
