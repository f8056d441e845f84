"""Turns: how many questions to the database of curation are answered at the same time."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

T = TypeVar("T")

AT_ONCE = 2
"""Threads that read for the API at the same time. Threads of Python take turns anyway, and the more of them
do, the longer each waits between two steps: of 40 a decision waited for all. With 1 and 3 the times of
`benchmarks/server.py` were those with 2, within what they differ from run to run."""


class Turns:
    """A line of those who want to read."""

    def __init__(self) -> None:
        """Make an empty line."""
        self._limiter = CapacityLimiter(AT_ONCE)

    async def read(self, question: Callable[[], T]) -> T:
        """Return the answer to a question, asked in a thread when its turn has come."""
        return await run_sync(question, limiter=self._limiter)
