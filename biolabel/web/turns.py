"""Turns: how many questions to the database of curation are answered at the same time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """A line of those who want to read, first come, first served."""

    def __init__(self, at_once: int) -> None:
        """Make an empty line; at_once: how many are answered at the same time (`Database.readers`)."""
        # Threads of its own: those that anyio lends take four times as long to hand a question over.
        self._threads = ThreadPoolExecutor(at_once, "biolabel-reading")

    async def read(self, question: Callable[[], T]) -> T:
        """Return the answer to a question, asked in a thread when its turn has come."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)
