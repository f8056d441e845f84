"""What Dask costs, and what all of PubMed would: stages on a cluster of this machine against processes.

`python benchmarks/cluster.py`: sentences and abbreviations of changed abstracts (ingest), all rules of
tasks/cdr over replicated ones (apply), and the end model's reading of them (predict), by one and two
processes with and without Dask, each in a fresh process. Each does a few abstracts first, which is its
start-up: the cluster, imports, and what a stage opens. What it then takes for many is compared. The peak
is that of this process and all below it together, pages that they share counted in each; it is also
taken where rules are applied to more and more abstracts in full shards. What an abstract takes times the
abstracts of PubMed is what all of them take on one core of this machine. Takes some ten minutes on two cores
that are not busy otherwise; numbers as arguments are other sizes for the last peaks, such as
`python benchmarks/cluster.py 10000 100000`, which takes some more.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
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

SIZES = (10_000, 20_000)
ABSTRACTS = {"ingest": 4_000, "apply": 8_000, "predict": 120}
FEW = {"ingest": 256, "apply": 40, "predict": 8}
"""Abstracts that are done first: an item of work or more for each of two processes."""
PARTS = 8
"""Shards of a store, and pieces that the end model reads: enough to keep two processes at work."""
OVERHEAD = 1.15
"""How much longer Dask may take than processes without it (issue 9)."""
FLAT = 1.25
"""How much more memory the most abstracts may take than the fewest, where all shards are full."""
PUBMED = 38e6


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
    place = _store(folder, number)
    store.write(place, replicated(documents, number), pipeline, shard_documents=shard)


def _store(folder: Path, number: int) -> Path:
    return folder / f"abstracts-{number}"


def ingest_stage(folder: Path, executor: Executor, number: int) -> float:
    """Process texts that nobody has processed before; return the bytes of the store."""
    path = _bench("cdr", folder / "work").job.files["corpus"]
    given = changed(list(read_documents(path, Rejects())), number)
    with tempfile.TemporaryDirectory() as name:
        stream = annotation_stream(Pipeline(), executor, Kept(Path(name) / "kept.sqlite"))
        store.write(Path(name) / "store", given, Pipeline(), stream=stream)
        return _bytes(Path(name) / "store")


def apply_stage(folder: Path, executor: Executor, number: int) -> float:
    """Apply all rules to a store; return the bytes of votes and kept columns."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        bench = _bench("cdr", Path(name), executor)
        # The store takes the place of the ingested one: later stages only see the store.
        bench._stores[bench.ingested("corpus").key] = store.open_store(_store(folder, number))
        note = apply(bench, "corpus")
        return _bytes(note.folder) + _bytes(Path(name) / "columns")


def predict_stage(folder: Path, executor: Executor, number: int) -> float:
    """Let the end model read abstracts; return the bytes of what it says of their words."""
    corpus = store.open_store(_store(folder, ABSTRACTS["apply"])).corpus(0)
    documents = [
        LabeledDocument(corpus.ids[i], corpus.texts[i], corpus.words(i), ()) for i in range(number)
    ]
    pieces = [documents[at : at + number // PARTS] for at in range(0, number, number // PARTS)]
    done = executor.ordered(read_piece, pieces, partial(load, folder / "model"))
    return float(sum(done))


def read_piece(model: EndModel, documents: list[LabeledDocument]) -> int:
    """Return the bytes of the scores of some documents, read on one thread."""
    import torch

    torch.set_num_threads(1)
    scores = predict(model, documents)
    return sum(rows.nbytes for score in scores for rows in score.entities.values())


STAGES: dict[str, Callable[[Path, Executor, int], float]] = {
    "ingest": ingest_stage,
    "apply": apply_stage,
    "predict": predict_stage,
}


def measure(folder: Path, stage: str, dask: bool, workers: int, number: int) -> dict[str, float]:
    """Return seconds of start-up and of so many abstracts, peak megabytes, and bytes on disk.

    own: the peak of this process alone.
    """
    seen: list[tuple[float, float]] = []
    started = time.perf_counter()
    with cluster(folder, workers=workers) if dask else nullcontext(Processes(workers)) as executor:
        STAGES[stage](folder, executor, FEW[stage])
        between = time.perf_counter()
        threading.Thread(target=_watch, args=(seen,), daemon=True).start()
        size = STAGES[stage](folder, executor, number)
        done = time.perf_counter()
    return {
        "start": between - started,
        "seconds": done - between,
        "peak": max(together for together, _ in seen),
        "own": max(own for _, own in seen),
        "bytes": size,
    }


def _watch(seen: list[tuple[float, float]]) -> None:
    """Note the resident megabytes of this process with all below it, and its own, as time goes by."""
    me = psutil.Process()
    while True:
        sizes = []
        for process in (me, *me.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                sizes.append(process.memory_info().rss / 1e6)
        seen.append((sum(sizes), sizes[0]))
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
    for number in (FEW["apply"], ABSTRACTS["apply"]):
        _fresh("--lay-out", str(folder), str(number), str(number // PARTS))
    for stage, number in ABSTRACTS.items():
        for workers in (1, 2):
            plain, dask = (
                _fresh("--one", str(folder), stage, name, str(workers), str(number))
                for name in ("", "dask")
            )
            what = f"{stage}, {number:,} abstracts, {workers} process{'es' if workers > 1 else ''}"
            ratio = dask["seconds"] / plain["seconds"]
            yield Row(what, round(plain["seconds"], 1), unit="s")
            yield Row(f"{what}: with Dask", round(dask["seconds"], 1), unit="s")
            yield Row(
                f"{what}: with Dask, of that", round(ratio, 2), OVERHEAD, "x", ratio <= OVERHEAD
            )
            yield Row(f"{what}: start-up", round(plain["start"], 1), unit="s")
            yield Row(f"{what}: start-up with Dask", round(dask["start"], 1), unit="s")
            if workers == 1 and stage != "apply":
                yield from _pubmed(stage, plain["seconds"] / number, plain["bytes"] / number)


def _pubmed(stage: str, seconds: float, size: float) -> Iterator[Row]:
    """Yield what an abstract takes on a core, and what all of PubMed do."""
    kind = "in memory" if stage == "predict" else "on disk"
    yield Row(f"{stage}: an abstract on a core", round(seconds * 1e3, 2), unit="ms")
    yield Row(f"{stage}: PubMed", round(seconds * PUBMED / 3600), unit="core hours")
    yield Row(f"{stage}: an abstract {kind}", round(size / 1e3, 2), unit="kB")
    yield Row(f"{stage}: PubMed {kind}", round(size * PUBMED / 1e9), unit="GB")


def peaks(folder: Path, sizes: list[int]) -> Iterator[Row]:
    """Yield how memory and time of applying rules grow with the abstracts, in full shards."""
    found: dict[int, dict[str, float]] = {}
    for number in sizes:
        _fresh("--lay-out", str(folder), str(number), str(store.SHARD_DOCUMENTS))
        found[number] = _fresh("--one", str(folder), "apply", "dask", "2", str(number))
        what = f"apply, {number:,} abstracts in full shards, 2 processes with Dask"
        yield Row(what, round(found[number]["seconds"], 1), unit="s")
        yield Row(f"{what}: peak of all processes", round(found[number]["peak"]), unit="MB")
    least, most = min(sizes), max(sizes)
    if least < most:
        times = found[most]["peak"] / found[least]["peak"]
        grown = (found[most]["own"] - found[least]["own"]) / (most - least) * 1e3
        what = f"apply, {most:,} abstracts: peak, of that of {least:,}"
        yield Row(what, round(times, 2), FLAT, "x", times <= FLAT)
        yield Row("apply: peak of the command, an abstract more", round(grown, 2), unit="kB")
        # Knowledge that each process reads once is not what an abstract costs.
        more = 2 * (found[most]["seconds"] - found[least]["seconds"]) / (most - least)
        yield from _pubmed("apply", more, found[most]["bytes"] / most)


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
        folder, stage, dask, *numbers = arguments[1:]
        found = measure(Path(folder), stage, bool(dask), *map(int, numbers))
        sys.stdout.write(json.dumps(found) + "\n")
    else:
        with _folder() as place:
            _fresh("--prepare", str(place))
            rows = [*against(place), *peaks(place, [int(n) for n in arguments] or list(SIZES))]
        write("cluster", rows)


if __name__ == "__main__":
    main(sys.argv[1:])
