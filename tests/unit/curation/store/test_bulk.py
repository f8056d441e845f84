"""Rows that are inserted together are those that were given, and indices are there as before."""

import gc
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select, text

from biolabel.curation import Assertion, Evidence
from biolabel.curation.queue import Filters, Query, count, page
from biolabel.curation.store import Database, load
from biolabel.curation.store.bulk import indices_afterwards, insert_rows, without_garbage
from biolabel.curation.store.tables import assertions, evidence, names, rules
from biolabel.errors import RunError

FILES = pytest.mark.parametrize("where", ["sqlite"], indirect=True)
Claim = Callable[..., Assertion]
Row = Callable[..., Evidence]


def schema(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as connection:
        # But for what ANALYZE writes.
        query = (
            "SELECT type, name, sql FROM sqlite_master WHERE name <> 'sqlite_stat1' ORDER BY name"
        )
        return [(row[0], row[1], row[2]) for row in connection.execute(text(query))]


def numbers(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(names)) or 0


def test_rows_come_back_as_they_were_given(database: Database, ids: tuple[str, ...]) -> None:
    given = [
        {"assertion": ids[0], "rule": 'a "rule" of 100 %', "votes_for": 3, "votes_against": 0},
        {"votes_against": 2**31 - 1, "assertion": ids[1], "votes_for": 0, "rule": "Ä"},
    ]
    with database.writing() as connection:
        connection.execute(rules.delete())
        insert_rows(connection, rules, given)
        insert_rows(connection, rules, [])
    with database.reading() as connection:
        found = connection.execute(select(rules).order_by(rules.c.votes_for.desc())).mappings()
        assert [dict(row) for row in found] == given


def test_rows_that_a_database_does_not_take(database: Database) -> None:
    given = [{"assertion": "0" * 16, "rule": "cue", "votes_for": 1, "votes_against": 0}]
    with pytest.raises(RunError) as caught, database.writing() as connection:
        insert_rows(connection, rules, given)  # no such assertion
    assert caught.value.code == "BL957"


@FILES
def test_indices_are_as_before_and_know_all_rows(
    database: Database, claim: Claim, row: Row
) -> None:
    before = schema(database)
    load(database, "first", [claim(1, evidence=(row(1),))], "run 1")
    # Most rows are new, then few, then most of another task beside those that are there.
    many = [claim(number, evidence=(row(1), row(2))) for number in range(1, 9)]
    load(database, "first", many, "run 2")
    load(database, "first", [replace(many[0], subject_name="other"), *many[1:]], "run 3")
    load(database, "second", [claim(number, evidence=(row(1),)) for number in range(20)], "run 1")
    assert schema(database) == before
    with database.reading() as connection:
        assert numbers(connection) == 28
    # FTS5 itself compares its index with the names (sqlite.org/fts5.html, command 'integrity-check').
    with database.writing() as connection:
        connection.execute(text("INSERT INTO grams (grams, rank) VALUES ('integrity-check', 1)"))
    assert count(database, Filters(text="other")) == 1
    assert len(page(database, Query(filters=Filters(text="other"))).rows) == 1
    assert count(database, Filters(task="first", text=many[0].subject_name)) < 8


@FILES
def test_a_failure_in_the_middle_leaves_the_indices(database: Database) -> None:
    before = schema(database)
    tables = (assertions, names, evidence, rules)
    with (
        pytest.raises(RuntimeError, match="stop"),
        database.writing() as connection,
        indices_afterwards(connection, tables),
    ):
        raise RuntimeError("stop")
    assert schema(database) == before


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_is_looked_for_afterwards_as_before(collects: bool) -> None:
    was, switch = gc.isenabled(), {True: gc.enable, False: gc.disable}
    try:
        switch[collects]()
        with without_garbage():
            assert not gc.isenabled()
        assert gc.isenabled() == collects
    finally:
        switch[was]()
