"""A real cluster of two processes: results in order, whatever becomes of workers."""

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from errno import ENOSPC
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from distributed.batched import BatchedSend
from distributed.comm.core import CommClosedError

from biolabel.errors import Diagnostic, RuleError, RunError, SourceFile, Span
from biolabel.workflow import cluster as cluster_module
from biolabel.workflow.cluster import Cluster, cluster


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


def dies(*items: object) -> int:
    del items
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


def test_a_connection_that_breaks_while_an_answer_is_fetched_is_told(
    two: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Any:
        two.client._gather_future = two.client._gather_keys = None
        raise CommClosedError("the stream was closed")

    monkeypatch.setattr(two.client, "_gather_remote", broken)
    with pytest.raises(RunError, match="lost the scheduler") as caught:
        list(two.ordered(later, range(3)))
    assert caught.value.code == "BL942"


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


class OnlyHere:
    """What other processes cannot read."""

    def __reduce__(self) -> tuple[Callable[[int], "OnlyHere"], tuple[int]]:
        return only_in, (os.getpid(),)


def only_in(process: int) -> OnlyHere:
    if os.getpid() != process:
        raise ModuleNotFoundError("No module named 'elsewhere'")
    return OnlyHere()


def test_a_worker_that_cannot_read_the_work_says_so(two: Cluster) -> None:
    with pytest.raises(RunError, match="named 'elsewhere'") as caught:
        list(two.ordered(partial(dies, OnlyHere()), [1]))
    assert caught.value.code == "BL943"


def test_without_dask_there_is_a_hint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError) as caught, cluster(tmp_path):
        pass
    assert caught.value.code == "BL941"
    assert "biolabel[dask]" in (caught.value.hint or "")
