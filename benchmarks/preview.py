"""How soon an editor of rules tells what a key changes: tasks/cdr on the 500 training abstracts of BC5CDR.

`python benchmarks/preview.py` changes a number in one rule again and again, as an unsaved text. A
check gives the mistakes that are shown as somebody types; a preview applies the rules that changed and
compares their votes and conflicts with those of the saved rules; where entity rules change their
votes, it tells that first. Times are those of the processor.
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
from biolabel.workflow.preview import Changed, Version, changes, of_tasks, trial_of, version_of
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


def previewed(bench: Bench, edit: Edit) -> tuple[float, float]:
    """Return how long a preview takes but for the first: its first answer, and all of it."""
    path = bench.job.task.folder / "rules" / edit.file
    soon, all_of_it = [], []
    bench = bench.reread()
    old = version_of(bench)
    for text in texts(bench.job.task, edit):
        start = time.process_time()
        bench = bench.reread({path: text})
        trial = trial_of(bench)
        first = trial.first()
        told = first is not None and compared(of_tasks(old, first.votes), first)
        after = time.process_time()
        compared(old, trial.whole())
        ended = time.process_time()
        soon.append((after if told else ended) - start)
        all_of_it.append(ended - start)
    return median(soon[1:]), median(all_of_it[1:])


def compared(old: Version, new: Version) -> tuple[Changed, ...]:
    """Return the changes with as many samples as the editor shows."""
    return changes(old, new, 4, np.random.default_rng(0))


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
            soon, took = previewed(bench, edit)
            name = f"change in votes of an edited {edit.kind}"
            rows += [
                Row(f"{name}: first answer", round(soon, 3), SOON, "s", soon <= SOON),
                Row(f"{name}: all of it", round(took, 3), unit="s"),
            ]
    write("preview", rows)


if __name__ == "__main__":
    main()
