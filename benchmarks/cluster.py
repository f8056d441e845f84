"""What Dask costs, and what all of PubMed would: the pipeline on a cluster of this machine against processes.

`python benchmarks/cluster.py`: ingest, apply, fit, predict and assertions of tasks/cdr over abstracts that
nobody has processed before, by one and two processes with and without Dask, each in a fresh process
that first does a few abstracts, which is its start-up: the cluster, imports, and what a stage opens.
The end model is a narrow one with random weights, so that what is measured is all else; what MiniLM
takes to read an abstract, which predict does twice, is measured apart. Then the peak of memory is taken
over three times as many abstracts in shards of the same size: that of the command, and that of it and
all processes below it together. Pages of mapped files are not in it, which the system takes back when
memory is short and which grow with what was read; they are in what is called resident. What those more
abstracts take, by number, times the abstracts of PubMed is what all of them take on one core of this
machine. Takes some six minutes on two cores that are not busy otherwise.

`python benchmarks/cluster.py 100000` holds that against so many abstracts in full shards, on a cluster of
two processes, beside a fifth as many: 23 minutes in all. Its figures are those of
`cluster_whole`. Other numbers are only shown.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from frame import ROOT, Row, write
from ingest import changed

from biolabel.data.executor import Executor, Processes
from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument, WordLabels
from biolabel.endmodel.encoder import builtin_folder
from biolabel.endmodel.predict import predict as read
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.train import train as train_model
from biolabel.text import store
from biolabel.text.formats import pubtator
from biolabel.text.formats.known import read_documents
from biolabel.text.kept import Kept
from biolabel.text.pipeline import annotation_stream
from biolabel.text.rejects import Rejects
from biolabel.workflow import predict as predict_module
from biolabel.workflow.apply import apply
from biolabel.workflow.assertions import assertions
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.cluster import cluster
from biolabel.workflow.fit import fit
from biolabel.workflow.job import Job
from biolabel.workflow.predict import predict
from biolabel.workflow.settings import TaskFolder, load_task
from biolabel.workflow.shards import UNREAD
from biolabel.workflow.train import train

SHARD = 200
NUMBER, MORE, FEW = 8 * SHARD, 24 * SHARD, 2 * SHARD // 10
"""Abstracts that are compared, those of the second peak, and those that are done first."""
LEARNED, READ = 40, 60
WHOLE = 100_000
OVERHEAD = 1.15
"""How much longer Dask may take than processes without it (issue 9)."""
FLAT = 1.15
"""How much more memory three times as many abstracts may take, where all shards are full."""
PUBMED = 38e6
STAGES: Mapping[str, Callable[[Bench], StageNote]] = {
    "apply": lambda bench: apply(bench, "corpus"),
    "fit": fit,
    "predict": lambda bench: predict(bench, "corpus"),
    "assertions": lambda bench: assertions(bench, "corpus"),
}
Figures = Mapping[str, Mapping[str, float]]
"""By stage: seconds, bytes on disk, peak megabytes: of the command (`own`, `resident`), of all (`peak`)."""


def _task(folder: Path) -> TaskFolder:
    """Return tasks/cdr with a narrow end model that is trained as short as can be."""
    found = load_task(ROOT / "tasks" / "cdr")
    settings = found.task
    quick = {"encoder": str(_narrow(folder / "encoder")), "epochs": 1, "updates": 1}
    model = settings.end_model.model_copy(update={**quick, "stop_on": "soft labels"})
    augment = settings.augment.model_copy(update={"copies": 0})
    task = settings.model_copy(update={"end_model": model, "augment": augment})
    return TaskFolder(folder=found.folder, task=task)


def _narrow(folder: Path) -> Path:
    """Return the folder of an encoder with MiniLM's pieces of words, one layer and random weights."""
    if not folder.exists():
        import torch
        from transformers import AutoTokenizer, BertConfig, BertModel

        torch.manual_seed(0)
        tokenizer = AutoTokenizer.from_pretrained(builtin_folder())
        config = BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
        )
        BertModel(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def _documents() -> Path:
    path = load_task(ROOT / "tasks" / "cdr").documents("corpus")
    if path is None:
        raise SystemExit("tasks/cdr names no documents")
    return path


def _trained(folder: Path) -> StageNote:
    """Return the end model, trained on some of the task's own abstracts by whoever asks first."""
    path = folder / "learned.pubtator"
    if not path.exists():
        pubtator.write(path, islice(read_documents(_documents(), Rejects()), LEARNED))
    return train(Bench(Job(_task(folder), folder / "small", {"corpus": path})))


def pipeline(
    folder: Path, executor: Executor, number: int, shard: int
) -> Iterator[tuple[str, float]]:
    """Take new abstracts through all stages; yield the name of each and its bytes when it is done."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place, task = Path(name), _task(folder)
        rules = Bench(Job(task, place / "work", {"corpus": _documents()})).rules
        given = changed(list(read_documents(_documents(), Rejects())), number)
        wanted = rules.pipeline.only(())
        stream = annotation_stream(wanted, executor, Kept(place / "kept.sqlite"))
        store.write(place / "store", given, wanted, stream=stream, shard_documents=shard)
        yield "ingest", _bytes(place / "store") + _bytes(place / "kept.sqlite")
        bench = Bench(Job(task, place / "work", {"corpus": place / "store"}, cluster=executor))
        for stage, run in STAGES.items():
            size = _bytes(run(bench).folder)
            yield stage, size + (_bytes(place / "work" / "columns") if stage == "apply" else 0)


def measure(folder: Path, dask: bool, workers: int, number: int, shard: int) -> Figures:
    """Return the figures of all stages, and those of `start`, which are the few abstracts."""
    learned = _trained(folder)
    # The abstracts are copies of a few, so that a model that learned from those does as well as another.
    vars(predict_module)["train"] = lambda _: learned
    seen: list[tuple[float, float, float]] = []
    threading.Thread(target=_watch, args=(seen,), daemon=True).start()
    found: dict[str, dict[str, float]] = {}
    started = time.perf_counter()

    def note(stage: str, size: float) -> None:
        nonlocal started
        took, started = time.perf_counter() - started, time.perf_counter()
        peak, own, resident = (max(column) for column in zip(*seen, strict=True))
        seen[:] = seen[-1:]
        memory = {"peak": peak, "own": own, "resident": resident}
        found[stage] = {"seconds": took, "bytes": size, **memory}

    local = Processes(workers)
    # Processes stay for all stages, as they do for those of a command.
    with cluster(folder, workers=workers) if dask else local.crew.staying() as dasks:
        executor = dasks or local
        for _ in pipeline(folder, executor, FEW, FEW // 2):
            pass
        note("start", 0.0)
        for stage, size in pipeline(folder, executor, number, shard):
            note(stage, size)
    return found


def _watch(seen: list[tuple[float, float, float]]) -> None:
    """Note megabytes as time goes by: of this process with all below it, its own, and its resident ones."""
    me = psutil.Process()
    while True:
        own, sizes = me.memory_info(), []
        for process in me.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                sizes.append(_beside_files(process.memory_info()))
        mine = _beside_files(own)
        seen.append((mine + sum(sizes), mine, own.rss / 1e6))
        time.sleep(0.1)


def _beside_files(memory: Any) -> float:
    """Return the megabytes that are no pages of files."""
    return float(memory.rss - memory.shared) / 1e6


def _bytes(place: Path) -> int:
    files = [place] if place.is_file() else place.rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file())


def _fresh(folder: Path, dask: bool, workers: int, number: int, shard: int) -> Figures:
    """Return what `measure` does in another process, where nothing of this one is in memory."""
    arguments = (str(folder), "dask" if dask else "", str(workers), str(number), str(shard))
    command = [sys.executable, __file__, "--one", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def against(folder: Path) -> Iterator[Row]:
    """Yield how Dask compares with processes, how memory grows, and what all of PubMed takes."""
    for workers in (1, 2):
        plain, dask = (_fresh(folder, each, workers, NUMBER, SHARD) for each in (False, True))
        who = f"{workers} process{'es' if workers > 1 else ''}"
        for stage in plain:
            if stage != "start":
                what = f"{stage}, {NUMBER:,} abstracts, {who}"
                yield Row(what, round(plain[stage]["seconds"], 1), unit="s")
                yield Row(f"{what}: with Dask", round(dask[stage]["seconds"], 1), unit="s")
        both = (sum(one[s]["seconds"] for s in one if s != "start") for one in (dask, plain))
        ratio = next(both) / next(both)
        what = f"all stages, {NUMBER:,} abstracts, {who}: with Dask, of that without"
        yield Row(what, round(ratio, 2), OVERHEAD, "x", ratio <= OVERHEAD)
        for name, one in (("", plain), (" with Dask", dask)):
            yield Row(f"start-up{name}, {who}", round(one["start"]["seconds"], 1), unit="s")
    many = _fresh(folder, True, 2, MORE, SHARD)
    yield from _peaks(dask, many)
    for stage in ("ingest", *STAGES):
        seconds, size = _an_abstract(dask, many, stage, MORE - NUMBER)
        yield Row(f"{stage}: an abstract on a core", round(seconds * 1e3, 2), unit="ms")
        yield Row(f"{stage}: an abstract on disk", round(size / 1e3, 2), unit="kB")
        yield Row(f"{stage}: PubMed", round(seconds * PUBMED / 3600), unit="core hours")
        yield Row(f"{stage}: PubMed on disk", round(size * PUBMED / 1e9), unit="GB")
    seconds = reading()
    yield Row("MiniLM reads an abstract on a core", round(seconds * 1e3, 1), unit="ms")
    hours = round(2 * seconds * PUBMED / 3600)
    yield Row("MiniLM reads PubMed twice", hours, unit="core hours")


def _an_abstract(few: Figures, many: Figures, stage: str, more: int) -> tuple[float, float]:
    """Return what an abstract more takes: seconds on a core, of two, and bytes.

    What a stage opens before the first abstract, such as knowledge bases, is in neither.
    """
    one, other = few[stage], many[stage]
    return 2 * (other["seconds"] - one["seconds"]) / more, (other["bytes"] - one["bytes"]) / more


def reading() -> float:
    """Return the seconds that MiniLM takes to read an abstract on a core, as predict does it twice."""
    import torch

    torch.set_num_threads(1)
    documents = islice(read_documents(_documents(), Rejects()), READ)
    with tempfile.TemporaryDirectory() as name:
        made = store.write(Path(name) / "store", documents, UNREAD)
        corpus, task = made.whole(), Task("mention", "entity", ("Chemical", "none"))
        none = np.array([[0, 1]], dtype=np.float32)
        rows = [none.repeat(len(corpus.words(doc)), axis=0) for doc in range(READ)]
        given = [
            LabeledDocument(
                corpus.ids[doc], corpus.texts[doc], corpus.words(doc), (),
                {task.name: WordLabels(rows[doc], np.ones(len(rows[doc]), dtype=np.float32))},
            )
            for doc in range(READ)
        ]  # fmt: skip
        quick = Settings(epochs=1, updates=1)
        model = train_model(given[:4], [task], quick, np.random.default_rng(0))
        read(model, given[:4])
        started = time.process_time()
        read(model, given)
        return (time.process_time() - started) / READ


def _peaks(few: Figures, many: Figures) -> Iterator[Row]:
    """Yield how the memory of each stage grows with the abstracts."""
    for stage in ("ingest", *STAGES):
        for which, who in (("own", "the command"), ("peak", "all processes")):
            less, more = few[stage][which], many[stage][which]
            what = f"{stage}, {MORE:,} abstracts: peak of {who}"
            yield Row(what, round(more), unit="MB")
            ratio = more / less
            yield Row(f"{what}, of that of {NUMBER:,}", round(ratio, 2), FLAT, "x", ratio <= FLAT)
        what = f"{stage}, {MORE:,} abstracts: the command, resident"
        yield Row(what, round(many[stage]["resident"]), unit="MB")


def whole(folder: Path, number: int) -> Iterator[Row]:
    """Yield what so many abstracts in full shards take, and how that compares with fewer."""
    shard = min(store.SHARD_DOCUMENTS, max(1, number // 4))
    less = max(2 * shard, number // 5)
    few, many = (_fresh(folder, True, 2, size, shard) for size in (less, number))
    for stage in ("ingest", *STAGES):
        what = f"{stage}, {number:,} abstracts, 2 processes with Dask"
        one, other = few[stage], many[stage]
        seconds, size = _an_abstract(few, many, stage, number - less)
        yield Row(what, round(other["seconds"]), unit="s")
        yield Row(f"{what}: an abstract more on a core", round(seconds * 1e3, 2), unit="ms")
        yield Row(f"{what}: an abstract more on disk", round(size / 1e3, 2), unit="kB")
        grown = (other["own"] - one["own"]) / (number - less) * 1e3
        yield Row(f"{what}: peak of the command", round(other["own"]), unit="MB")
        yield Row(f"{what}: peak of all processes", round(other["peak"]), unit="MB")
        yield Row(f"{what}: peak of the command, an abstract more", round(grown, 2), unit="kB")


def main(arguments: list[str]) -> None:
    """Measure everything and write the figures."""
    if arguments[:1] == ["--one"]:
        folder, dask, *numbers = arguments[1:]
        workers, number, shard = map(int, numbers)
        found = measure(Path(folder), bool(dask), workers, number, shard)
        sys.stdout.write(json.dumps(found) + "\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _trained(place)
        number = int(arguments[0]) if arguments else 0
        rows = list(whole(place, number) if number else against(place))
    if number in (0, WHOLE):
        write("cluster_whole" if number else "cluster", rows)
    else:
        sys.stdout.writelines(f"{row.name}: {row.value} {row.unit}\n" for row in rows)


if __name__ == "__main__":
    main(sys.argv[1:])
