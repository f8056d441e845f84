"""Turns: how many questions to the database of curation are answered at the same time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2
"""Threads that read for the API at the same time. Threads of Python take turns anyway, and the more of them
do, the longer each waits between two steps: of 40 a decision waited for all. With 1 and 3 the times of
`benchmarks/server.py` were those with 2, within what they differ from run to run."""


class Turns:
    """A line of those who want to read, first come, first served."""

    def __init__(self) -> None:
        """Make an empty line."""
        # Their own threads: those that anyio lends take four times as long to hand a question over.
        self._threads = ThreadPoolExecutor(AT_ONCE, "biolabel-reading")

    async def read(self, question: Callable[[], T]) -> T:
        """Return the answer to a question, asked in a thread when its turn has come."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)
