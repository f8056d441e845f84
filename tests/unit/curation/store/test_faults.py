"""What databases raise becomes a code and a next step, never a traceback of theirs."""

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DatabaseError, InvalidRequestError, OperationalError, TimeoutError

from biolabel.curation.store.faults import told_of
from biolabel.errors import RunError


def sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (sqlite(sqlite3.SQLITE_FULL), "BL953"),
        (sqlite(sqlite3.SQLITE_BUSY), "BL954"),
        (sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "BL954"),
        (sqlite(sqlite3.SQLITE_READONLY_DBMOVED), "BL955"),
        (sqlite(sqlite3.SQLITE_CANTOPEN), "BL952"),
        (sqlite(sqlite3.SQLITE_NOTADB), "BL952"),
        (sqlite(sqlite3.SQLITE_IOERR), "BL957"),
        (sqlite(sqlite3.SQLITE_CORRUPT), "BL957"),
        (errors.DiskFull("as the server says"), "BL953"),
        (errors.LockNotAvailable("as the server says"), "BL954"),
        (errors.DeadlockDetected("as the server says"), "BL954"),
        (errors.SerializationFailure("as the server says"), "BL954"),
        (errors.ReadOnlySqlTransaction("as the server says"), "BL955"),
        (errors.InsufficientPrivilege("as the server says"), "BL955"),
        (errors.InvalidPassword("as the server says"), "BL952"),
        (errors.InvalidCatalogName("as the server says"), "BL952"),
        (errors.TooManyConnections("as the server says"), "BL952"),
        (errors.AdminShutdown("as the server says"), "BL952"),
        (psycopg.OperationalError("connection refused"), "BL952"),
        (errors.DataCorrupted("as the server says"), "BL957"),
    ],
)
def test_codes(cause: Exception, code: str) -> None:
    with pytest.raises(RunError, match="the database x") as caught, told_of("x.sqlite"):
        raise OperationalError("SELECT 1", None, cause)
    assert caught.value.code == code
    assert caught.value.hint
    assert "SELECT" not in caught.value.message
    assert str(cause) in caught.value.message


def test_what_has_no_code_of_its_own() -> None:
    for error, code in (
        (DatabaseError("SELECT 1", None, psycopg.DataError("odd")), "BL957"),
        (InvalidRequestError("closed"), "BL957"),
        (TimeoutError("no connection is free"), "BL954"),
    ):
        with pytest.raises(RunError) as caught, told_of("x.sqlite"):
            raise error
        assert caught.value.code == code


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), told_of("x.sqlite"):
        raise KeyError("ours")
