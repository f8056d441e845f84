"""Questions to the database are answered a few at a time, all of them in the end."""

from threading import Barrier, Lock

import anyio
import pytest

from biolabel.errors import RunError
from biolabel.web.turns import Turns


@pytest.mark.parametrize("at_once", [1, 3])
def test_few_ask_at_the_same_time(at_once: int) -> None:
    lock, met, answers = Lock(), Barrier(at_once), list[int]()
    now = most = 0

    def question() -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        met.wait(10)
        with lock:
            now -= 1
        return 7

    async def ask(turns: Turns) -> None:
        answers.append(await turns.read(question))

    async def all_ask() -> None:
        turns = Turns(at_once)
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(ask, turns)

    anyio.run(all_ask)
    assert answers == [7] * 12
    assert most == at_once


def test_who_asks_is_told_what_went_wrong() -> None:
    def question() -> int:
        raise RunError("BL958", "no such assertion")

    async def ask() -> int:
        return await Turns(1).read(question)

    with pytest.raises(RunError, match="no such assertion"):
        anyio.run(ask)
