from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from biolabel.curation import Assertion
from biolabel.curation.review import NewDecision, Outcome, Verdict, evidence_ids
from biolabel.curation.store import (
    Database,
    adjudicate,
    all_decisions,
    decide,
    history,
    load,
    one,
    open_database,
    undo,
)
from biolabel.curation.store.tables import audit, decisions
from biolabel.errors import RunError

NOWHERE = "0123456789abcdef"


def test_a_decision_is_kept(database: Database, ids: tuple[str, ...]) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann", "sure: <b>'; DROP TABLE"))
    assert made.id == 1
    assert (made.kind, made.verdict, made.by, made.undoes) == ("decision", "accept", "ann", None)
    assert abs(datetime.now(UTC) - made.at) < timedelta(minutes=1)
    assert made.at.tzinfo is not None
    assert history(database, ids[0]) == (made,)
    assert one(database, ids[0]).outcome == Outcome("accepted")
    assert one(database, ids[1]).outcome == Outcome("undecided")


def test_decisions_are_there_when_the_database_is_opened_again(
    where: str, database: Database, ids: tuple[str, ...]
) -> None:
    made = decide(database, NewDecision(ids[0], "reject", "ann"))
    database.close()
    again = open_database(where)
    assert one(again, ids[0]).decisions == (made,)
    again.close()


def test_two_curators_then_an_adjudicator(database: Database, ids: tuple[str, ...]) -> None:
    decide(database, NewDecision(ids[0], "accept", "ann"))
    decide(database, NewDecision(ids[0], "wrong relation", "bob"))
    assert one(database, ids[0]).outcome == Outcome("disputed")
    settled = adjudicate(database, NewDecision(ids[0], "reject", "eve"))
    assert settled.kind == "adjudication"
    found = one(database, ids[0])
    assert found.outcome == Outcome("rejected", settled=True)
    assert [each.by for each in found.decisions] == ["ann", "bob", "eve"]


def test_an_undo_is_a_row_of_its_own(database: Database, ids: tuple[str, ...]) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann"))
    taken = undo(database, made.id, "ann", comment="wrong row")
    assert (taken.kind, taken.undoes, taken.verdict) == ("undo", made.id, None)
    assert taken.comment == "wrong row"
    assert history(database, ids[0]) == (made, taken)
    assert one(database, ids[0]).outcome == Outcome("undecided")


@pytest.mark.parametrize(
    ("by", "twice", "of_undo", "says"),
    [
        ("bob", False, False, "ann's, not bob's"),
        ("ann", True, False, "taken back already, by 2"),
        ("ann", False, True, "is an undo"),
    ],
)
def test_an_undo_is_refused(
    database: Database, ids: tuple[str, ...], by: str, twice: bool, of_undo: bool, says: str
) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann"))
    if twice or of_undo:
        undo(database, made.id, "ann")
    before = all_decisions(database)
    with pytest.raises(RunError, match=says) as caught:
        undo(database, made.id + of_undo, by)
    assert caught.value.code == "BL959"
    assert all_decisions(database) == before


def test_a_verdict_about_evidence(
    database: Database, ids: tuple[str, ...], claim: Callable[..., Assertion]
) -> None:
    (row,) = evidence_ids(ids[0], claim(1).evidence)
    made = decide(database, NewDecision(ids[0], "wrong mention", "ann", evidence=row))
    found = one(database, ids[0])
    assert found.evidence_ids == (row,)
    assert found.decisions == (made,)
    assert found.outcome == Outcome("undecided")


def test_what_is_sent_twice_is_kept_once(database: Database, ids: tuple[str, ...]) -> None:
    new = NewDecision(ids[0], "accept", "ann", key="click 1")
    first = decide(database, new)
    assert decide(database, new) == first
    assert decide(database, NewDecision(ids[0], "accept", "bob", key="click 1")) != first
    assert len(history(database, ids[0])) == 2
    with pytest.raises(RunError, match="another decision, 1") as caught:
        decide(database, NewDecision(ids[1], "accept", "ann", key="click 1"))
    assert caught.value.code == "BL959"


NO_DECISIONS = (
    (NOWHERE, None, "accept", "ann", "BL958", NOWHERE),
    ("' OR 1=1 --", None, "accept", "ann", "BL958", "OR 1=1"),
    (None, NOWHERE, "accept", "ann", "BL958", f"no row of evidence {NOWHERE}"),
    (None, "no id", "accept", "ann", "BL958", "no row of evidence no id"),
    (None, None, "acept", "ann", "BL959", "`acept` is no verdict"),
    (None, None, "accept", " ", "BL959", "who decided"),
    (None, None, "accept", "ann\0", "BL959", "no text"),
    (None, None, "accept", "ann\ud800", "BL959", "no text"),
)


def test_what_is_no_decision_is_refused(database: Database, ids: tuple[str, ...]) -> None:
    for assertion, evidence, verdict, by, code, says in NO_DECISIONS:
        new = NewDecision(assertion or ids[0], verdict, by, evidence=evidence)  # type: ignore[arg-type]
        with pytest.raises(RunError, match=says) as caught:
            decide(database, new)
        assert caught.value.code == code
    assert all_decisions(database) == ()


def test_the_nearest_verdict_is_named(database: Database, ids: tuple[str, ...]) -> None:
    with pytest.raises(RunError) as caught:
        decide(database, NewDecision(ids[0], "acept", "ann"))  # type: ignore[arg-type]
    assert "`accept`" in caught.value.hint


@pytest.mark.parametrize("call", [history, one])
def test_unknown_assertions(database: Database, call: Callable[[Database, str], object]) -> None:
    with pytest.raises(RunError) as caught:
        call(database, NOWHERE)
    assert caught.value.code == "BL958"


def test_unknown_decisions(database: Database) -> None:
    for number in (7, 0, -1, 2**63, -(2**70)):
        with pytest.raises(RunError) as caught:
            undo(database, number, "ann")
        assert caught.value.code == "BL958"


def test_decisions_are_listed_by_task_curator_and_id(
    database: Database, ids: tuple[str, ...], claim: Callable[..., Assertion]
) -> None:
    load(database, "ddi", [claim(9)], "run 1")
    made = [
        decide(database, NewDecision(ids[0], "accept", "ann")),
        decide(database, NewDecision(ids[1], "accept", "bob")),
        decide(database, NewDecision(ids[1], "reject", "ann")),
    ]
    assert all_decisions(database) == tuple(made)
    assert all_decisions(database, by="ann") == (made[0], made[2])
    assert all_decisions(database, after=1, limit=1) == (made[1],)
    assert all_decisions(database, task="cid") == tuple(made)
    assert all_decisions(database, task="ddi") == ()


def test_decisions_of_many_at_once_are_all_kept(database: Database, ids: tuple[str, ...]) -> None:
    def work(curator: int) -> list[int]:
        verdict: Verdict = "accept" if curator % 2 else "reject"
        return [
            decide(database, NewDecision(ids[turn % 2], verdict, f"curator {curator}")).id
            for turn in range(6)
        ]

    with ThreadPoolExecutor(8) as pool:
        made = [key for keys in pool.map(work, range(8)) for key in keys]
    assert len(set(made)) == 48
    assert {each.id for each in all_decisions(database)} == set(made)
    # Every state follows from all of them, as if they had come one after the other.
    for key in ids[:2]:
        found = one(database, key)
        assert len(found.decisions) == 24
        assert found.outcome == Outcome("disputed")


def test_a_click_that_is_sent_at_once_from_two_tabs_is_kept_once(
    database: Database, ids: tuple[str, ...]
) -> None:
    new = NewDecision(ids[0], "accept", "ann", key="click 1")
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: decide(database, new), range(8)))
    assert set(made) == set(history(database, ids[0]))
    assert len(history(database, ids[0])) == 1


@pytest.mark.parametrize(
    "statement",
    [
        update(decisions).values(verdict="reject"),
        delete(decisions),
        update(audit).values(who="nobody"),
        delete(audit),
    ],
    ids=["change a decision", "delete decisions", "change the audit log", "delete the audit log"],
)
def test_the_database_itself_refuses_to_change_or_delete(
    database: Database, ids: tuple[str, ...], statement: object
) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann"))
    with database.writing() as connection:
        now = datetime.now(UTC)
        connection.execute(insert(audit).values(at=now, who="ann", action="log in", detail={}))
    with (
        pytest.raises(RunError, match="is only added to") as caught,
        database.writing() as connection,
    ):
        connection.execute(statement)  # type: ignore[call-overload]
    assert caught.value.code == "BL957"
    assert history(database, ids[0]) == (made,)


def test_sqlite_refuses_to_replace_and_postgresql_to_truncate(
    where: str, database: Database, ids: tuple[str, ...]
) -> None:
    made = decide(database, NewDecision(ids[0], "accept", "ann", key="k"))
    statements = ["TRUNCATE decisions"]
    if "://" not in where:
        row = '(id, kind, assertion, verdict, "by", at, comment, run, key)'
        new = "SELECT 1, kind, assertion, 'reject', \"by\", at, comment, run, NULL FROM decisions"
        by_key = "SELECT 9, kind, assertion, 'reject', \"by\", at, comment, run, key FROM decisions"
        statements = [f"REPLACE INTO decisions {row} {values}" for values in (new, by_key)]
    for statement in statements:
        refused = pytest.raises(SQLAlchemyError, match="is only added to")
        with database.engine.connect() as connection, refused:
            connection.execute(text(statement))
    assert history(database, ids[0]) == (made,)
