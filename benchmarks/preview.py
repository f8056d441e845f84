"""How soon an editor of rules tells what a key changes: tasks/cdr on the 500 training abstracts of BC5CDR.

`python benchmarks/preview.py` changes a number in one rule again and again, as an unsaved text. A
check gives the mistakes that are shown as somebody types; a preview applies the rules that changed and
compares their votes and conflicts with those of the saved rules. Times are those of the processor.
"""

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from edit import EDITS, RUNS, Edit
from frame import ROOT, Row, write

from biolabel.resources import data_root
from biolabel.web.service.editor import Checker
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job
from biolabel.workflow.preview import changes, version_of
from biolabel.workflow.settings import TaskFolder, load_task

SOON = 1.0
"""Seconds, of issue 8."""


def texts(task: TaskFolder, edit: Edit) -> list[str]:
    """Return a rule file with one place edited, each time in another way."""
    text = (task.folder / "rules" / edit.file).read_text(encoding="utf-8")
    if edit.old not in text:
        raise SystemExit(f"{edit.file} has no `{edit.old}`")
    numbers = range(edit.first, edit.first + RUNS + 1)
    return [text.replace(edit.old, edit.new.format(number)) for number in numbers]


def checked(task: TaskFolder, edit: Edit) -> float:
    """Return how long a check takes, but for the first."""
    checker, times = Checker(task), []
    for text in texts(task, edit):
        start = time.process_time()
        checker.check(edit.file, text)
        times.append(time.process_time() - start)
    return median(times[1:])


def previewed(bench: Bench, edit: Edit) -> float:
    """Return how long a preview takes, but for the first."""
    path, times = bench.job.task.folder / "rules" / edit.file, []
    bench = bench.reread()
    old = version_of(bench)
    for text in texts(bench.job.task, edit):
        start = time.process_time()
        bench = bench.reread({path: text})
        changes(old, version_of(bench), 4, np.random.default_rng(0))
        times.append(time.process_time() - start)
    return median(times[1:])


def main() -> None:
    """Run the benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "cdr"
        shutil.copytree(ROOT / "tasks" / "cdr", folder)
        task = load_task(folder)
        corpus = data_root() / "corpora" / "cdr" / "train.pubtator.gz"
        bench = Bench(Job(task, Path(name) / "work", {"corpus": corpus}))
        documents = len(bench.store("corpus").ids)
        rows = [Row("abstracts", documents)]
        for edit in EDITS:
            took = checked(task, edit)
            rows.append(Row(f"mistakes in an edited {edit.kind}", round(took, 3), unit="s"))
        for edit in EDITS:
            took = previewed(bench, edit)
            rows.append(
                Row(
                    f"change in votes of an edited {edit.kind}",
                    round(took, 3),
                    SOON,
                    "s",
                    took <= SOON,
                )
            )
    write("preview", rows)


if __name__ == "__main__":
    main()
