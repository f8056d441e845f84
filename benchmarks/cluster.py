"""What Dask costs, and what all of PubMed would: stages on a cluster of this machine against processes.

`python benchmarks/cluster.py`: sentences and abbreviations of changed abstracts (ingest), all rules of
tasks/cdr over replicated ones (apply), and the end model's reading of them (predict), by one and two
processes with and without Dask, each in a fresh process and with all that it starts. The peak is that of
this process and all below it together, pages that they share counted in each. What an abstract takes
times the abstracts of PubMed is what all of them take on one core of this machine. Takes about ten
minutes on two cores that are not busy otherwise; numbers as arguments are other sizes for the peak.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from frame import ROOT, Row, write
from ingest import changed
from scale import replicated

from biolabel.data.corpus import Corpus
from biolabel.data.executor import Executor, Processes
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument, WordLabels
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import predict
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.store import load, save
from biolabel.endmodel.train import train
from biolabel.text import store
from biolabel.text.formats.known import read_documents
from biolabel.text.kept import Kept
from biolabel.text.pipeline import Pipeline, annotation_stream
from biolabel.text.rejects import Rejects
from biolabel.workflow.apply import apply
from biolabel.workflow.bench import Bench
from biolabel.workflow.cluster import cluster
from biolabel.workflow.job import Job
from biolabel.workflow.settings import load_task

SIZES = (1_000, 10_000, 100_000)
ABSTRACTS = {"ingest": 10_000, "apply": 10_000, "predict": 500}
SHARD = 1_000
"""Documents a shard where two processes are to be kept at work by 10,000 of them."""
OVERHEAD = 1.15
"""How much longer Dask may take than processes without it (issue 9)."""
FLAT = 1.25
"""How much more memory ten times as many abstracts may take where all shards are full."""
PUBMED = 38e6
PIECE = 125
"""Documents that the end model reads at a time here: pieces enough for two processes."""


def _bench(task: str, folder: Path, executor: Executor | None = None) -> Bench:
    found = load_task(ROOT / "tasks" / task)
    path = found.documents("corpus")
    if path is None:
        raise SystemExit(f"tasks/{task} names no documents")
    return Bench(Job(found, folder, {"corpus": path}, cluster=executor))


def prepare(folder: Path) -> None:
    """Ingest the corpus of tasks/cdr, and train an end model of words as long as it takes to be one."""
    corpus = _bench("cdr", folder / "work").corpus("corpus")
    task = Task("mention", "entity", ("Chemical", "Disease", "none"))
    documents = [_guessed(corpus, doc, task) for doc in range(10)]
    model = train(documents, [task], Settings(epochs=1, updates=1), np.random.default_rng(0))
    save(model, folder / "model")


def _guessed(corpus: Corpus, doc: int, task: Task) -> LabeledDocument:
    """Return a document with some labels: what a model takes to read does not depend on them."""
    words = corpus.words(doc)
    rows = np.eye(len(task.labels), dtype=np.float32)[np.arange(len(words)) % len(task.labels)]
    labels = WordLabels(rows, np.ones(len(words), dtype=np.float32))
    return LabeledDocument(corpus.ids[doc], corpus.texts[doc], words, (), {task.name: labels})


def lay_out(folder: Path, number: int, shard: int) -> None:
    """Write a store of so many replicated abstracts."""
    bench = _bench("cdr", folder / "work")
    documents = list(read_documents(bench.job.files["corpus"], Rejects()))
    pipeline = replace(bench.rules.pipeline, sentences="naive", abbreviations=False)
    place = folder / "replicated"
    store.write(place, replicated(documents, number), pipeline, shard_documents=shard)


def ingest_stage(folder: Path, executor: Executor) -> float:
    """Process texts that nobody has processed before; return the bytes of the store."""
    path = _bench("cdr", folder / "work").job.files["corpus"]
    given = changed(list(read_documents(path, Rejects())), ABSTRACTS["ingest"])
    with tempfile.TemporaryDirectory() as name:
        stream = annotation_stream(Pipeline(), executor, Kept(Path(name) / "kept.sqlite"))
        store.write(Path(name) / "store", given, Pipeline(), stream=stream)
        return _bytes(Path(name) / "store")


def apply_stage(folder: Path, executor: Executor) -> float:
    """Apply all rules to the store; return the bytes of votes and kept columns."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        bench = _bench("cdr", Path(name), executor)
        # The store takes the place of the ingested one: later stages only see the store.
        bench._stores[bench.ingested("corpus").key] = store.open_store(folder / "replicated")
        note = apply(bench, "corpus")
        return _bytes(note.folder) + _bytes(Path(name) / "columns")


def predict_stage(folder: Path, executor: Executor) -> float:
    """Let the end model read abstracts; return the bytes of what it says of their words."""
    corpus = store.open_store(folder / "replicated").corpus(0)
    documents = [
        LabeledDocument(corpus.ids[i], corpus.texts[i], corpus.words(i), ())
        for i in range(ABSTRACTS["predict"])
    ]
    pieces = [documents[at : at + PIECE] for at in range(0, len(documents), PIECE)]
    done = executor.ordered(read_piece, pieces, partial(load, folder / "model"))
    return float(sum(done))


def read_piece(model: EndModel, documents: list[LabeledDocument]) -> int:
    """Return the bytes of the scores of some documents, read on one thread."""
    import torch

    torch.set_num_threads(1)
    scores = predict(model, documents)
    return sum(rows.nbytes for score in scores for rows in score.entities.values())


STAGES: dict[str, Callable[[Path, Executor], float]] = {
    "ingest": ingest_stage,
    "apply": apply_stage,
    "predict": predict_stage,
}


def measure(folder: Path, stage: str, dask: bool, workers: int) -> dict[str, float]:
    """Return elapsed seconds, peak megabytes of all processes, and bytes on disk of a stage."""
    seen: list[float] = [0.0]
    threading.Thread(target=_watch, args=(seen,), daemon=True).start()
    started = time.perf_counter()
    with cluster(folder, workers=workers) if dask else nullcontext(Processes(workers)) as executor:
        size = STAGES[stage](folder, executor)
    return {"seconds": time.perf_counter() - started, "peak": max(seen), "bytes": size}


def _watch(seen: list[float]) -> None:
    """Note the resident megabytes of this process and all below it, ten times a second."""
    me = psutil.Process()
    while True:
        total = 0
        for process in (me, *me.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        seen.append(total / 1e6)
        time.sleep(0.1)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _fresh(*arguments: str) -> dict[str, float]:
    """Return what this script prints in another process, where nothing of this one is in memory."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    last = done.stdout.splitlines()[-1:] or ["{}"]
    found: dict[str, float] = json.loads(last[0])
    return found


def against(folder: Path) -> Iterator[Row]:
    """Yield how Dask compares with processes, and what an abstract and all of PubMed take."""
    _fresh("--lay-out", str(folder), str(ABSTRACTS["apply"]), str(SHARD))
    for stage, number in ABSTRACTS.items():
        for workers in (1, 2):
            plain, dask = (
                _fresh("--one", str(folder), stage, name, str(workers)) for name in ("", "dask")
            )
            what = f"{stage}, {number:,} abstracts, {workers} process{'es' if workers > 1 else ''}"
            ratio = dask["seconds"] / plain["seconds"]
            yield Row(f"{what}", round(plain["seconds"], 1), unit="s")
            yield Row(f"{what}: with Dask", round(dask["seconds"], 1), unit="s")
            yield Row(
                f"{what}: with Dask, of that", round(ratio, 2), OVERHEAD, "x", ratio <= OVERHEAD
            )
            if workers == 1:
                each = dask["seconds"] / number
                yield Row(f"{stage}: an abstract on a core", round(each * 1e3, 2), unit="ms")
                yield Row(f"{stage}: PubMed", round(each * PUBMED / 3600), unit="core hours")
                disk = dask["bytes"] / number
                kind = "in memory" if stage == "predict" else "on disk"
                yield Row(f"{stage}: an abstract {kind}", round(disk / 1e3, 2), unit="kB")
                yield Row(f"{stage}: PubMed {kind}", round(disk * PUBMED / 1e9), unit="GB")


def peaks(folder: Path, sizes: list[int]) -> Iterator[Row]:
    """Yield how memory and time of applying rules grow with the abstracts, in full shards."""
    before = 0.0
    for number in sizes:
        _fresh("--lay-out", str(folder), str(number), str(store.SHARD_DOCUMENTS))
        found = _fresh("--one", str(folder), "apply", "dask", "2")
        what = f"apply, {number:,} abstracts, 2 workers"
        yield Row(what, round(found["seconds"], 1), unit="s")
        full = before and number > 2 * store.SHARD_DOCUMENTS
        times = found["peak"] / before if full else 0.0
        yield Row(f"{what}: peak of all processes", round(found["peak"]), unit="MB")
        if full:
            yield Row(f"{what}: peak, of that of the size before", round(times, 2), FLAT, "x",
                times <= FLAT)  # fmt: skip
        before = found["peak"]


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder, and a cache of its own, for the whole measurement."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["BIOLABEL_CACHE"] = str(Path(name) / "cache")
        yield Path(name)


def main(arguments: list[str]) -> None:
    """Measure everything and write the figures."""
    if arguments[:1] == ["--prepare"]:
        prepare(Path(arguments[1]))
    elif arguments[:1] == ["--lay-out"]:
        lay_out(Path(arguments[1]), int(arguments[2]), int(arguments[3]))
    elif arguments[:1] == ["--one"]:
        found = measure(Path(arguments[1]), arguments[2], bool(arguments[3]), int(arguments[4]))
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        with _folder() as folder:
            _fresh("--prepare", str(folder))
            rows = [*against(folder), *peaks(folder, [int(n) for n in arguments] or list(SIZES))]
        write("cluster", rows)


if __name__ == "__main__":
    main(sys.argv[1:])
