"""Results in the order of the items, whatever happens in the processes that make them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from biolabel.data.workers import Crew, Worker
from biolabel.errors import CorpusError, Diagnostic, RuleError, RunError, SourceFile, Span


def later(item: int) -> int:
    """Return the square of an item; the earlier the item, the later."""
    time.sleep(0.02 * (5 - item % 5))
    return item * item


def process_of(item: int) -> int:
    del item
    return os.getpid()


def fails(item: int) -> int:
    if item == 3:
        raise CorpusError("BL601", "item three", hint="leave it out")
    return item


def dies(item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def plus(started: tuple[int, int], item: int) -> tuple[int, int]:
    return started[0], started[1] + item


def pid_and(number: int) -> tuple[int, int]:
    return os.getpid(), number


def bad_start() -> int:
    raise RunError("BL905", "no model")


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("n", [0, 1, 20])
def test_results_are_in_the_order_of_the_items(n: int, workers: int) -> None:
    assert list(Crew().ordered(later, range(n), workers)) == [i * i for i in range(n)]


def test_one_worker_or_one_item_is_this_process() -> None:
    assert set(Crew().ordered(process_of, range(5), 1)) == {os.getpid()}
    assert set(Crew().ordered(process_of, [1], 4)) == {os.getpid()}
    assert os.getpid() not in set(Crew().ordered(process_of, range(5), 2))


def test_each_process_is_started_once() -> None:
    found = list(Crew().ordered(plus, range(40), 2, partial(pid_and, 100)))
    assert [number for _, number in found] == list(range(100, 140))
    assert len({pid for pid, _ in found}) <= 2
    assert list(Crew().ordered(plus, range(3), 1, partial(pid_and, 0)))[2] == (os.getpid(), 2)


def test_few_items_are_taken_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    results = Crew().ordered(process_of, items(), 2)
    next(results)
    assert len(taken) <= 7
    results.close()  # type: ignore[attr-defined]
    assert len(taken) <= 7


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_arrives_whole_and_in_its_place(workers: int) -> None:
    results = Crew().ordered(fails, range(6), workers)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(CorpusError, match="item three") as caught:
        next(results)
    assert (caught.value.code, caught.value.hint) == ("BL601", "leave it out")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_start_arrives(workers: int) -> None:
    with pytest.raises(RunError, match="no model"):
        list(Crew().ordered(lambda_free, range(4), workers, bad_start))


def lambda_free(started: int, item: int) -> int:
    return started + item


def rule_error(item: int) -> int:
    del item
    file = SourceFile("a.rules", "rule x\n")
    found = Diagnostic("BL010", "error", "wrong", Span("a.rules", 0, 4))
    raise RuleError([found], {"a.rules": file})


def test_rule_errors_keep_their_diagnostics() -> None:
    with pytest.raises(RuleError) as caught:
        list(Crew().ordered(rule_error, range(2), 2))
    assert [each.code for each in caught.value.diagnostics] == ["BL010"]
    assert caught.value.files["a.rules"].text == "rule x\n"


def test_a_killed_process_is_told() -> None:
    with pytest.raises(RunError, match="exit code -9") as caught:
        list(Crew().ordered(dies, range(10), 2))
    assert caught.value.code == "BL929"


def test_processes_that_stay_keep_what_they_opened_for_the_next_pass() -> None:
    crew = Crew()

    def opened_in(number: int) -> set[tuple[int, float]]:
        return {who for who, _ in crew.ordered(opened_at, range(9), 2, partial(time_and, number))}

    with crew.staying():
        first = opened_in(1) | opened_in(1)
        assert len(first) <= 2
        other = opened_in(2)
        assert not first & other
        pids = {pid for pid, _ in first | other} | set(crew.ordered(process_of, range(9), 2))
        assert len(pids) <= 2
        assert all(map(alive, pids))
    assert not any(map(alive, pids))
    assert not any(map(alive, list(crew.ordered(process_of, range(9), 2))))


def time_and(number: int) -> tuple[float, int]:
    return time.perf_counter(), number


def opened_at(started: tuple[float, int], item: int) -> tuple[tuple[int, float], int]:
    """Return who works, and when it was opened for that."""
    return (os.getpid(), started[0]), item


def test_a_pass_that_fails_or_is_left_takes_its_processes_with_it() -> None:
    crew = Crew()
    with crew.staying():
        before = set(crew.ordered(process_of, range(9), 2))
        with pytest.raises(CorpusError):
            list(crew.ordered(fails, range(9), 2))
        assert not any(map(alive, before))
        left = crew.ordered(process_of, range(99), 2)
        pid = next(left)
        left.close()  # type: ignore[attr-defined]
        assert not alive(pid)
        with pytest.raises(RunError, match="exit code -9"):
            list(crew.ordered(dies, range(9), 2))
        assert list(crew.ordered(later, range(9), 2)) == [i * i for i in range(9)]


def test_a_process_that_was_killed_between_passes_is_replaced() -> None:
    crew = Crew()
    with crew.staying():
        killed = min(crew.ordered(process_of, range(9), 2))
        os.kill(killed, signal.SIGKILL)
        while alive(killed):
            time.sleep(0.01)
        assert list(crew.ordered(later, range(9), 2)) == [i * i for i in range(9)]


def test_work_within_work_has_its_own_processes() -> None:
    crew = Crew()
    with crew.staying():
        within = crew.ordered(later, range(9), 2)
        pairs = list(crew.ordered(process_of, ((i, next(within)) for i in range(9)), 2))
        assert list(within) == []
        assert len(pairs) == 9


SCRIPT = """
import os, signal, time
# A shell lets what it starts in the background ignore Ctrl-C, and these tests with it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from biolabel.data.workers import Crew, Worker

def slow(item):
    time.sleep(0.1)
    return os.getpid()

if __name__ == "__main__":
    crew = Crew()
    with crew.staying():
        for pid in crew.ordered(slow, range(6 if {idle} else 1000), 2):
            print(pid, flush=True)
        time.sleep(60)
"""
ROOT = Path(__file__).parents[3]


def alive(pid: int) -> bool:
    """Say whether a process runs; one that ended but was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("idle", [False, True])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_processes_end_with_the_one_that_began(
    tmp_path: Path, sent: signal.Signals, *, idle: bool
) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(idle=idle))
    run = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stdout is not None
    pids = {int(run.stdout.readline()) for _ in range(6)}
    if sent is signal.SIGINT:
        os.killpg(run.pid, sent)  # as a terminal does
    else:
        run.send_signal(sent)
    _, complaint = run.communicate(timeout=20)
    assert complaint.count("Traceback") == (1 if sent is signal.SIGINT else 0)
    deadline = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, pids))


def opened() -> dict[str, int]:
    return {"asked": 0}


def asked(kept: dict[str, int], more: int) -> tuple[int, int]:
    kept["asked"] += more
    return os.getpid(), kept["asked"]


def never(kept: object) -> None:
    del kept
    time.sleep(60)


def ends(kept: object) -> None:
    del kept
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(kept: object) -> None:
    del kept
    raise CorpusError("BL601", "nothing there", hint="look elsewhere")


def test_a_worker_keeps_what_it_opened_and_survives_errors() -> None:
    worker = Worker(opened)
    try:
        process, first = worker.ask(asked, 2)
        with pytest.raises(CorpusError) as caught:
            worker.ask(refuses)
        assert caught.value.hint == "look elsewhere"
        assert worker.ask(asked, 3) == (process, 5)
        assert (process != os.getpid(), first) == (True, 2)
    finally:
        worker.close()
    assert not Path(f"/proc/{process}").exists()


def test_a_worker_that_died_or_takes_too_long_starts_anew() -> None:
    worker = Worker(opened, patience=3)
    try:
        with pytest.raises(RunError, match="exit code -9") as caught:
            worker.ask(ends)
        assert caught.value.code == "BL929"
        with pytest.raises(RunError, match="no answer after 3 seconds"):
            worker.ask(never)
        assert worker.ask(asked, 1)[1] == 1
    finally:
        worker.close()


def test_a_worker_that_cannot_open_says_why() -> None:
    worker = Worker(bad_start)
    try:
        for _ in range(2):
            with pytest.raises(RunError, match="no model"):
                worker.ask(asked, 1)
    finally:
        worker.close()
