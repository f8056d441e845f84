"""Work on many items side by side in processes, with the results in the order of the items."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, Generic, TypeVar, cast

from biolabel.data.process import Opening, Process

Item = TypeVar("Item")
Result = TypeVar("Result")
Started = TypeVar("Started")

_AHEAD = 3
"""Items a worker that are taken before the result of the first is: enough to keep all workers at
work while the results are used, few enough to hold in memory."""


class Crew:
    """Processes that work side by side on the items of a pass, and may stay for the next passes.

    A process takes a second or two to start and to import what the work needs, and may take longer to
    open what it needs.
    """

    def __init__(self) -> None:
        """Begin without processes: they start when there is work for them."""
        self._processes: list[Process] = []
        self._stays = False
        self._busy = threading.Lock()

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Keep the processes from one pass to the next until the block ends."""
        self._stays = True
        try:
            yield
        finally:
            self._stays = False
            self.end()

    def ordered(
        self,
        function: Callable[..., Result],
        items: Iterable[Item],
        workers: int,
        start: Callable[[], Started] | None = None,
    ) -> Iterator[Result]:
        """Yield `function(item)`, or `function(started, item)`, for each item in their order.

        start: called once in every process, before its first item; what it returns is handed to every
        call there, such as a model that takes long to load. A process that stays keeps it for a next
        pass with the same `start`, and what that opens must serve both. Without more than one worker,
        or more than one item, everything happens in this process. Functions, items and results must
        be picklable, and a script that is run must start its work below `if __name__ == "__main__"`.
        At most `3 * workers` items are taken before their results are used. All processes end with
        the iterator if they are not staying, when it is left early or raises, and when this process
        dies.

        Raises:
            RunError: BL929 when a process ends before its work is done; else whatever `function`,
                `start` and `items` raise, at the place of the item that raised it.
        """
        source = iter(items)
        first = list(islice(source, 2)) if workers > 1 else []
        every = chain(first, source)
        if len(first) < 2:
            opened = () if start is None else (start(),)
            yield from (function(*opened, item) for item in every)
        elif self._busy.acquire(blocking=False):
            try:
                yield from self._pass(function, every, workers, Opening(start))
            finally:
                self._busy.release()
        else:
            # Work within work, or beside it: each has its own processes, and ends them.
            yield from Crew().ordered(function, every, workers, start)

    def _pass(
        self, function: Callable[..., Result], items: Iterable[Item], workers: int, opening: Opening
    ) -> Iterator[Result]:
        idle: SimpleQueue[Process] = SimpleQueue()
        waiting: deque[Future[Result]] = deque()
        done = False
        with ThreadPoolExecutor(workers) as threads:
            try:
                # The system may have ended one that had nothing to do.
                self._processes = [process for process in self._processes if process.alive]
                while len(self._processes) < workers:
                    self._processes.append(Process())
                for process in self._processes:
                    idle.put(process)
                for item in items:
                    waiting.append(threads.submit(_through, idle, function, item, opening))
                    if len(waiting) >= _AHEAD * workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
                done = True
            finally:
                for each in waiting:
                    each.cancel()
                if not (done and self._stays):
                    self.end()

    def end(self) -> None:
        """End all processes; the next pass starts new ones."""
        ended, self._processes = self._processes, []
        for process in ended:
            process.end()


def _through(
    idle: "SimpleQueue[Process]", function: Callable[..., Result], item: object, opening: Opening
) -> Result:
    """Let a process that has nothing to do work on an item; each thread waits for one process."""
    process = idle.get()
    try:
        return cast(Result, process.do(function, item, opening))
    finally:
        idle.put(process)


class Worker(Generic[Started]):
    """A process beside this one that keeps something open, and answers questions about it in turn.

    It starts, and opens what it keeps, with the first question, and again after one that it did not
    survive. Questions and answers must be picklable. It ends with `close`, or with this process.
    """

    def __init__(self, start: Callable[[], Started], patience: float = 120.0) -> None:
        """Keep what opens things; patience: the seconds that a question may take, and opening."""
        self._opening, self._patience = Opening(start), patience
        self._lock = threading.Lock()
        self._running: Process | None = None

    def ask(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Return `function(kept, *arguments)` of the process; other threads wait for their turn.

        Raises:
            RunError: BL929 when the process ends meanwhile, or the answer takes too long; else whatever
                the function or opening raises.
        """
        with self._lock:
            if self._running is None or not self._running.alive:
                self._running = Process()
            asked = function, arguments
            return cast(Result, self._running.do(_asked, asked, self._opening, self._patience))

    def close(self) -> None:
        """End the process, which a question that is being answered loses."""
        running, self._running = self._running, None
        if running is not None:
            running.end()


def _asked(kept: Any, question: tuple[Callable[..., Any], tuple[object, ...]]) -> Any:
    function, arguments = question
    return function(kept, *arguments)
