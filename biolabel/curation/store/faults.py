"""What goes wrong in databases, in our own words: full, locked, read-only, gone."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError

from biolabel.errors import RunError

_SQLITE = {
    sqlite3.SQLITE_FULL: "BL953",
    sqlite3.SQLITE_BUSY: "BL954",
    sqlite3.SQLITE_LOCKED: "BL954",
    sqlite3.SQLITE_READONLY: "BL955",
    sqlite3.SQLITE_PERM: "BL955",
    sqlite3.SQLITE_CANTOPEN: "BL952",
    sqlite3.SQLITE_NOTADB: "BL952",
    sqlite3.SQLITE_AUTH: "BL952",
}
"""Primary result codes (https://www.sqlite.org/rescode.html); an extended one has its own in the low byte."""

_POSTGRES = (
    ("53100", "BL953"),  # disk full
    ("55P03", "BL954"),  # lock not available
    ("57014", "BL954"),  # canceled, here only by a timeout
    ("40001", "BL954"),  # serialization failure
    ("40P01", "BL954"),  # deadlock detected
    ("25006", "BL955"),  # read-only transaction
    ("42501", "BL955"),  # insufficient privilege
    ("53300", "BL952"),  # too many connections
    ("57P", "BL952"),  # the server shuts down or starts up
    ("08", "BL952"),  # connection exceptions
    ("28", "BL952"),  # invalid authorization
    ("3D", "BL952"),  # no such database
)
"""SQLSTATE or the beginning of it (PostgreSQL manual, appendix A)."""

_MESSAGES = {
    "BL952": ("cannot be opened", "is the path, or the server and its user, right?"),
    "BL953": (
        "has no room to grow",
        "make room on its disk and try again; what it confirmed is kept",
    ),
    "BL954": ("is held by another program", "try again when that is done"),
    "BL955": ("may only be read", "give yourself the right to write it and its folder"),
    "BL957": ("failed", "look at the file's disk, or the server's log"),
}


@contextmanager
def told_of(where: str) -> Iterator[None]:
    """Turn what a database raises inside the block into coded errors about the database `where`.

    Raises:
        RunError: BL952 it cannot be opened; BL953 full; BL954 locked; BL955 read-only; BL957 anything
            else.
    """
    try:
        yield
    except SQLAlchemyError as error:
        code = _code(error)
        what, hint = _MESSAGES[code]
        why = error.orig if isinstance(error, DBAPIError) else error
        text = str(why).strip().partition("\n")[0]
        raise RunError(code, f"the database {where} {what}: {text}", hint=hint) from error


def _code(error: SQLAlchemyError) -> str:
    if isinstance(error, TimeoutError):
        return "BL954"
    if not isinstance(error, DBAPIError):
        return "BL957"
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "BL957")
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # The client library itself could not connect, or lost the connection.
        return "BL952" if error.connection_invalidated or _is_operational(error) else "BL957"
    return next((code for begin, code in _POSTGRES if state.startswith(begin)), "BL957")


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ == "OperationalError"
