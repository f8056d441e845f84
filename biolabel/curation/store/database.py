"""The database of curation: an SQLite file, or PostgreSQL by its URL, at the newest schema version."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Semaphore
from time import monotonic, sleep
from typing import TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.sql import column, table

from biolabel.curation.store.faults import told_of
from biolabel.curation.store.tables import VERSION, VERSION_TABLE
from biolabel.curation.store.together import Together
from biolabel.errors import RunError

T = TypeVar("T")
FILE = "curation.sqlite"
"""The name of a workspace's own database."""
_PATIENCE = 60
"""Seconds to wait for a lock: on a busy machine loading 100,000 assertions takes half of them."""
_AGAIN = 0.02
"""Seconds until a file is asked again that did not let us wait."""
_CONNECTING = 10
"""Seconds to wait for a server's answer."""
_CONNECTIONS = 8
"""Connections to a file that stay open; some more are opened while that many are in use."""
_TOGETHER = 64
"""Changes that a file takes in one transaction."""
_ASKED = 8
"""Questions that a file is asked in one transaction; who comes first waits for the last of them."""
_WRITERS = 8
"""Changes that a server is sent at the same time; it keeps them together by itself."""
_READERS = 4
"""Questions that a server is asked at the same time."""
_WRITES = "biolabel_writes"
_UPGRADE = 0x6269_6F6C
"""The key of the lock for upgrades: any number that no other program takes."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database.

    where: names it in messages, without a password. patience: seconds to wait for what others hold.
    turns: one writes at a time, where the database itself would let those who wait starve (SQLite asks
    again and again whether a file is free, ever more seldom). changes, questions: what waits to be
    written, and to be looked up.
    """

    engine: Engine
    where: str
    patience: float
    turns: Semaphore | None
    changes: Together
    questions: Together

    @property
    def readers(self) -> int:
        """How many threads may read at the same time so that nobody waits for longer than without them.

        Threads of Python take turns anyway: one more that reads a file makes decisions wait twice as
        long, and pages a tenth longer (`benchmarks/server.py`). A server is also waited for.
        """
        return _READERS if self.turns is None else 1

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database.

        Raises:
            RunError: as `told_of`.
        """
        with told_of(self.where), self.engine.connect() as connection:
            if self.engine.name == "postgresql":
                # Its default shows every statement what others committed meanwhile; SQLite does not.
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                connection = connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept, all of them, when the block ends well.

        Raises:
            RunError: as `told_of`; nothing is kept then.
        """
        with told_of(self.where), self._turn(), self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def keep(self, work: Callable[[Connection], T]) -> Future[T]:
        """Have a small change written, together with others that come at the same time.

        The result is there once the change is kept; it raises what `work` raised, and as `writing`.
        work: as for `Together.do`.
        """
        return self.changes.do(self.writing, work)

    def ask(self, question: Callable[[Connection], T]) -> Future[T]:
        """Have something looked up that takes no time, together with what is asked at the same time.

        The result raises what `question` raised, and as `reading`. question: as for `Together.do`.
        """
        return self.questions.do(self.reading, question)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.turns is None:
            yield
            return
        if not self.turns.acquire(timeout=self.patience):
            raise PoolTimeoutError("others in this program write to it all the time")
        try:
            yield
        finally:
            self.turns.release()

    def close(self) -> None:
        """Answer and keep what waits, and let go of all connections."""
        self.questions.close()
        self.changes.close()
        self.engine.dispose()


def open_database(where: str | Path, *, patience: float = _PATIENCE) -> Database:
    """Open a database, make its tables or bring them to the newest version.

    where: the path of an SQLite file, which is made if its folder is there, `sqlite:///path` or
    `postgresql://user:password@host/name`. patience: seconds to wait for what another program holds.

    Raises:
        RunError: BL950 no such URL; BL951 PostgreSQL without its driver; BL952 it cannot be opened;
            BL953 full; BL954 locked; BL955 read-only; BL956 written by a newer biolabel.
    """
    url = _url(where)
    engine = _engine(url, patience)
    is_file = url.drivername == "sqlite"
    shown = (is_file and url.database) or url.render_as_string(hide_password=True)
    changes, questions = (1, _TOGETHER), (1, _ASKED)
    if not is_file:
        changes, questions = (_WRITERS, 1), (_READERS, 1)
    database = Database(
        engine,
        shown,
        patience,
        Semaphore() if is_file else None,
        Together("writing", *changes),
        Together("reading", *questions),
    )
    try:
        _bring_up(database)
    except BaseException:
        database.close()
        raise
    return database


def _url(where: str | Path) -> URL:
    text = str(where)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _unknown(f"{error}") from error
    known = url.drivername in ("sqlite", "postgresql", "postgresql+psycopg")
    if not known or not url.database or url.database == ":memory:":
        raise _unknown(
            f"`{url.render_as_string(hide_password=True)}` is not a database to keep decisions in"
        )
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _unknown(message: str) -> RunError:
    hint = "a path, or postgresql://user:password@host/name"
    return RunError("BL950", message, hint=hint)


def _engine(url: URL, patience: float) -> Engine:
    if url.drivername == "sqlite":
        _check_file(Path(url.database or ""))
        engine = create_engine(
            url,
            connect_args={"timeout": patience},
            pool_timeout=patience,
            # A new connection begins with an empty cache: those that are open stay so, and the one
            # that was used last is used first.
            pool_size=_CONNECTIONS,
            pool_use_lifo=True,
        )
        event.listen(engine, "connect", partial(_prepare_sqlite, patience))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(patience * 1000)
    options = f"-c lock_timeout={milliseconds} -c timezone=UTC"
    try:
        return create_engine(
            url,
            connect_args={"connect_timeout": _CONNECTING, "options": options},
            pool_timeout=patience,
            pool_pre_ping=True,
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise RunError(
            "BL951", f"PostgreSQL needs a package: {error}", hint="pip install 'biolabel[postgres]'"
        ) from error


def _check_file(path: Path) -> None:
    """Say what is wrong with a path, of all of which SQLite only says that it cannot open it."""
    if not path.parent.is_dir():
        raise RunError("BL952", f"cannot open {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise RunError("BL952", f"cannot open {path}: it is a folder", hint=f"{path / FILE}")
    # It also writes files beside it.
    for needed in (path, path.parent):
        if needed.exists() and not os.access(needed, os.W_OK, effective_ids=True):
            raise RunError("BL955", f"the database {path} may only be read: {needed} is read-only")


def _prepare_sqlite(patience: float, connection: sqlite3.Connection, record: object) -> None:
    del record
    # `_begin_sqlite` says when transactions begin, not the driver.
    connection.isolation_level = None
    # 64 MB instead of 2: indices of 100,000 assertions are kept in memory while they are filled.
    connection.execute("PRAGMA cache_size = -65536")
    # In WAL mode readers do not wait for who writes. FULL: a commit is on the disk before it is
    # acknowledged, so that no crash, not even of the machine, loses it (sqlite.org/pragma.html).
    _write_ahead(connection, patience)
    for name, value in (("foreign_keys", "ON"), ("synchronous", "FULL")):
        connection.execute(f"PRAGMA {name} = {value}")


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Set WAL mode, for which SQLite does not wait where another program is setting it just now."""
    end = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
            sleep(_AGAIN)


def _begin_sqlite(connection: Connection) -> None:
    # Who will write takes the lock at once: two who read first could not both go on to write.
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.connection.driver_connection is not None:
        # It only says that a reader begins with its first question, and so cannot fail.
        connection.connection.driver_connection.execute("BEGIN")


def _bring_up(database: Database) -> None:
    with database.reading() as connection:
        found = _version(connection)
    if found == VERSION:
        return
    if found is not None and found > VERSION:
        raise RunError(
            "BL956",
            f"the database {database.where} has schema version {found}, and this biolabel knows "
            f"versions up to {VERSION}",
            hint="install the newer biolabel that wrote it",
        )
    # Alembic takes a tenth of a second to import, and is needed once in a database's life.
    from biolabel.curation.store.migrate import upgrade

    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            # One at a time where several programs open a new database, as SQLite has it anyway.
            connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE)))
        upgrade(connection)


def _version(connection: Connection) -> str | None:
    """Return the schema version, None for an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
