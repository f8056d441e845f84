"""What rules alone reach on dev, by the independent scorer: `python benchmarks/rules.py [TASK ...]`.

Majority vote and label model, both fitted on the votes over the training part; no end model.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from frame import ROOT, Row, write

from biolabel.apply.mentions import decode_mentions
from biolabel.data.documents import Document
from biolabel.data.mentions import joined
from biolabel.labelmodel.params import LabelModelParams
from biolabel.resources import data_root
from biolabel.text.formats import pubtator
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.job import Job
from biolabel.workflow.settings import load_task
from biolabel.workflow.shards import Source
from biolabel.workflow.systems import documents_of, of_soft_labels

SCORER = data_root().parent / "tools" / "score.py"
TASKS = ("cdr", "ncbi_disease")
MEASURES: dict[str, tuple[tuple[str, tuple[str, ...], Source], ...]] = {
    "cdr": (
        ("mention F1", ("ner",), "found"),
        ("concept F1", ("norm",), "found"),
        ("CID F1 from gold mentions", ("cid",), "given"),
        ("CID F1 from own mentions", ("cid",), "found"),
    ),
    "ncbi_disease": (("mention F1", ("ner", "--merge", "Disease"), "found"),),
}
"""Task to what is scored: name, the scorer's arguments, whose mentions pairs are between."""


def main(names: tuple[str, ...]) -> None:
    """Score the tasks, write a file of results each."""
    for name in names:
        folder = load_task(ROOT / "tasks" / name)
        corpus, dev = folder.documents("corpus"), folder.documents("dev")
        if corpus is None or dev is None:
            raise SystemExit(f"tasks/{name} names no documents")
        with tempfile.TemporaryDirectory() as place:
            work = Bench(Job(folder, Path(place), {"corpus": corpus, "dev": dev}))
            write(f"rules_{name}", list(rows(work, dev, Path(place) / "predicted.pubtator")))


def rows(work: Bench, dev: Path, predicted: Path) -> Iterator[Row]:
    """Yield the number of rules and the scores of one task, each prediction through a file."""
    yield Row("rules", sum(len(task.rules) for task in work.plan.tasks))
    fitted = open_fitted(fit(work))
    for measure, arguments, source in MEASURES[work.job.task.task.name]:
        for system, model in (("majority", fitted.majority), ("label model", fitted.model)):
            pubtator.write(predicted, said(work, model, source))
            yield Row(f"{measure}: {system}", scored(arguments, dev, predicted), unit="F1")


def said(work: Bench, model: LabelModelParams, source: Source) -> list[Document]:
    """Return what a model says of dev: its own mentions, and pairs between found or given ones."""
    applied = open_applied(apply(work, "dev", source))
    soft = soft_labels(work, model, applied.votes, "dev")
    pairs = of_soft_labels(applied.mentions, applied.votes, soft)
    if source == "found":
        finder = work.finder("dev")
        words = [name for name, labels in soft.items() if labels.task.kind == "entity"]
        tables = [decode_mentions(finder, soft[name], applied.votes[name]) for name in words]
        pairs = replace(pairs, mentions=joined(tables))
    return list(documents_of(work.corpus("dev"), pairs, work.job.task.task.gold, "rules"))


def scored(arguments: tuple[str, ...], gold: Path, predicted: Path) -> float:
    """Return micro F1 as the independent scorer counts it."""
    measure, *options = arguments
    command = [sys.executable, str(SCORER), measure, str(gold), str(predicted), *options, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return round(float(json.loads(done.stdout)["results"]["micro"]["f1"]), 4)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or TASKS)
