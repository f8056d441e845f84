"""Databases that cannot be opened, written or waited for say so with a code, and lose nothing."""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from biolabel.curation import Assertion
from biolabel.curation.review import NewDecision
from biolabel.curation.store import (
    Database,
    add_user,
    all_decisions,
    decide,
    history,
    load,
    open_database,
    write_audit,
)
from biolabel.curation.store.database import _write_ahead
from biolabel.errors import RunError

FILES = pytest.mark.parametrize("where", ["sqlite"], indirect=True)
SERVERS = pytest.mark.parametrize("where", ["postgresql"], indirect=True)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(RunError) as caught:
        call()
    assert caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("mysql://user:secret@host/name", "mysql"),
        ("postgresql+asyncpg://host/name", "asyncpg"),
        ("postgresql://host", "postgresql://host"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "memory"),
        ("://", "parse"),
        ("http://example.org/curation.sqlite", "http"),
    ],
)
def test_what_is_no_database(where: str, says: str) -> None:
    with pytest.raises(RunError, match=says) as caught:
        open_database(where)
    assert caught.value.code == "BL950"
    assert "secret" not in caught.value.message


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RunError, match="psycopg") as caught:
        open_database("postgresql://localhost/name")
    assert caught.value.code == "BL951"
    assert "biolabel[postgres]" in caught.value.hint


def test_users_without_their_package(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argon2", None)
    call = lambda: add_user(database, "ann", "a long password", "admin", by="x")  # noqa: E731
    assert code_of(call) == "BL951"


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    assert code_of(lambda: open_database(tmp_path / "missing" / "x.sqlite")) == "BL952"
    assert code_of(lambda: open_database(tmp_path)) == "BL952"
    text = tmp_path / "text.sqlite"
    text.write_text("no database at all" * 100)
    assert code_of(lambda: open_database(text)) == "BL952"
    assert text.read_text().startswith("no database")


def test_servers_that_do_not_answer(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        open_database(f"postgresql://ann:secret@/name?host={tmp_path}")
    assert caught.value.code == "BL952"
    assert "secret" not in caught.value.message


def test_databases_that_the_server_does_not_have(postgres_server: str) -> None:
    where = postgres_server.replace("/postgres?", "/missing?")
    assert code_of(lambda: open_database(where)) == "BL952"


@FILES
def test_a_damaged_file(where: str, database: Database, ids: tuple[str, ...]) -> None:
    database.close()
    whole = Path(where).read_bytes()
    Path(where).write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    call = lambda: history(database, ids[0])  # noqa: E731
    assert code_of(call) in ("BL957", "BL958")


@pytest.fixture
def room() -> Callable[[Database, int], None]:
    """Return what lets a database grow by so many pages of 4 KB and no more."""

    def leave(database: Database, pages: int) -> None:
        with database.engine.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {used + pages}")

    return leave


@FILES
def test_a_full_disk(
    database: Database,
    ids: tuple[str, ...],
    claim: Callable[..., Assertion],
    room: Callable[[Database, int], None],
) -> None:
    room(database, 4)
    kept = []
    code = ""
    while not code:
        try:
            kept.append(decide(database, NewDecision(ids[0], "accept", "ann", "x" * 1000)))
        except RunError as error:
            code = error.code
    assert code == "BL953"
    assert kept
    many = [claim(number) for number in range(1000)]
    assert code_of(lambda: load(database, "cid", many, "run 2")) == "BL953"
    assert history(database, ids[0]) == tuple(kept)
    # When there is room again, it goes on where it stopped.
    room(database, 1000)
    decide(database, NewDecision(ids[0], "reject", "ann"))
    assert len(history(database, ids[0])) == len(kept) + 1


def test_a_locked_database(where: str, database: Database, ids: tuple[str, ...]) -> None:
    hasty = open_database(where, patience=0.1)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE assertions SET settled = settled")
        new = NewDecision(ids[0], "accept", "ann")
        assert code_of(lambda: decide(hasty, new)) == "BL954"
        # Reading waits for nobody.
        assert history(hasty, ids[0]) == ()
    decide(hasty, new)
    assert len(history(hasty, ids[0])) == 1
    hasty.close()


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """Return a folder that anybody may read; the test is not root, whom no file refuses anything."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    if os.getuid() == 0:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file(as_nobody: Path, claim: Callable[..., Assertion]) -> None:
    path = as_nobody / "curation.sqlite"
    opened = open_database(path)
    load(opened, "cid", [claim(1)], "run 1")
    opened.close()
    path.chmod(0o444)
    as_nobody.chmod(0o555)
    if os.getuid() == 0:
        os.seteuid(65534)
    assert code_of(lambda: open_database(path)) == "BL955"
    assert code_of(lambda: open_database(as_nobody / "new.sqlite")) == "BL955"


def test_a_file_that_becomes_read_only(
    where: str, database: Database, ids: tuple[str, ...]
) -> None:
    if "://" in where:
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute("ALTER DATABASE migrated SET default_transaction_read_only = on")
        database.engine.dispose()
    else:
        with database.engine.connect() as one:
            one.exec_driver_sql("PRAGMA query_only = ON")
    try:
        new = NewDecision(ids[0], "accept", "ann")
        assert code_of(lambda: decide(database, new)) == "BL955"
        assert code_of(lambda: write_audit(database, "ann", "log in")) == "BL955"
        assert all_decisions(database) == ()
    finally:
        if "://" in where:
            with psycopg.connect(where, autocommit=True) as connection:
                connection.execute("SET default_transaction_read_only = off")
                connection.execute("ALTER DATABASE migrated RESET default_transaction_read_only")
            database.engine.dispose()


@SERVERS
def test_a_user_of_the_server_who_may_only_read(where: str) -> None:
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    reader = open_database(where.replace("biolabel@", "reader@"))
    assert all_decisions(reader) == ()
    assert code_of(lambda: write_audit(reader, "ann", "log in")) == "BL955"
    reader.close()
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("DROP OWNED BY reader")


@SERVERS
def test_a_connection_that_the_server_ended_is_replaced(where: str, database: Database) -> None:
    write_audit(database, "ann", "log in")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    write_audit(database, "ann", "log out")


@FILES
def test_a_commit_is_on_the_disk_before_it_is_acknowledged(where: str, database: Database) -> None:
    for each in (database, open_database(where)):
        with each.writing() as connection:
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert found == ["wal", 2, 1]
        each.close()


@SERVERS
def test_passwords_of_urls_are_not_shown(where: str) -> None:
    opened = open_database(where.replace("biolabel@", "biolabel:secret@"))
    assert "secret" not in opened.where
    assert "secret" not in repr(opened)
    opened.close()


def test_other_tables_of_a_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "shared.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('of somebody else')")
    connection.close()
    open_database(path).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [
            ("of somebody else",)
        ]
    connection.close()


@FILES
def test_who_waits_to_write_has_a_turn(where: str, ids: tuple[str, ...]) -> None:
    hasty = open_database(where, patience=0.1)
    new = NewDecision(ids[0], "accept", "ann")
    with ThreadPoolExecutor(1) as pool:
        with hasty.writing():
            assert code_of(pool.submit(decide, hasty, new).result) == "BL954"
        assert pool.submit(decide, hasty, new).result().id == 1
    hasty.close()


class Busy(sqlite3.Connection):
    """A connection to a file that another program is setting to WAL mode at first."""

    asked = 0

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if "journal_mode" in sql:
            self.asked += 1
            if self.asked < 3:
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise error
        return super().execute(sql, *parameters)


def test_a_server_is_asked_by_more_threads_than_a_file(where: str) -> None:
    opened = open_database(where)
    assert (opened.readers == 1) == ("://" not in where)
    opened.close()


@pytest.mark.parametrize(("patience", "asked"), [(60.0, 3), (0.0, 1)])
def test_a_file_that_another_program_prepares_is_asked_again(
    tmp_path: Path, patience: float, asked: int
) -> None:
    connection = sqlite3.connect(tmp_path / "new.sqlite", factory=Busy)
    try:
        _write_ahead(connection, patience)
    except sqlite3.OperationalError:
        assert not patience
    assert connection.asked == asked
    connection.close()
