"""The demo from empty workspace to report: scores and seconds: `python benchmarks/demo.py`."""

import tempfile
import time
from pathlib import Path

from frame import ROOT, Row, write

from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job
from biolabel.workflow.run import run
from biolabel.workflow.scores import ScoreRow
from biolabel.workflow.settings import load_task

LIMIT = 360
"""Seconds that `make demo` may take on two cores after the downloads."""
METRICS = {
    ("mentions micro", "own"): "mention F1",
    ("pairs", "given"): "relation F1 from gold mentions",
    ("pairs", "own"): "relation F1 from own mentions",
    ("documents", "own"): "topic macro F1",
}


def main() -> None:
    """Run the demo once in a temporary workspace and write the figures."""
    folder = load_task(ROOT / "tasks" / "demo")
    corpus, dev = folder.documents("corpus"), folder.documents("dev")
    if corpus is None or dev is None:
        raise SystemExit("tasks/demo names no documents")
    with tempfile.TemporaryDirectory() as workspace:
        started = time.perf_counter()
        job = Job(folder, Path(workspace) / "demo", {"corpus": corpus, "dev": dev})
        finished = run(Bench(job))
        seconds = time.perf_counter() - started
    rows = [row for score in finished.scores for row in shown(score)]
    rows.append(Row("whole run", round(seconds), LIMIT, "s", seconds < LIMIT))
    write("demo", rows)


def shown(score: ScoreRow) -> list[Row]:
    """Return the row of a score that the demo's table shows, else nothing."""
    name = METRICS.get((score.metric, score.mentions))
    if name is None:
        return []
    return [Row(f"{name}: {score.system.replace('_', ' ')}", round(score.f1, 4), unit="F1")]


if __name__ == "__main__":
    main()
