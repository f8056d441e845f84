import os

from biolabel.data.executor import HERE, Processes


def with_process(started: str, item: int) -> tuple[str, int, int]:
    return started, item, os.getpid()


def opened() -> str:
    return "open"


def square(item: int) -> int:
    return item * item


def test_one_process_is_this_one() -> None:
    assert not HERE.spreads
    assert list(HERE.ordered(square, range(4))) == [0, 1, 4, 9]
    assert list(HERE.ordered(with_process, [7], opened)) == [("open", 7, os.getpid())]


def test_several_processes_keep_the_order() -> None:
    assert Processes(2).spreads
    found = list(Processes(2).ordered(with_process, range(6), opened))
    assert [item for _, item, _ in found] == list(range(6))
    assert os.getpid() not in {process for *_, process in found}
