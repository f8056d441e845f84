"""Databases of older versions are brought to the newest one, with all that is in them."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

from biolabel.curation.queue import Filters, Query, page
from biolabel.curation.review import NewDecision, Outcome
from biolabel.curation.store import (
    FILE,
    Database,
    add_user,
    decide,
    history,
    one,
    open_database,
    read_audit,
)
from biolabel.curation.store.migrate import settings, upgrade
from biolabel.curation.store.tables import VERSION, VERSION_TABLE, metadata
from biolabel.errors import RunError

KEY = "8000000000000007"  # the number 7 in the tables
CONTENT = (
    '{"subject":"MESH:C1","predicate":"causes","object":"MESH:D1","subject_name":"a",'
    '"object_name":"b","probability":0.5,"maximum":0.5,"documents":1,"status":"new","evidence":[]}'
)
FIRST_VERSION = (
    "INSERT INTO loads VALUES ('cid', 'run 1', '2026-01-01 00:00:00', 1)",
    "INSERT INTO assertions VALUES (7, 'cid', 'MESH:C1', 'causes', 'MESH:D1', 0.5, 1, 'new', 1, 4.5, "
    f"0, 'accepted', false, 1, true, '', '{CONTENT}')",
    "INSERT INTO decisions VALUES (1, 'decision', 7, NULL, 'accept', 'ann', '2026-01-02 00:00:00', "
    "'as the paper says', NULL, 'run 1')",
)
"""What a biolabel of the first schema version may have written."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where there is a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / FILE)
    url: str = request.getfixturevalue("postgres")
    return url


def engine_of(where: str) -> Engine:
    if "://" in where:
        return create_engine(where.replace("postgresql:", "postgresql+psycopg:"))
    return create_engine(f"sqlite:///{where}")


@pytest.fixture
def old(empty: str) -> str:
    """Return where there is a database of the first version, with a decision in it."""
    engine = engine_of(empty)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        for statement in FIRST_VERSION:
            connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('decisions_id_seq', 1)"))
    engine.dispose()
    return empty


def test_the_migrations_end_at_the_tables(empty: str) -> None:
    database = open_database(empty)
    with database.reading() as connection:
        assert ScriptDirectory.from_config(settings(connection)).get_heads() == [VERSION]
        options = {
            "compare_type": True,
            "version_table": VERSION_TABLE,
            # FTS5 keeps its index in tables of its own.
            "include_name": lambda name, kind, _: kind != "table" or not name.startswith("grams"),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_decisions_of_the_version_before_are_kept(old: str) -> None:
    database = open_database(old)
    (first,) = history(database, KEY)
    assert (first.by, first.verdict, first.comment) == ("ann", "accept", "as the paper says")
    assert one(database, KEY).outcome == Outcome("accepted")
    second = decide(database, NewDecision(KEY, "reject", "bob", key="click"))
    assert second.id > first.id
    assert one(database, KEY).outcome == Outcome("disputed")
    add_user(database, "ann", "a long password", "admin", by="setup")
    assert [each.action for each in read_audit(database)] == ["add user"]
    database.close()


def test_searches_find_what_the_version_before_had(old: str) -> None:
    engine = engine_of(old)
    with engine.begin() as connection:
        upgrade(connection, "0002")
        connection.exec_driver_sql("INSERT INTO names VALUES (7, 'old compound causes mesh:d1')")
    engine.dispose()
    database = open_database(old)
    for words, found in (("compound", 1), ("MESH:D1 old", 1), ("compounds", 0), ("ol", 1)):
        assert len(page(database, Query(filters=Filters(text=words))).rows) == found, words
    database.close()


@pytest.mark.parametrize("table", ["decisions", "audit"])
def test_what_only_grows_does_so_after_the_migration(old: str, table: str) -> None:
    database = open_database(old)
    add_user(database, "ann", "a long password", "admin", by="setup")
    with pytest.raises(RunError, match="is only added to"), database.writing() as connection:
        connection.execute(text(f"DELETE FROM {table}"))
    database.close()


def test_a_migration_that_fails_changes_nothing(old: str) -> None:
    engine = engine_of(old)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit (mine INTEGER)"))
    with pytest.raises(RunError, match="audit") as caught:
        open_database(old)
    assert caught.value.code == "BL957"
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "0001"
        connection.execute(text("DROP TABLE audit"))
    engine.dispose()
    database = open_database(old)
    assert len(history(database, KEY)) == 1
    database.close()


def test_a_newer_version_is_left_alone(empty: str) -> None:
    open_database(empty).close()
    engine = engine_of(empty)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0999'"))
    with pytest.raises(RunError, match="schema version 0999") as caught:
        open_database(empty)
    assert caught.value.code == "BL956"
    with engine.begin() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")) == "0999"
    engine.dispose()


def test_many_open_a_new_database_at_once(empty: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        opened: list[Database] = list(pool.map(open_database, [empty] * 4))
    for database in opened:
        with database.reading() as connection:
            query = text(f"SELECT version_num FROM {VERSION_TABLE}")
            assert list(connection.scalars(query)) == [VERSION]
        database.close()
