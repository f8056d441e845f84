"""What comes at the same time is done in one transaction; what is refused stops nothing else."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest
from sqlalchemy import Connection, insert, select, text

from biolabel.curation.review import NewDecision
from biolabel.curation.store import Database, all_decisions, deciding, one_json, undoing
from biolabel.curation.store.tables import loads
from biolabel.curation.store.together import Together
from biolabel.errors import RunError

WAIT = 30


class Paper:
    """A stand-in for a database: what each transaction kept, and how many were begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.kept: list[list[str]] = []
        self.fault: BaseException | None = None
        self.now: list[str] = []

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self.begun += 1
        if self.fault is not None:
            raise self.fault
        self.now = []
        yield None  # type: ignore[misc]
        self.kept.append(self.now)

    def note(self, text: str) -> Callable[[Connection], str]:
        def work(_: Connection) -> str:
            self.now.append(text)
            if text.startswith("bad"):
                raise RunError("BL959", text)
            return text.upper()

        return work


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def line() -> Iterator[Together]:
    made = Together("writing", threads=1, most=3)
    yield made
    made.close()


def held(line: Together, paper: Paper, texts: list[str]) -> list[Future[str]]:
    """Send changes while the line's thread is busy, so that all of them wait; return their results."""
    going, go = Event(), Event()

    def work(_: Connection) -> None:
        going.set()
        assert go.wait(WAIT)

    first = line.do(paper.writing, work)
    assert going.wait(WAIT)
    sent = [line.do(paper.writing, paper.note(text)) for text in texts]
    go.set()
    first.result(WAIT)
    return sent


def test_what_waits_is_kept_by_one_transaction(line: Together, paper: Paper) -> None:
    sent = held(line, paper, ["a", "b", "c", "d"])
    assert [each.result(WAIT) for each in sent] == ["A", "B", "C", "D"]
    assert paper.kept == [[], ["a", "b", "c"], ["d"]]


def test_one_that_is_refused_stops_no_other(line: Together, paper: Paper) -> None:
    good, bad, other = held(line, paper, ["good", "bad", "other"])
    assert (good.result(WAIT), other.result(WAIT)) == ("GOOD", "OTHER")
    with pytest.raises(RunError, match="bad"):
        bad.result(WAIT)
    assert paper.kept == [[], ["good"], ["other"]]


@pytest.mark.parametrize(("code", "tries"), [("BL954", 1), ("BL953", 3)])
def test_a_database_that_takes_nothing_is_told_to_all(
    line: Together, paper: Paper, code: str, tries: int
) -> None:
    going = Event()

    def work(_: Connection) -> None:
        going.wait(WAIT)
        paper.fault = RunError(code, "no")

    first = line.do(paper.writing, work)
    sent = [line.do(paper.writing, paper.note(text)) for text in ("a", "b")]
    going.set()
    first.result(WAIT)
    for each in sent:
        with pytest.raises(RunError) as caught:
            each.result(WAIT)
        assert caught.value.code == code
    # Where another program holds it, all wait for that once; else each is tried alone as well.
    assert paper.begun == 1 + tries


def test_a_mistake_of_ours_leaves_nobody_waiting(line: Together, paper: Paper) -> None:
    def broken(_: Connection) -> str:
        raise KeyError("ours")

    going, go = Event(), Event()

    def work(_: Connection) -> None:
        going.set()
        go.wait(WAIT)

    line.do(paper.writing, work)
    assert going.wait(WAIT)
    sent = [line.do(paper.writing, each) for each in (paper.note("a"), broken)]
    go.set()
    for each in sent:
        with pytest.raises(KeyError):
            each.result(WAIT)
    assert line.do(paper.writing, paper.note("next")).result(WAIT) == "NEXT"


def test_who_has_gone_keeps_nothing(line: Together, paper: Paper) -> None:
    going, go = Event(), Event()

    def work(_: Connection) -> None:
        going.set()
        go.wait(WAIT)

    line.do(paper.writing, work)
    assert going.wait(WAIT)
    gone, here = (line.do(paper.writing, paper.note(text)) for text in ("gone", "here"))
    assert gone.cancel()
    go.set()
    assert here.result(WAIT) == "HERE"
    assert paper.kept[-1] == ["here"]


def test_what_waits_is_kept_before_the_end(paper: Paper) -> None:
    line = Together("writing", threads=1, most=3)
    sent = held(line, paper, ["a", "b"])
    line.close()
    assert all(each.done() for each in sent)


def test_decisions_of_both_kinds_of_database(database: Database, ids: tuple[str, ...]) -> None:
    wrong = "0" * 16
    sent = [
        deciding(database, NewDecision(key, "accept", f"curator {turn}", key=key))
        for turn in range(6)
        for key in (*ids, wrong)
    ]
    for number, each in enumerate(sent):
        if number % (len(ids) + 1) == len(ids):
            with pytest.raises(RunError) as caught:
                each.result(WAIT)
            assert caught.value.code == "BL958"
        else:
            assert each.result(WAIT).assertion == ids[number % (len(ids) + 1)]
    assert len(all_decisions(database)) == 6 * len(ids)
    first = sent[0].result()
    assert undoing(database, first.id, "curator 0").result(WAIT).undoes == first.id


def test_a_change_that_fails_after_writing_keeps_nothing(
    database: Database, ids: tuple[str, ...]
) -> None:
    def work(connection: Connection) -> None:
        connection.execute(insert(loads).values(task="no"))  # it lacks values

    wrong = database.keep(work)
    right = deciding(database, NewDecision(ids[0], "accept", "ann"))
    with pytest.raises(RunError) as caught:
        wrong.result(WAIT)
    assert caught.value.code == "BL957"
    assert right.result(WAIT).by == "ann"
    with database.reading() as connection:
        assert list(connection.scalars(select(loads.c.task))) == ["cid"]


def test_who_asks_sees_what_was_kept_before_and_is_told_alone_what_is_wrong(
    database: Database, ids: tuple[str, ...]
) -> None:
    def fault(connection: Connection) -> str:
        return connection.scalar(text("SELECT nothing FROM nowhere")) or ""

    for turn in range(6):
        deciding(database, NewDecision(ids[0], "accept", f"curator {turn}")).result(WAIT)
        asked = [database.ask(partial(one_json, key)) for key in (ids[0], "0" * 16, ids[1])]
        wrong = database.ask(fault)
        found = json.loads(asked[0].result(WAIT))
        assert [each["by"] for each in found["decisions"]] == [
            f"curator {i}" for i in range(turn + 1)
        ]
        assert json.loads(asked[2].result(WAIT))["id"] == ids[1]
        for each, code in ((asked[1], "BL958"), (wrong, "BL957")):
            with pytest.raises(RunError) as caught:
                each.result(WAIT)
            assert caught.value.code == code


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
def test_a_file_is_asked_at_once_what_waits(database: Database) -> None:
    going, go = Event(), Event()

    def slow(_: Connection) -> None:
        going.set()
        assert go.wait(WAIT)

    def moment(connection: Connection) -> int:
        return id(connection)

    database.ask(slow)
    assert going.wait(WAIT)
    asked = [database.ask(moment) for _ in range(5)]
    go.set()
    assert len({each.result(WAIT) for each in asked}) == 1
