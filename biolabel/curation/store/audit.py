"""The audit log: what was done to users and settings, and who logged in. Rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from biolabel.curation.review import plain
from biolabel.curation.store.database import Database
from biolabel.curation.store.tables import MAX_ID, audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, and when; detail: plain values, never a password."""

    id: int
    at: datetime
    who: str
    action: str
    detail: Mapping[str, Any]


def write_audit(
    database: Database, who: str, action: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Add an entry to the audit log.

    Raises:
        RunError: as `Database.writing`.
    """
    with database.writing() as connection:
        record(connection, who, action, detail or {})


def read_audit(
    database: Database, *, before: int | None = None, limit: int = 100
) -> tuple[AuditEntry, ...]:
    """Return the newest entries, newest first, only those with smaller ids than `before`."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < min(before, MAX_ID))
    with database.reading() as connection:
        return tuple(
            AuditEntry(row.id, row.at, row.who, row.action, row.detail)
            for row in connection.execute(query)
        )


def record(connection: Connection, who: str, action: str, detail: Mapping[str, Any]) -> None:
    """Add an entry within a transaction, so that it is kept together with what it tells of."""
    connection.execute(
        insert(audit).values(
            at=datetime.now(UTC), who=plain(who), action=action, detail=dict(detail)
        )
    )
