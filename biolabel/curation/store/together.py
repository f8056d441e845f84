"""Changes that wait for each other are kept together: one transaction, one write to the disk for all."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from biolabel.errors import RunError

T = TypeVar("T")
Writing = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction (`Database.writing`)."""


@dataclass(frozen=True, slots=True)
class _Change(Generic[T]):
    """What is to be written, and who waits for it."""

    work: Callable[[Connection], T]
    kept: Future[T]


class Together:
    """A line of changes. Who takes the next transaction takes along all that came meanwhile.

    Source: "group commit" of DeWitt et al., Implementation Techniques for Main Memory Database Systems
    (SIGMOD 1984), section 5.2. Nothing is acknowledged before its transaction is on the disk.
    """

    def __init__(self, threads: int, most: int) -> None:
        """Make an empty line; threads: transactions at a time; most: changes in one of them."""
        self._most = most
        self._line: deque[_Change[Any]] = deque()
        self._threads = ThreadPoolExecutor(threads, "biolabel-writing")

    def keep(self, writing: Writing, work: Callable[[Connection], T]) -> Future[T]:
        """Return what is known once the change is kept: what `work` returned, or the error it raised.

        work: is called within a transaction, and within another one where the first cannot be kept;
        where it raises, nothing that it did is kept.
        """
        change = _Change(work, Future[T]())
        self._line.append(change)
        self._threads.submit(self._next, writing)
        return change.kept

    def close(self) -> None:
        """Keep what waits, and take no more."""
        self._threads.shutdown()

    def _next(self, writing: Writing) -> None:
        """Keep the changes that wait, if no transaction before has taken them along."""
        taken: list[_Change[Any]] = []
        with suppress(IndexError):  # the line is empty
            while len(taken) < self._most:
                change = self._line.popleft()
                if change.kept.set_running_or_notify_cancel():
                    taken.append(change)
        if not taken:
            return
        try:
            _keep(writing, taken)
        except BaseException as error:
            _fail(taken, error)
            raise


def _keep(writing: Writing, changes: Sequence[_Change[Any]]) -> None:
    try:
        with writing() as connection:
            made = [change.work(connection) for change in changes]
    except RunError as error:
        # One that is refused takes no other along. What another program holds is waited for once.
        if len(changes) == 1 or error.code == "BL954":
            _fail(changes, error)
            return
        for change in changes:
            _keep(writing, [change])
    else:
        for change, result in zip(changes, made, strict=True):
            change.kept.set_result(result)


def _fail(changes: Sequence[_Change[Any]], error: BaseException) -> None:
    for change in changes:
        if not change.kept.done():
            change.kept.set_exception(error)
