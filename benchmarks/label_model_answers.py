"""Asking rivals: each job once, in a process of the rival's own, its answer kept.

A rival is deterministic, and slow. Answers lie in .rivals/answers, by rival, its packages, what is
run of it and the job.
"""

import hashlib
import inspect
import io
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from label_model_rivals import RIVALS
from numpy.typing import NDArray
from rivals import FOLDER, LABEL_MODELS, label_model

RUNNER = Path(__file__).with_name("label_model_rivals.py")
KEPT = FOLDER / "answers"


@dataclass(frozen=True, slots=True)
class Answer:
    """Probabilities by task, float[n, k], or what went wrong; processor seconds; memory in bytes."""

    probabilities: tuple[NDArray[np.float64], ...]
    failed: str
    seconds: float
    memory: int


def ask(
    rival: str, jobs: Sequence[Mapping[str, Any]], *, only_kept: bool = False
) -> list[Answer] | None:
    """Return a rival's answers to jobs; those that were not kept are worked out in one process.

    only_kept: None where some were not kept, instead.
    """
    names = [KEPT / f"{_key(rival, job)}.npz" for job in jobs]
    missing = [at for at, name in enumerate(names) if not name.is_file()]
    if missing and only_kept:
        return None
    if missing:
        KEPT.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=KEPT) as temporary:
            folder = Path(temporary)
            for at in missing:
                np.savez(folder / f"job_{at:06}.npz", **jobs[at])
            run(rival, folder)
            for at in missing:
                (folder / f"out_{at:06}.npz").rename(names[at])
    return [read(name) for name in names]


def run(rival: str, folder: Path) -> None:
    """Let a rival answer the jobs of a folder, on one core."""
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    subprocess.run(
        [str(label_model(rival)), str(RUNNER), rival, str(folder)],
        check=True,
        env={**os.environ, **single},
        stderr=subprocess.DEVNULL,
    )


def read(path: Path) -> Answer:
    """Return an answer that a rival wrote."""
    with np.load(path) as content:
        count = sum(name.startswith("p_") for name in content.files)
        found = tuple(content[f"p_{at}"].astype(np.float64) for at in range(count))
        failed = str(content["failed"]) if "failed" in content.files else ""
        return Answer(found, failed, float(content["seconds"]), int(content["memory"]))


def _key(rival: str, job: Mapping[str, Any]) -> str:
    called = inspect.getsource(RIVALS[rival])
    digest = hashlib.sha256(f"{rival} {LABEL_MODELS[rival]} {called}".encode())
    for name in sorted(job):
        buffer = io.BytesIO()
        np.save(buffer, job[name])
        digest.update(name.encode() + buffer.getvalue())
    return digest.hexdigest()
