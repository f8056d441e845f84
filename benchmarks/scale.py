"""Growth with the number of documents: all rules of tasks/cdr over replicated abstracts.

`python benchmarks/scale.py`: processor time, memory, and the peak of this process and of its workers
together, pages that they share counted in each. The line through the two largest numbers of abstracts
parts the time into a start-up (imports, knowledge and plans, in every process, and the label model that
finds the mentions) and what each abstract more takes; the fewest abstracts, which one process does alone,
are held against it. Each number of abstracts is applied in a fresh process. Sentences are cut naively,
so that the engine is measured and not the text processing before it, which another process does.
Targets: issue 4.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from multiprocessing import active_children
from pathlib import Path

from frame import ROOT, Row, write
from peak import peak_memory

from biolabel.data.documents import Document
from biolabel.text import store
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.workflow.apply import apply
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job, cores
from biolabel.workflow.settings import load_task

SIZES = (1_000, 10_000, 100_000)
PEAK = 2_000
GROWTH = 1.1
"""How much longer the fewest abstracts may take than the line through the others says."""


def replicated(documents: list[Document], number: int) -> Iterator[Document]:
    """Yield so many documents: those that there are, again and again under new ids."""
    copies = (replace(d, id=f"{d.id}{copy:04}") for copy in count() for d in documents)
    return islice(copies, number)


def prepare(number: int, folder: Path) -> None:
    """Ingest the corpus of tasks/cdr and write a store of so many replicated abstracts."""
    bench = _bench(folder)
    bench.ingested("corpus")
    documents = list(read_documents(bench.job.files["corpus"], Rejects()))
    pipeline = replace(bench.rules.pipeline, sentences="naive", abbreviations=False)
    store.write(folder / "replicated", replicated(documents, number), pipeline)


def measure(folder: Path) -> dict[str, float]:
    """Return processor seconds, and peak megabytes of this process and of its workers."""
    bench = _bench(folder)
    # The store takes the place of the ingested one: all stages after ingest only see the store.
    bench._stores[bench.ingested("corpus").key] = store.open_store(folder / "replicated")
    together: list[float] = []
    threading.Thread(target=_watch, args=(together,), daemon=True).start()
    before, started = _seconds(), time.perf_counter()
    apply(bench, "corpus")
    return {
        "seconds": _seconds() - before,
        "wall": time.perf_counter() - started,
        "own": peak_memory() / 1e6,
        "worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3,
        "together": max(together),
    }


def _bench(folder: Path) -> Bench:
    task = load_task(ROOT / "tasks" / "cdr")
    path = task.documents("corpus")
    if path is None:
        raise SystemExit("tasks/cdr names no documents")
    return Bench(Job(task, folder, {"corpus": path}, workers=cores()))


def _watch(seen: list[float]) -> None:
    """Note the resident megabytes of this process and its workers together, ten times a second."""
    while True:
        processes = [os.getpid(), *(child.pid for child in active_children())]
        seen.append(sum(_resident(process) for process in processes if process))
        time.sleep(0.1)


def _resident(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in text.splitlines() if line.startswith("VmRSS")]
    return sum(map(int, sizes)) / 1e3


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _run(*arguments: str) -> str:
    """Return what this script prints in another process, where nothing of this one is in memory."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def main() -> None:
    """Measure each number of abstracts in a process of its own and write the figures."""
    if sys.argv[1:2] == ["--prepare"]:
        prepare(int(sys.argv[2]), Path(sys.argv[3]))
        return
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(json.dumps(measure(Path(sys.argv[2]))))
        return
    sizes = [int(number) for number in sys.argv[1:]] or list(SIZES)
    rows: list[Row] = []
    found: dict[int, dict[str, float]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _run("--prepare", str(size), folder)
            found[size] = json.loads(_run("--one", folder).splitlines()[-1])
        taken = found[size]
        peak = round(max(taken["own"], taken["worker"], taken["together"]))
        rows += [
            Row(f"{size:,} abstracts: processor time", round(taken["seconds"], 1), unit="s"),
            Row(f"{size:,} abstracts: elapsed time, {cores()} processes", round(taken["wall"], 1),
                unit="s"),
            Row(f"{size:,} abstracts: time an abstract", round(taken["seconds"] / size * 1e3, 2),
                unit="ms"),
            Row(f"{size:,} abstracts: peak of all processes", peak, PEAK, "MB", peak <= PEAK),
        ]  # fmt: skip
    write("scale", [*rows, *_line(found)])


def _line(found: dict[int, dict[str, float]]) -> list[Row]:
    """Return what the line through the two largest sizes says, and how the smallest lies to it."""
    if len(found) < 3:
        return []
    least, *_, small, large = sorted(found)

    def grown(name: str) -> float:
        return (found[large][name] - found[small][name]) / (large - small)

    slope = grown("seconds")
    start = found[small]["seconds"] - slope * small
    against = found[least]["seconds"] / (start + slope * least)
    return [
        Row("processor time: start-up", round(start, 1), unit="s"),
        Row("processor time: an abstract more", round(slope * 1e3, 2), unit="ms"),
        Row(f"processor time: {least:,} abstracts, of what that line says", round(against, 2), GROWTH,
            "x", against <= GROWTH),
        Row("peak of all processes: an abstract more", round(grown("together") * 1e3, 2), unit="kB"),
        Row("peak outside the workers: an abstract more", round(grown("own") * 1e3, 2), unit="kB"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
