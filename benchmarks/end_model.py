"""The whole pipeline on BC5CDR dev, by the independent scorer: `python benchmarks/end_model.py`.

Trains on the 500 training abstracts without their annotations, for several seeds. F1 as `score.py`
counts it; the range over the seeds stands beside the mean.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from frame import ROOT, Row, write

from biolabel.data.progress import silent
from biolabel.resources import data_root
from biolabel.workflow.bench import Bench
from biolabel.workflow.evaluate import evaluate, open_scores
from biolabel.workflow.job import Job
from biolabel.workflow.predict import predict
from biolabel.workflow.settings import load_task

SEEDS = (0, 1)
SCORER = data_root().parent / "tools" / "score.py"
MEASURES = (
    ("mention F1", "ner", "own", 0.72),
    ("CID F1 from gold mentions", "cid", "given", 0.53),
    ("CID F1 from own mentions", "cid", "own", None),
)
SYSTEMS = ("majority", "label_model", "end_model", "fused")


def scored(task: str, gold: Path, predicted: Path) -> float:
    """Return micro F1 as the independent scorer counts it."""
    command = [sys.executable, str(SCORER), task, str(gold), str(predicted), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout)["results"]["micro"]["f1"])


def main() -> None:
    """Run every seed, score every system, write the results."""
    folder = load_task(ROOT / "tasks" / "cdr")
    corpus, dev = folder.documents("corpus"), folder.documents("dev")
    if corpus is None or dev is None:
        raise SystemExit("tasks/cdr names no documents")
    figures: dict[tuple[str, str], list[float]] = {}
    rules: dict[str, tuple[str, float]] = {}
    for seed in SEEDS:
        job = Job(folder, ROOT / "workspace" / "cdr", {"corpus": corpus, "dev": dev}, seed, silent)
        bench = Bench(job)
        for row in open_scores(evaluate(bench, "dev")):
            if row.system.startswith("best rule") and row.metric in {"mentions micro", "pairs"}:
                rules[f"{row.metric} {row.mentions}"] = (row.system, row.f1)
        predicted = predict(bench, "dev").folder
        for name, measure, source, _ in MEASURES:
            for system in SYSTEMS:
                f1 = scored(measure, dev, predicted / f"{system}.{source}.pubtator")
                figures.setdefault((name, system), []).append(f1)
    write("end_model", list(rows(figures, rules)))


def rows(
    figures: dict[tuple[str, str], list[float]], rules: dict[str, tuple[str, float]]
) -> Iterator[Row]:
    """Yield the rows: best rule, majority vote and models, the system that decides with a target."""
    for name, measure, source, target in MEASURES:
        key = f"mentions micro {source}" if measure == "ner" else f"pairs {source}"
        if key in rules:
            rule, f1 = rules[key]
            yield Row(f"{name}: {rule}", round(f1, 4), unit="F1")
        for system in SYSTEMS:
            found = figures[name, system]
            goal = target if system == "fused" else None
            spread = f"F1, {len(found)} seeds, {min(found):.3f} to {max(found):.3f}"
            average = round(mean(found), 4)
            holds = None if goal is None else min(found) > goal
            yield Row(f"{name}: {system.replace('_', ' ')}", average, goal, spread, holds)


if __name__ == "__main__":
    main()
