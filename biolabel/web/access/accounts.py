"""Users as doors ask for them, from the database of curation."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from biolabel.curation.store import Database, check_password, list_users
from biolabel.curation.store.tables import users
from biolabel.web.access.people import Person


@dataclass(frozen=True, slots=True)
class Users:
    """The users of a database."""

    database: Database

    def person(self, name: str) -> Person | None:
        """Return a user who may log in, None if there is none of the name or it is disabled."""
        with self.database.reading() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
        if row is None or row.disabled:
            return None
        stamp = hashlib.sha256(row.password.encode()).hexdigest()[:16]
        return Person(row.name, row.role, row.adjudicator, stamp)

    def check(self, name: str, password: str) -> Person | None:
        """Return the user whose name and password these are, None for anything else."""
        return self.person(name) if check_password(self.database, name, password) else None


def anybody(database: Database) -> bool:
    """Return whether there is a user who may log in."""
    return any(not user.disabled for user in list_users(database))
