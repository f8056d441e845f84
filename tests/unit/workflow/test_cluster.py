"""A real cluster of two processes: results in order, whatever becomes of workers and scheduler."""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from errno import ENOSPC
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from distributed.batched import BatchedSend

from biolabel.errors import Diagnostic, RuleError, RunError, SourceFile, Span
from biolabel.text.formats.known import read_documents
from biolabel.text.rejects import Rejects
from biolabel.text.store import write
from biolabel.workflow import cluster as cluster_module
from biolabel.workflow import predict as predict_module
from biolabel.workflow.apply import apply
from biolabel.workflow.bench import Bench
from biolabel.workflow.cluster import Cluster, cluster
from biolabel.workflow.job import Job, Which
from biolabel.workflow.run import run
from tests.unit.workflow.conftest import OpenBench

ROOT = Path(__file__).parents[3]
T = TypeVar("T")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


class Large:
    """What is large when it is sent."""


def opened_large(given: Large) -> Large:
    return given


def small(started: Large, item: Large) -> str:
    return f"{type(started).__name__} {type(item).__name__}"


def later(item: int) -> int:
    """Return the square of an item; the earlier the item, the later."""
    time.sleep(0.01 * (3 - item % 3))
    return item * item


def opened(number: int) -> tuple[int, int]:
    return os.getpid(), number


def opened_at(number: int) -> tuple[int, float, int]:
    return os.getpid(), time.perf_counter(), number


def opening_of(started: tuple[int, float, int], item: int) -> tuple[int, float, int]:
    del item
    return started


def plus(started: tuple[int, int], item: int) -> tuple[int, int, int]:
    return os.getpid(), started[0], started[1] + item


def fails(item: int) -> int:
    if item == 3:
        file = SourceFile("a.rules", "rule x\n")
        found = Diagnostic("BL010", "error", "wrong", Span("a.rules", 0, 4))
        raise RuleError([found], {"a.rules": file})
    return item


def dies_once(mark: Path, item: int) -> int:
    if item == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def dies(item: int) -> int:
    del item
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def is_first(link: Path) -> bool:
    """Return whether this process was the first to ask; a link is made whole or not at all."""
    with suppress(FileExistsError):
        link.symlink_to(str(os.getpid()))
    return link.readlink().name == str(os.getpid())


def full_disk(first: Path, item: int) -> int:
    """Fail to write in the process that comes first."""
    if is_first(first):
        raise OSError(ENOSPC, "No space left on device", "somewhere")
    return item


def full_everywhere(item: int) -> int:
    del item
    raise RunError("BL906", "cannot write w: No space left on device")


def slow_one(first: Path, item: int) -> int:
    """Take long in the process that comes first."""
    time.sleep(0.3 if is_first(first) else 0.01)
    return item


def test_results_are_in_the_order_of_the_items(two: Cluster) -> None:
    assert two.spreads
    assert list(two.ordered(later, range(20))) == [i * i for i in range(20)]
    assert list(two.ordered(later, [])) == []


def test_every_process_opens_once_what_its_items_need(two: Cluster) -> None:
    found = list(two.ordered(plus, range(20), partial(opened, 100)))
    assert [number for *_, number in found] == list(range(100, 120))
    assert all(process == opening for process, opening, _ in found)
    assert os.getpid() not in {process for process, *_ in found}
    assert [each[2] for each in two.ordered(plus, [1], partial(opened, 5))] == [6]


def test_who_sends_work_keeps_none_of_it(two: Cluster) -> None:
    """Also not the scheduler of this machine, which is in the same process."""
    start = partial(opened_large, Large())
    assert set(two.ordered(small, (Large() for _ in range(40)), start)) == {"Large Large"}
    gc.collect()
    assert sum(type(each) is Large for each in gc.get_objects()) == 1
    logs = [each.recent_message_log for each in gc.get_objects() if type(each) is BatchedSend]
    assert logs
    assert max(map(len, logs)) <= 10


def test_an_answer_may_take_long_to_fetch(two: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the workers in between takes nothing back that was asked for."""
    fetch = two.client._gather_remote

    async def slowly(*arguments: Any) -> Any:
        await asyncio.sleep(0.5)
        return await fetch(*arguments)

    monkeypatch.setattr(cluster_module, "_LOOK", 0.1)
    monkeypatch.setattr(two.client, "_gather_remote", slowly)
    assert list(two.ordered(later, range(3))) == [0, 1, 4]


def test_what_is_opened_stays_until_something_else_is(two: Cluster) -> None:
    def found(who: Cluster, number: int) -> set[tuple[int, float, int]]:
        return set(who.ordered(opening_of, range(9), partial(opened_at, number)))

    first = found(two, 1) | found(two, 1)
    assert len(first) <= 2
    assert not first & found(replace(two, token="another"), 1)
    assert {number for *_, number in found(two, 2)} == {2}


def test_an_answer_that_could_not_be_fetched_is_asked_for_again(
    two: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, failed = two.client._gather_remote, 0

    async def fails_at_first(*arguments: Any) -> Any:
        nonlocal failed
        failed += 1
        if failed == 1:
            # As Dask has it when it has begun to fetch.
            two.client._gather_future = two.client._gather_keys = None
            raise TimeoutError
        return await fetch(*arguments)

    monkeypatch.setattr(two.client, "_gather_remote", fails_at_first)
    assert list(two.ordered(later, range(3))) == [0, 1, 4]
    assert failed > 1


def test_few_items_are_taken_ahead(two: Cluster) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = two.ordered(later, items())
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= 6


def test_an_error_arrives_whole_and_in_its_place(two: Cluster) -> None:
    results = two.ordered(fails, range(6))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(RuleError) as caught:
        next(results)
    assert caught.value.files["a.rules"].text == "rule x\n"


def test_work_of_a_killed_worker_is_done_by_another(two: Cluster, tmp_path: Path) -> None:
    assert list(two.ordered(partial(dies_once, tmp_path / "died"), range(6))) == list(range(6))
    assert (tmp_path / "died").exists()


def test_what_one_worker_cannot_write_another_does(two: Cluster, tmp_path: Path) -> None:
    two.client.wait_for_workers(2, timeout=60)
    assert list(two.ordered(partial(full_disk, tmp_path / "first"), range(6))) == list(range(6))
    with pytest.raises(RunError, match="No space left") as caught:
        list(two.ordered(full_everywhere, range(2)))
    assert caught.value.code == "BL906"


def test_a_slow_worker_changes_nothing(two: Cluster, tmp_path: Path) -> None:
    assert list(two.ordered(partial(slow_one, tmp_path / "mark"), range(8))) == list(range(8))


def test_a_worker_that_does_not_see_the_workspace_says_so(two: Cluster, tmp_path: Path) -> None:
    elsewhere = Cluster(two.client, two.code, tmp_path / "nowhere")
    with pytest.raises(RunError, match="does not see") as caught:
        list(elsewhere.ordered(later, [1]))
    assert caught.value.code == "BL944"


def test_a_worker_with_another_biolabel_is_refused(two: Cluster) -> None:
    other = Cluster(two.client, "another", two.workspace)
    with pytest.raises(RunError, match="another biolabel") as caught:
        list(other.ordered(later, [1]))
    assert caught.value.code == "BL943"


def test_without_dask_there_is_a_hint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError) as caught, cluster(tmp_path):
        pass
    assert caught.value.code == "BL941"
    assert "biolabel[dask]" in (caught.value.hint or "")


def results(workspace: Path) -> dict[str, bytes]:
    """Return all that a run made, but for what says when, and how long it took."""
    return {
        str(path.relative_to(workspace)): path.read_bytes()
        for part in ("predictions", "assertions", "rejects", "stages", "columns")
        for path in sorted((workspace / part).rglob("*"))
        if path.is_file()
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
