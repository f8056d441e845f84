"""Processor seconds and peak memory of fit and predict, beside Snorkel's on the same votes.

Each measurement has a process of its own on one core: `python label_model_times.py FOLDER`, run by
`time_rows`, fits the votes of FOLDER/votes.npz and writes FOLDER/answer.json. Memory is the largest of the
whole process, imports and votes included. Seconds are of the processor, so other work on the machine
counts less; ratios are of the same run.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from frame import Row
from label_model_answers import read, run
from peak import peak_memory

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.planted.tasks import unrelated

GIGA = 1e9
SHORT, LONG = 0.05, 0.3  # mean coverage
SPEEDUP = {SHORT: 10.0, LONG: 4.0}  # issue 6, at 10^6 rows x 100 functions, k = 2
MEMORY = 0.2  # share of Snorkel's peak, the same
MANY_TASKS, MINUTE = 1000, 60.0
SNORKEL_CELLS = 10**6 * 100 * 2  # beyond, its matrices of n x mk numbers do not fit beside others


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows, functions and labels, and the mean share of rows that a function votes on."""

    rows: int
    lfs: int
    labels: int
    coverage: float

    def __str__(self) -> str:
        """Name the size in a table."""
        shape = f"{self.rows:,} rows x {self.lfs} functions"
        return f"{shape}, {self.labels} labels, {self.coverage:.0%}"


SIZES = tuple(
    Size(rows, lfs, labels, coverage)
    for rows in (10_000, 100_000, 1_000_000)
    for lfs in (20, 100)
    for labels in (2, 5)
    for coverage in (SHORT, LONG)
)


def drawn(size: Size, generator: np.random.Generator) -> LabelMatrix:
    """Return votes for any label, right in 60 to 90 %, on .5 to 1.5 times the mean coverage."""
    truth = generator.integers(0, size.labels, size.rows).astype(np.int8)
    rows, lfs, labels = [], [], []
    for lf in range(size.lfs):
        share = size.coverage * generator.uniform(0.5, 1.5)
        own = np.flatnonzero(generator.random(size.rows, dtype=np.float32) < share)
        wrong = generator.random(len(own)) > generator.uniform(0.6, 0.9)
        other = generator.integers(1, size.labels, len(own)).astype(np.int8)
        rows.append(own.astype(np.int32))
        lfs.append(np.full(len(own), lf, dtype=np.int16))
        labels.append((truth[own] + wrong * other) % size.labels)
    candidate, lf_column = np.concatenate(rows), np.concatenate(lfs)
    order = np.argsort(candidate, kind="stable")  # functions come in order within a row
    return LabelMatrix(
        Task("timed", "document", tuple(f"label_{y}" for y in range(size.labels))),
        tuple(LabelingFunction(f"lf_{lf}") for lf in range(size.lfs)),
        size.rows,
        candidate[order],
        lf_column[order],
        np.int64(1) << np.concatenate(labels)[order].astype(np.int64),
    )


def time_rows(largest: int = 1_000_000, rivals: bool = True) -> Iterator[Row]:
    """Yield seconds and peak memory of each size, with Snorkel's, and of a thousand tasks."""
    for size in (size for size in SIZES if size.rows <= largest):
        yield from size_rows(size, rivals)
    with TemporaryDirectory() as place:
        seconds, _ = _own(Path(place))
        name = f"{MANY_TASKS:,} tasks x 10 functions x 10,000 rows: fit"
        yield Row(name, seconds, MINUTE, "s", seconds <= MINUTE)


def size_rows(size: Size, rivals: bool = True) -> Iterator[Row]:
    """Yield seconds and peak memory of one size, with Snorkel's."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        matrix = drawn(size, np.random.default_rng(6))
        votes = len(matrix.mask)
        np.savez(
            folder / "votes.npz",
            candidate=matrix.candidate,
            lf=matrix.lf,
            label=np.log2(matrix.mask).astype(np.int8),
            shape=np.array([size.rows, size.lfs, size.labels]),
        )
        del matrix
        seconds, memory = _own(folder)
        yield Row(f"{size}: biolabel", seconds, unit=f"s, {votes / 1e6:.3g} million votes")
        yield Row(f"{size}: biolabel", memory / GIGA, unit="GB")
        if rivals and size.rows * size.lfs * size.labels <= SNORKEL_CELLS:
            yield from _against(folder, size, seconds, memory)


def _against(folder: Path, size: Size, seconds: float, memory: int) -> Iterator[Row]:
    """Yield Snorkel's figures, and the ratios that issue 6 holds at its size."""
    (folder / "votes.npz").rename(folder / "job_0.npz")
    run("snorkel", folder)
    answer = read(folder / "out_0.npz")
    if answer.failed:
        return
    held = size == Size(1_000_000, 100, 2, size.coverage)
    yield Row(f"{size}: Snorkel", answer.seconds, unit="s")
    yield Row(f"{size}: Snorkel", answer.memory / GIGA, unit="GB")
    faster, share = answer.seconds / seconds, memory / answer.memory
    speed = SPEEDUP[size.coverage] if held else None
    yield Row(f"{size}: times as fast", faster, speed, "x", faster >= speed if speed else None)
    most = MEMORY if held else None
    yield Row(f"{size}: share of its memory", share, most, "", share <= most if most else None)


def _own(folder: Path) -> tuple[float, int]:
    """Return the seconds of fit and predict in a new process, and its peak memory in bytes."""
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, __file__, str(folder)], check=True, env={**os.environ, **single}
    )
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    return answer["seconds"], answer["memory"]


def child(folder: Path) -> None:
    """Fit and predict the votes of a folder; without votes, fit a thousand tasks."""
    path = folder / "votes.npz"
    if path.is_file():
        matrix = _load(path)
        documents = {"timed": np.zeros(matrix.n_candidates, dtype=np.int32)}
        graph = TaskGraph((matrix.task,), (), 1, documents)
        start = time.process_time()
        params = fit({"timed": matrix}, graph)
        predict(params, {"timed": matrix}, graph)
    else:
        planted = unrelated(np.random.default_rng(6), 10_000, MANY_TASKS)
        start = time.process_time()
        fit(planted.matrices, planted.graph)
    seconds = time.process_time() - start
    content = json.dumps({"seconds": seconds, "memory": peak_memory()})
    (folder / "answer.json").write_text(content, "utf-8")


def _load(path: Path) -> LabelMatrix:
    with np.load(path) as content:
        rows, lfs, labels = content["shape"].tolist()
        return LabelMatrix(
            Task("timed", "document", tuple(f"label_{y}" for y in range(labels))),
            tuple(LabelingFunction(f"lf_{lf}") for lf in range(lfs)),
            rows,
            content["candidate"],
            content["lf"],
            np.left_shift(np.int64(1), content["label"], dtype=np.int64),
        )


if __name__ == "__main__":
    child(Path(sys.argv[1]))
