"""What waits for each other is done together: one transaction, and one write to the disk, for all."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from biolabel.errors import RunError

T = TypeVar("T")
Opening = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction (`Database.writing` or `Database.reading`)."""


@dataclass(frozen=True, slots=True)
class _Task(Generic[T]):
    """What is to be done in a transaction, and who waits for it."""

    work: Callable[[Connection], T]
    done: Future[T]


class Together:
    """A line of changes, or of questions. The next transaction takes along all that came meanwhile.

    Source: "group commit" of DeWitt et al., Implementation Techniques for Main Memory Database Systems
    (SIGMOD 1984), section 5.2. No change is acknowledged before its transaction is on the disk. Who asks
    sees all that was acknowledged before: a transaction begins after the questions that it takes along.
    """

    def __init__(self, name: str, threads: int, most: int) -> None:
        """Make an empty line; threads: transactions at a time; most: tasks in one of them."""
        self._most = most
        self._line: deque[_Task[Any]] = deque()
        self._threads = ThreadPoolExecutor(threads, f"biolabel-{name}")

    def do(self, opening: Opening, work: Callable[[Connection], T]) -> Future[T]:
        """Return what is known once the transaction has ended: what `work` returned, or its error.

        work: is called within a transaction, and within another one where the first cannot be kept;
        where it raises, nothing that it did is kept.
        """
        task = _Task(work, Future[T]())
        self._line.append(task)
        self._threads.submit(self._next, opening)
        return task.done

    def close(self) -> None:
        """Do what waits, and take no more."""
        self._threads.shutdown()

    def _next(self, opening: Opening) -> None:
        """Do what waits, if no transaction before has taken it along."""
        taken: list[_Task[Any]] = []
        with suppress(IndexError):  # the line is empty
            while len(taken) < self._most:
                task = self._line.popleft()
                if task.done.set_running_or_notify_cancel():
                    taken.append(task)
        if not taken:
            return
        try:
            _do(opening, taken)
        except BaseException as error:
            _fail(taken, error)
            raise


def _do(opening: Opening, tasks: Sequence[_Task[Any]]) -> None:
    try:
        with opening() as connection:
            made = [task.work(connection) for task in tasks]
    except RunError as error:
        # One that is refused takes no other along. What another program holds is waited for once.
        if len(tasks) == 1 or error.code == "BL954":
            _fail(tasks, error)
            return
        for task in tasks:
            _do(opening, [task])
    else:
        for task, result in zip(tasks, made, strict=True):
            task.done.set_result(result)


def _fail(tasks: Sequence[_Task[Any]], error: BaseException) -> None:
    for task in tasks:
        if not task.done.done():
            task.done.set_exception(error)
