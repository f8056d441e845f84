"""Load the assertions of a run: what it no longer asserts goes, unless somebody decided on it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)

from biolabel.curation.assertions import Assertion
from biolabel.curation.review import assertion_id
from biolabel.curation.store.bulk import indices_afterwards, insert_rows, without_garbage
from biolabel.curation.store.content import digest_of
from biolabel.curation.store.database import Database
from biolabel.curation.store.rows import AssertionRows, rows_of
from biolabel.curation.store.tables import assertions, decisions, evidence, loads, names, rules
from biolabel.errors import RunError

_TABLES = (assertions, names, evidence, rules)
_BATCH = 10_000
"""Assertions that are turned into rows at a time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a run did to a task's assertions.

    assertions: how many the run has; new: how many of them the run before did not have; changed: of how
    many others it says something else; gone: how many only the run before had; kept: how many of these
    stay, because somebody decided on them.
    """

    assertions: int
    new: int
    changed: int
    gone: int
    kept: int


@dataclass(frozen=True, slots=True)
class _Before:
    """What the database has of an assertion; digest is empty where the last run did not assert it."""

    digest: str
    decided: bool


def load(database: Database, task: str, found: Sequence[Assertion], run: str) -> Loaded:
    """Make the assertions of a run those of a task, all or nothing.

    run: what names the run, such as the key of its stage. Decisions stay as they are. An assertion, or a
    row of evidence, that somebody decided on and that this run does not have stays too, marked as not
    current. Decisions that are made meanwhile wait.

    Raises:
        RunError: BL964 two of the assertions are the same claim; and as `Database.writing`. The
            assertions are those of the run before then.
    """
    ordered = _ordered(task, found)
    changed = 0
    with without_garbage(), database.writing() as connection:
        _announce(connection, task, run, len(ordered))
        before = _before(connection, task)
        had = {key for key, each in before.items() if each.digest}
        gone = before.keys() - ordered.keys()
        _remove(connection, sorted(gone), before)
        there = connection.scalar(select(func.count()).select_from(assertions)) or 0
        mostly_new = len(ordered.keys() - before.keys()) > there
        with indices_afterwards(connection, _TABLES) if mostly_new else nullcontext():
            for part in _parts(ordered):
                digests = [(key, each, digest_of(each)) for key, each in part]
                made = [
                    rows_of(key, task, each, digest)
                    for key, each, digest in digests
                    if key not in before or digest != before[key].digest
                ]
                _put(connection, made, before)
                changed += sum(each.id in had for each in made)
        for table in _TABLES:
            # So that the planner knows how few rows a filter leaves.
            connection.execute(text(f"ANALYZE {table.name}"))
    return Loaded(
        assertions=len(ordered),
        new=len(ordered.keys() - had),
        changed=changed,
        gone=len(gone & had),
        kept=sum(before[key].decided for key in gone & had),
    )


def tasks_of(database: Database) -> tuple[str, ...]:
    """Return the names of the tasks that have been loaded, in the order of the alphabet."""
    with database.reading() as connection:
        return tuple(connection.scalars(select(loads.c.task).order_by(loads.c.task)))


def run_of(database: Database, task: str) -> str | None:
    """Return what names the run that a task's assertions are from, None where none was loaded."""
    with database.reading() as connection:
        return connection.scalar(select(loads.c.run).where(loads.c.task == task))


def _ordered(task: str, found: Sequence[Assertion]) -> dict[str, Assertion]:
    """Return assertions by their ids, in the order of these.

    In it rows are appended to the tables' trees, which is several times as fast.
    """
    by_id: dict[str, Assertion] = {}
    for each in found:
        claim = each.subject, each.predicate, each.object
        if by_id.setdefault(assertion_id(task, *claim), each) is not each:
            raise RunError("BL964", f"{' '.join(claim)} is twice among the assertions of {task}")
    return dict(sorted(by_id.items()))


def _announce(connection: Connection, task: str, run: str, count: int) -> None:
    values = {"run": run, "at": datetime.now(UTC), "assertions": count}
    changed = connection.execute(update(loads).where(loads.c.task == task).values(values))
    if not changed.rowcount:
        connection.execute(insert(loads).values(task=task, **values))


def _before(connection: Connection, task: str) -> dict[str, _Before]:
    """Return what the database has of a task's assertions, which nobody decides on until the commit."""
    own = assertions.c
    query = select(own.id, own.digest, own.current, own.decisions).where(own.task == task)
    return {
        row.id: _Before(row.digest if row.current else "", row.decisions > 0)
        for row in connection.execute(query.with_for_update())
    }


def _remove(connection: Connection, gone: Sequence[str], before: Mapping[str, _Before]) -> None:
    """Delete assertions with all that belongs to them; those that somebody decided on are marked."""
    undecided = [key for key in gone if not before[key].decided]
    for table in (rules, names, evidence):
        _delete(connection, table, table.c.assertion, undecided)
    _delete(connection, assertions, assertions.c.id, undecided)
    for key in gone:
        if before[key].decided:
            one = assertions.c.id == key
            connection.execute(update(assertions).where(one).values(current=False))


def _parts(ordered: Mapping[str, Assertion]) -> Iterator[list[tuple[str, Assertion]]]:
    waiting = iter(ordered.items())
    while part := list(islice(waiting, _BATCH)):
        yield part


def _put(
    connection: Connection, made: Sequence[AssertionRows], before: Mapping[str, _Before]
) -> None:
    """Insert the assertions that are not there, and write the others again."""
    fresh = [each for each in made if each.id not in before]
    changed = [each for each in made if each.id in before]
    keys = [each.id for each in changed]
    for table in (rules, names):
        _delete(connection, table, table.c.assertion, keys)
    judged = exists().where(
        decisions.c.assertion == evidence.c.assertion, decisions.c.evidence == evidence.c.id
    )
    _delete(connection, evidence, evidence.c.assertion, keys, ~judged)
    start = {"state": "undecided", "settled": False, "decisions": 0}
    insert_rows(connection, assertions, [{"id": each.id, **each.head, **start} for each in fresh])
    if changed:
        connection.execute(
            update(assertions).where(assertions.c.id == bindparam("key")),
            [{"key": each.id, **each.head} for each in changed],
        )
    insert_rows(connection, names, [each.names for each in made])
    insert_rows(connection, rules, [row for each in made for row in each.rules])
    kept = _mark_kept(connection, [key for key in keys if before[key].decided])
    papers = [(row["assertion"], row["id"], row) for each in made for row in each.evidence]
    insert_rows(connection, evidence, [row for *key, row in papers if tuple(key) not in kept])
    for assertion, key, row in papers:
        if (assertion, key) in kept:
            one = (evidence.c.assertion == assertion, evidence.c.id == key)
            connection.execute(update(evidence).where(*one).values(row))


def _mark_kept(connection: Connection, decided: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Mark the evidence that is left of assertions as not current; return it: assertion and id."""
    kept: set[tuple[str, str]] = set()
    for assertion in decided:
        own = evidence.c.assertion == assertion
        connection.execute(update(evidence).where(own).values(current=False))
        kept.update(
            (assertion, key) for key in connection.scalars(select(evidence.c.id).where(own))
        )
    return frozenset(kept)


def _delete(
    connection: Connection,
    table: Table,
    column: ColumnElement[str],
    keys: Sequence[str],
    *more: ColumnElement[bool],
) -> None:
    """Delete the rows of a table that belong to assertions."""
    if keys:
        statement = delete(table).where(column == bindparam("key"), *more)
        connection.execute(statement, [{"key": key} for key in keys])
