"""Work on many items side by side in processes, with the results in the order of the items."""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from traceback import format_exception
from typing import Any, Generic, TypeVar, cast, overload

from biolabel.errors import RunError

Item = TypeVar("Item")
Result = TypeVar("Result")
Started = TypeVar("Started")

_AHEAD = 3
"""Items a worker that are taken before the result of the first is: enough to keep all workers at
work while the results are used, few enough to hold in memory."""

_STOPS = (signal.SIGINT, signal.SIGTERM)


@overload
def ordered(
    function: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]: ...
@overload
def ordered(
    function: Callable[[Started, Item], Result],
    items: Iterable[Item],
    workers: int,
    start: Callable[[], Started],
) -> Iterator[Result]: ...
def ordered(
    function: Callable[..., Result],
    items: Iterable[Item],
    workers: int,
    start: Callable[[], Started] | None = None,
) -> Iterator[Result]:
    """Yield `function(item)` for each item, in the order of the items.

    start: called once in every process, before its first item; what it returns is handed to every
    call of `function(started, item)` there, such as a model that takes long to load. Without more
    than one worker, or more than one item, everything happens in this process. The processes are
    fresh ones, because a copy of this one (`fork`) may hang in torch and Arrow; so functions, items
    and results must be picklable, and a script that is run must start its work below
    `if __name__ == "__main__"`. At most `3 * workers` items are taken before their results are
    used. All processes end with the iterator, also when it is left early or this process dies.

    Raises:
        RunError: BL929 when a process ends before its work is done; else whatever `function`,
            `start` and `items` raise, at the place of the item that raised it.
    """
    source = iter(items)
    first = list(islice(source, 2)) if workers > 1 else []
    if len(first) < 2:
        made = None if start is None else _Started(start())
        yield from (_call(function, made, item) for item in chain(first, source))
        return
    context = get_context("spawn")
    idle: SimpleQueue[tuple[BaseProcess, Connection]] = SimpleQueue()
    processes: list[BaseProcess] = []
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers) as threads:
        try:
            for _ in range(workers):
                ours, theirs = context.Pipe()
                work = (theirs, function, start)
                processes.append(context.Process(target=_work, args=work, daemon=True))
                with uninterrupted():
                    processes[-1].start()
                theirs.close()
                idle.put((processes[-1], ours))
            for item in chain(first, source):
                waiting.append(threads.submit(_through, idle, item))
                if len(waiting) >= _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()
            for process in processes:
                process.kill()
                process.join()


class Worker(Generic[Started]):
    """A process beside this one that keeps something open, and answers questions about it in turn.

    It starts, and opens what it keeps, with the first question, and again after one that it did not
    survive. Questions and answers must be picklable. It ends with `close`, or with this process.
    """

    def __init__(self, start: Callable[[], Started], patience: float = 120.0) -> None:
        """Keep what opens things; patience: the seconds that a question may take, and opening."""
        self._start, self._patience = start, patience
        self._lock = threading.Lock()
        self._running: tuple[BaseProcess, Connection] | None = None

    def ask(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Return `function(kept, *arguments)` of the process; other threads wait for their turn.

        Raises:
            RunError: BL929 when the process ends meanwhile, or the answer takes too long; else whatever
                the function or opening raises.
        """
        with self._lock:
            process, connection = self._process()
            try:
                connection.send((function, arguments))
                if not connection.poll(self._patience):
                    self._end()
                    raise RunError("BL929", f"no answer after {self._patience:g} seconds")
                found, error = connection.recv()
            except (EOFError, OSError) as gone:
                self._end()
                message = (
                    f"a worker process ended before it answered (exit code {process.exitcode})"
                )
                raise RunError("BL929", message) from gone
        if error is not None:
            raise cast(Exception, error)
        return cast(Result, found)

    def close(self) -> None:
        """End the process, which a question that is being answered loses."""
        self._end()

    def _process(self) -> tuple[BaseProcess, Connection]:
        if self._running is None:
            context = get_context("spawn")
            ours, theirs = context.Pipe()
            work = (theirs, _asked, self._start)
            process = context.Process(target=_work, args=work, daemon=True)
            with uninterrupted():
                process.start()
            theirs.close()
            self._running = process, ours
        return self._running

    def _end(self) -> None:
        if self._running is not None:
            process, connection = self._running
            self._running = None
            process.kill()
            process.join()
            connection.close()


def _asked(kept: Any, question: tuple[Callable[..., Any], tuple[object, ...]]) -> Any:
    function, arguments = question
    return function(kept, *arguments)


class _Started:
    """What `start` returned, which may be None."""

    def __init__(self, value: object) -> None:
        self.value = value


def _call(function: Callable[..., Result], started: _Started | None, item: object) -> Result:
    return function(item) if started is None else function(started.value, item)


def _through(idle: "SimpleQueue[tuple[BaseProcess, Connection]]", item: Any) -> Any:
    """Let a process that has nothing to do work on an item; each thread waits for one process."""
    process, connection = idle.get()
    try:
        connection.send(item)
        found, error = connection.recv()
    except (EOFError, OSError) as gone:
        process.join()
        raise RunError(
            "BL929",
            f"a worker process ended before its work was done (exit code {process.exitcode})",
            hint="the system ends processes when memory is short; --workers 1 needs the least",
        ) from gone
    finally:
        idle.put((process, connection))
    if error is not None:
        raise cast(Exception, error)
    return found


def _work(
    connection: Connection, function: Callable[..., Any], start: Callable[[], Any] | None
) -> None:
    """Answer items until the process at the other end has no more, or is no more."""
    # Ctrl-C reaches all processes of a terminal, and an end of a service all of it; the process that
    # began the work ends the others.
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    started: _Started | None = None
    answer: tuple[Any, Exception | None]
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            item = connection.recv()
            try:
                if start is not None and started is None:
                    started = _Started(start())
                answer = _call(function, started, item), None
            except Exception as error:  # noqa: BLE001  (raised again where results are used)
                error.add_note("in a worker process:\n" + "".join(format_exception(error)))
                answer = None, error
            connection.send(answer)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let processes that start inside ignore Ctrl-C and SIGTERM from their first moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in _STOPS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
