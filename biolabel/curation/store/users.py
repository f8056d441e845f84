"""Users: names, hashed passwords, roles. Every change is written to the audit log beside it."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from sqlalchemy import Connection, Row, insert, select, update

from biolabel.curation.review import Role, User, plain
from biolabel.curation.store.audit import record
from biolabel.curation.store.database import Database
from biolabel.curation.store.tables import users
from biolabel.errors import RunError
from biolabel.lang.nearest import did_you_mean

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES: tuple[Role, ...] = get_args(Role)
MIN_PASSWORD = 8
"""Characters of a password. Source: NIST SP 800-63B, section 5.1.1.1."""
MAX_PASSWORD = 1024
"""More characters are refused, so that nobody keeps the server busy with hashing."""
_NAME = re.compile(r"[\w.@-]{1,64}")


def add_user(
    database: Database, name: str, password: str, role: Role, *, by: str, adjudicator: bool = False
) -> User:
    """Add a user who may log in.

    Raises:
        RunError: BL951 the package for passwords is missing; BL960 the name is taken, or the name,
            password or role is none.
    """
    if not _NAME.fullmatch(name):
        raise RunError("BL960", f"`{name}` is no name of a user: letters, digits, . _ @ - only")
    _check_role(role)
    hashed = _hash(password)
    with database.writing() as connection:
        if connection.scalar(select(users.c.name).where(users.c.name == name)) is not None:
            raise RunError("BL960", f"there is a user `{name}` already")
        connection.execute(
            insert(users).values(
                name=name,
                password=hashed,
                role=role,
                adjudicator=adjudicator,
                disabled=False,
                created=datetime.now(UTC),
            )
        )
        record(connection, by, "add user", {"user": name, "role": role, "adjudicator": adjudicator})
        return _require(connection, name)


def change_user(
    database: Database,
    name: str,
    *,
    by: str,
    role: Role | None = None,
    adjudicator: bool | None = None,
    disabled: bool | None = None,
    password: str | None = None,
) -> User:
    """Change what is given of a user: a name is never deleted, because decisions have it.

    Raises:
        RunError: BL951, BL960 as `add_user`; BL960 no such user, or the last admin would be lost.
    """
    values: dict[str, Any] = {}
    if role is not None:
        _check_role(role)
        values["role"] = role
    if adjudicator is not None:
        values["adjudicator"] = adjudicator
    if disabled is not None:
        values["disabled"] = disabled
    told = dict(values)
    if password is not None:
        values["password"] = _hash(password)
        told["password"] = "changed"
    with database.writing() as connection:
        # Two admins who take each other's role away at once do it one after the other.
        connection.execute(select(users.c.name).with_for_update())
        _require(connection, name)
        had_admin = _admins(connection)
        if values:
            connection.execute(update(users).where(users.c.name == name).values(values))
            record(connection, by, "change user", {"user": name, **told})
        if had_admin and not _admins(connection):
            raise RunError(
                "BL960", f"`{name}` is the last admin", hint="make somebody else one first"
            )
        return _require(connection, name)


def check_password(database: Database, name: str, password: str) -> User | None:
    """Return the user whose password this is, None for a wrong one, no such user or a disabled one.

    It takes the same time whether there is such a user or not, so that nobody finds out names by it.

    Raises:
        RunError: BL951 the package for passwords is missing.
    """
    hasher = _hasher()
    from argon2.exceptions import InvalidHashError, VerificationError

    row = _row(database, name)
    given = password[:MAX_PASSWORD].encode(errors="replace")
    if row is None:
        hasher.hash(given)  # for as long as it takes to verify one
        return None
    try:
        hasher.verify(row.password, given)
    except (VerificationError, InvalidHashError):
        return None
    return None if row.disabled else _user(row)


def get_user(database: Database, name: str) -> User | None:
    """Return a user, also a disabled one, or None."""
    row = _row(database, name)
    return None if row is None else _user(row)


def list_users(database: Database) -> tuple[User, ...]:
    """Return all users, in the order of their names."""
    with database.reading() as connection:
        return tuple(map(_user, connection.execute(select(users).order_by(users.c.name))))


def _row(database: Database, name: str) -> Row[Any] | None:
    with database.reading() as connection:
        return connection.execute(select(users).where(users.c.name == plain(name))).first()


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise RunError(
            "BL960",
            f"`{role}` is no role; expected one of {', '.join(ROLES)}",
            hint=did_you_mean(role, ROLES),
        )


def _hash(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise RunError(
            "BL960",
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters, not {len(password)}",
        )
    if password != plain(password):
        raise RunError("BL960", "the password has characters that stand for nothing")
    return _hasher().hash(password)


def _hasher() -> "PasswordHasher":
    """Return argon2id with the parameters of RFC 9106, section 4, that argon2-cffi has as defaults."""
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError as error:
        raise RunError(
            "BL951", f"users need a package: {error}", hint="pip install 'biolabel[server]'"
        ) from error
    return PasswordHasher()


def _admins(connection: Connection) -> bool:
    query = select(users.c.name).where(users.c.role == "admin", users.c.disabled.is_(False))
    return connection.scalar(query.limit(1)) is not None


def _require(connection: Connection, name: str) -> User:
    row = connection.execute(select(users).where(users.c.name == plain(name))).first()
    if row is None:
        known = tuple(connection.scalars(select(users.c.name)))
        raise RunError("BL960", f"there is no user `{name}`", hint=did_you_mean(name, known))
    return _user(row)


def _user(row: Row[Any]) -> User:
    return User(row.name, row.role, row.adjudicator, row.disabled, row.created)
