"""Questions to the database are answered a few at a time, all of them in the end."""

import time
from threading import Lock

import anyio
import pytest

from biolabel.errors import RunError
from biolabel.web.turns import AT_ONCE, Turns


def test_few_ask_at_the_same_time() -> None:
    lock, now, most, answers = Lock(), 0, 0, list[int]()

    def question() -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1
        return 7

    async def ask(turns: Turns) -> None:
        answers.append(await turns.read(question))

    async def all_ask() -> None:
        turns = Turns()
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(ask, turns)

    anyio.run(all_ask)
    assert answers == [7] * 12
    assert most == AT_ONCE


def test_who_asks_is_told_what_went_wrong() -> None:
    def question() -> int:
        raise RunError("BL958", "no such assertion")

    async def ask() -> int:
        return await Turns().read(question)

    with pytest.raises(RunError, match="no such assertion"):
        anyio.run(ask)
