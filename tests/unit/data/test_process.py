"""A process that does what it is sent: in what it opened, in time, or with an error."""

import os
import signal
from collections.abc import Callable
from functools import partial

import pytest

from biolabel.data.process import NOTHING, Opening, Process, uninterrupted
from biolabel.errors import RunError


def numbered(number: int) -> list[int]:
    return [number]


def more(opened: list[int], item: int) -> tuple[int, ...]:
    opened.append(item)
    return tuple(opened)


def square(item: int) -> int:
    return item * item


def fails_once(opened: list[int], item: int) -> int:
    raise ValueError(opened[0] + item)


def no_opening() -> int:
    raise RunError("BL905", "no model")


def ends(item: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return item


def waits(item: int) -> int:
    signal.pause()
    return item


def test_what_opens_the_same_is_equal() -> None:
    assert Opening(partial(numbered, 1)) == Opening(partial(numbered, 1))
    assert Opening(partial(numbered, 1)) != Opening(partial(numbered, 2))
    assert Opening(None) == NOTHING
    assert hash(Opening(partial(numbered, 1))) == hash(Opening(partial(numbered, 1)))
    assert NOTHING != 0


def test_what_is_opened_stays_until_something_else_is() -> None:
    process, one, other = Process(), *(Opening(partial(numbered, n)) for n in (1, 2))
    try:
        assert process.do(more, 5, one) == (1, 5)
        assert process.do(square, 3) == 9
        assert process.do(more, 6, Opening(partial(numbered, 1))) == (1, 5, 6)
        with pytest.raises(ValueError, match="8") as caught:
            process.do(fails_once, 7, one)
        assert "in a worker process" in caught.value.__notes__[0]
        assert process.do(more, 7, other) == (2, 7)
        assert process.do(more, 8, one) == (1, 8)
    finally:
        process.end()
    assert not process.alive


def test_what_cannot_be_opened_is_tried_again() -> None:
    process = Process()
    try:
        for _ in range(2):
            with pytest.raises(RunError, match="no model"):
                process.do(more, 1, Opening(no_opening))
        assert process.do(more, 1, Opening(partial(numbered, 1))) == (1, 1)
    finally:
        process.end()


@pytest.mark.parametrize(
    ("function", "said"), [(ends, "exit code -9"), (waits, "no answer after 2")]
)
def test_a_process_that_ends_or_takes_too_long_is_gone(
    function: Callable[[int], int], said: str
) -> None:
    process = Process()
    with pytest.raises(RunError, match=said) as caught:
        process.do(function, 1, patience=None if function is ends else 2.0)
    assert caught.value.code == "BL929"
    assert not process.alive


def test_stops_are_ignored_only_inside() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with uninterrupted():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) == before
