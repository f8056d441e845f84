"""How long one edited rule takes: votes and analysis of tasks/cdr on 1,000 abstracts.

`python benchmarks/edit.py` takes the train and dev parts of BC5CDR as one corpus, applies all rules,
and then changes a number in one rule again and again. Warm: a bench that stays open reads the rules
anew and analyzes the votes. Cold: `biolabel analyze` as a command, with its modules compiled before as
an installed package has them. Times are those of the processor, which count what else the machine
does least; the full run is in the same process. Targets: issue 4.

Where an entity rule votes otherwise, its own votes and the analysis of its task are what is timed
(`biolabel analyze --task`). All that follows from other mentions (the label model of all entity rules
is fitted anew, and all relation rules look at other candidates) is no work of one rule, and has no
target.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from frame import ROOT, Row, write

from biolabel.resources import data_root
from biolabel.workflow.analyze import analyses, analyze
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job
from biolabel.workflow.settings import load_task

WARM, COLD = 0.2, 2.0
RUNS = 5
COMMAND = "from biolabel.cli.app import main; main()"


@dataclass(frozen=True, slots=True)
class Edit:
    """A place in a rule file and how it is written with another number in it.

    first: the first of the numbers, each of which is written once; task: the only one analyzed.
    """

    kind: str
    file: str
    old: str
    new: str
    target: bool = True
    first: int = 20
    task: str | None = None


EDITS = (
    Edit("relation rule", "relations.rules", "treat_words and distance <= 12 words",
         "treat_words and distance <= {} words"),
    Edit("document rule", "topics.rules", "count(treat_words) in document >= 4",
         "count(treat_words) in document >= {}"),
    Edit("entity rule that votes as before", "mentions.rules", r'"prostaglandin~" [text=/^[A-J]\d*$/]',
         r'"prostaglandin~" [text=/^[A-J]\d{{0,{}}}$/]'),
    Edit("entity rule that votes otherwise", "mentions.rules",
         "[a-z]{4,}(itis|emia|aemia|osis", "[a-z]{{{},}}(itis|emia|aemia|osis", first=5,
         task="mentions"),
    Edit("entity rule that votes otherwise, and all that follows", "mentions.rules",
         "[lower=/^[a-z]{3,}(yl|ine|ic|ate|ide)$/]",
         "[lower=/^[a-z]{{{},}}(yl|ine|ic|ate|ide)$/]", target=False, first=4),
)  # fmt: skip


def edited(folder: Path, edit: Edit, number: int) -> None:
    """Write the rules of a task with one place edited, and all else as it was."""
    path = folder / "rules" / edit.file
    text = (ROOT / "tasks" / "cdr" / "rules" / edit.file).read_text(encoding="utf-8")
    if edit.old not in text:
        raise SystemExit(f"{edit.file} has no `{edit.old}`")
    path.write_text(text.replace(edit.old, edit.new.format(number)), encoding="utf-8")


def restored(folder: Path, edit: Edit) -> None:
    """Write a rule file as it was."""
    shutil.copyfile(ROOT / "tasks" / "cdr" / "rules" / edit.file, folder / "rules" / edit.file)


def warm(bench: Bench, folder: Path, edit: Edit) -> list[float]:
    """Return the times of edits in an open bench, the first left out."""
    times = []
    for number in range(RUNS + 1):
        edited(folder, edit, edit.first + number)
        start = time.process_time()
        bench = bench.reread()
        if edit.task is None:
            analyze(bench, "corpus")
        analyses(bench, "corpus", edit.task)
        times.append(time.process_time() - start)
    restored(folder, edit)
    return times[1:]


def cold(folder: Path, corpus: Path, workspace: Path, edit: Edit | None) -> list[float]:
    """Return the times of `biolabel analyze` after an edit, or after none."""
    command = [sys.executable, "-c", COMMAND, "analyze", str(folder), "--corpus", str(corpus)]
    command += ["--workspace", str(workspace), "--quiet"]
    command += ["--task", edit.task] if edit is not None and edit.task is not None else []
    compiling = {n: text for n, text in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    compiling["PYTHONPYCACHEPREFIX"] = str(workspace / "compiled")
    times = []
    for number in range(RUNS):
        if edit is not None:
            edited(folder, edit, edit.first + RUNS + 1 + number)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            command, cwd=ROOT, env=compiling, capture_output=True, text=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(done.stderr)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    if edit is not None:
        restored(folder, edit)
    return times


def main() -> None:
    """Run the benchmark."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder, corpus = place / "cdr", place / "both.pubtator.gz"
        shutil.copytree(ROOT / "tasks" / "cdr", folder)
        parts = [
            data_root() / "corpora" / "cdr" / f"{part}.pubtator.gz" for part in ("train", "dev")
        ]
        corpus.write_bytes(b"".join(part.read_bytes() for part in parts))
        bench = Bench(Job(load_task(folder), place / "work", {"corpus": corpus}))
        documents = len(bench.store("corpus").ids)
        start = time.process_time()
        analyze(bench, "corpus")
        analyses(bench, "corpus")
        full = time.process_time() - start
        rows = [
            Row(
                f"all rules on {documents:,} abstracts, votes and analysis",
                round(full, 2),
                unit="s",
            )
        ]
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        for edit in EDITS:
            target = WARM if edit.target else None
            took = median(warm(bench, folder, edit))
            name = f"one edited {edit.kind}, warm"
            holds = took <= target if target else None
            rows += [
                Row(name, round(took, 3), target, "s", holds),
                Row(f"{name}: all rules take times as long", round(full / took, 1), unit="x"),
            ]
        for edit in EDITS:
            target = COLD if edit.target else None
            took = median(cold(folder, corpus, place / "work", edit))
            holds = took <= target if target else None
            rows.append(Row(f"one edited {edit.kind}, cold", round(took, 2), target, "s", holds))
        nothing = median(cold(folder, corpus, place / "work", None))
        rows.append(Row("no edited rule, cold", round(nothing, 2), unit="s"))
    write("edit", rows)


if __name__ == "__main__":
    main()
