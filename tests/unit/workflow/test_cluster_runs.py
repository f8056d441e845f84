"""Whole runs over a cluster, whatever becomes of its workers and scheduler: the same bytes, or an error."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from biolabel.errors import RunError
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.store import write
from biolabel.workflow import predict as predict_module
from biolabel.workflow.apply import apply
from biolabel.workflow.bench import Bench
from biolabel.workflow.cluster import Cluster, cluster
from biolabel.workflow.job import Job, Which
from biolabel.workflow.run import run
from tests.unit.workflow.conftest import OpenBench
from tests.unit.workflow.test_cluster import dies, later

ROOT = Path(__file__).parents[3]
T = TypeVar("T")


def results(workspace: Path) -> dict[str, bytes]:
    """Return all that a run made, but for what says when, and how long it took.

    What a killed process was writing is none of it: the next command in the workspace sweeps it up.
    """
    return {
        str(path.relative_to(workspace)): path.read_bytes()
        for part in ("predictions", "assertions", "rejects", "stages", "columns")
        for path in sorted((workspace / part).rglob("*"))
        if path.is_file()
        and path.suffix != ".tmp"
        and path.name not in ("stage.json", "model.json", "README.md", "asked.json")
    }


@dataclass(frozen=True, eq=False)
class Killing:
    """A progress that kills a worker when the first shard, or piece, of a stage is done."""

    cluster: Cluster
    killed: list[str] = field(default_factory=list)
    stages: tuple[str, ...] = (
        "rules on shards",
        "systems on shards",
        "assertions of shards",
    )

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        del total
        for number, item in enumerate(items):
            if number == 0 and name in self.stages:
                os.kill(min(self.cluster.client.run(os.getpid).values()), signal.SIGKILL)
                self.killed.append(name)
            yield item


Open = Callable[[Cluster | None], Job]


@pytest.fixture
def opened_job(
    shared_task: Path, open_bench: OpenBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Open:
    """Return what opens the tiny task over a store of three shards, in a workspace of its own."""
    monkeypatch.setattr(predict_module, "PIECE", 4)
    task = open_bench(shared_task, tmp_path / "x", dev=False)
    documents = list(read_documents(task.job.files["corpus"], Rejects()))
    write(tmp_path / "store", documents, task.rules.pipeline.only(()), shard_documents=5)

    def job(found: Cluster | None) -> Job:
        workspace = tmp_path / ("cluster" if found else "here")
        files: dict[Which, Path] = {"corpus": tmp_path / "store"}
        return replace(task.job, workspace=workspace, files=files, cluster=found, notes={})

    return job


def test_shards_have_the_same_votes_as_without_a_cluster(two: Cluster, opened_job: Open) -> None:
    here, there = (apply(Bench(opened_job(each)), "corpus").folder for each in (None, two))
    votes = sorted(here.rglob("*.arrow"))
    assert len({path.parent for path in votes}) == 3
    assert [path.read_bytes() for path in votes] == [
        (there / path.relative_to(here)).read_bytes() for path in votes
    ]


@pytest.mark.slow
def test_a_run_whose_workers_are_killed_makes_the_same_bytes(
    two: Cluster, opened_job: Open
) -> None:
    """As one process does, and two processes without a cluster."""
    kills = Killing(two)
    one, dask = opened_job(None), replace(opened_job(two), progress=kills)
    both = replace(one, workspace=one.workspace.with_name("both"), workers=2, notes={})
    for job in (one, both, dask):
        run(Bench(job))
    here = results(one.workspace)
    for there in (results(both.workspace), results(dask.workspace)):
        assert here.keys() == there.keys()
        assert [name for name in here if here[name] != there[name]] == []
    assert set(kills.killed) == set(kills.stages)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Give the address and process of a scheduler with one worker, as a shell starts them."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    # Where they start they find neither the tests' folder nor the workspace by a relative path.
    begin = partial(
        subprocess.Popen, cwd="/", env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    running = begin([*dask, "--port", "0", "--no-dashboard", "--scheduler-file", str(file)])
    dask = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1"]
    worker = begin([*dask, "--no-dashboard", "--no-nanny", "--scheduler-file", str(file)])
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.1)
        yield json.loads(file.read_text())["address"], running
    finally:
        for process in (worker, running):
            process.kill()
            process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with serving(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_the_address_of_a_worker_is_none_of_a_scheduler(
    server: tuple[str, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    with cluster(tmp_path, server[0]) as found:
        worker = min(found.client.scheduler_info()["workers"])
        with pytest.raises(RunError, match="is no scheduler") as caught, cluster(tmp_path, worker):
            pass
    assert caught.value.code == "BL942"


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_run_with_a_code(
    server: tuple[str, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    address, running = server
    # A scheduler that imports what it hands on for the first time takes seconds to answer.
    with cluster(tmp_path / "workspace", address, patience=30) as found:
        results = found.ordered(later, range(200))
        assert [next(results) for _ in range(3)] == [0, 1, 4]
        running.kill()
        started = time.monotonic()
        with pytest.raises(RunError, match="lost the scheduler") as caught:
            list(results)
    assert caught.value.code == "BL942"
    assert time.monotonic() - started < 60
    assert not list((tmp_path / "workspace").iterdir())


@dataclass(frozen=True, eq=False)
class Losing:
    """A progress that kills the scheduler when the first shard of the rules is done."""

    scheduler: "subprocess.Popen[str]"

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        del total
        for number, item in enumerate(items):
            if number == 0 and name == "rules on shards":
                self.scheduler.kill()
            yield item


@pytest.mark.slow
def test_a_run_goes_on_when_its_scheduler_is_back(opened_job: Open, tmp_path: Path) -> None:
    """What the lost run had finished is kept, and the bytes are those of a run without a cluster."""
    here = opened_job(None)
    run(Bench(here))
    with (
        serving(tmp_path) as (address, scheduler),
        cluster(tmp_path / "cluster", address, patience=120) as found,
    ):
        lost = replace(opened_job(found), progress=Losing(scheduler))
        with pytest.raises(RunError, match="lost the scheduler") as caught:
            run(Bench(lost))
    assert caught.value.code == "BL942"
    finished = {path: path.stat().st_mtime_ns for path in lost.workspace.rglob("stage.json")}
    assert finished
    with (
        serving(tmp_path) as (address, _),
        cluster(tmp_path / "cluster", address, patience=120) as found,
    ):
        run(Bench(opened_job(found)))
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    again = results(lost.workspace)
    expected = results(here.workspace)
    assert expected.keys() == again.keys()
    assert [name for name in expected if expected[name] != again[name]] == []


@pytest.mark.slow
def test_work_that_ends_every_worker_is_told(tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1) as found:
        with pytest.raises(RunError, match="ended over the same work") as caught:
            list(found.ordered(dies, range(2)))
        assert caught.value.code == "BL929"
