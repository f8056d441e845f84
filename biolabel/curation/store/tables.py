"""The tables of the newest schema version; `migrations` brings older databases here.

Assertions and evidence are what the last run of the pipeline says, and are replaced by the next one.
Decisions and the audit log are only added to: triggers of the database refuse anything else.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    column,
    table,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

VERSION = "0003"
"""The newest schema version, which the last migration has as its revision."""

VERSION_TABLE = "biolabel_version"
"""Where a database keeps its schema version, beside those of others who share it."""
MAX_ID = 2**63 - 1
"""The largest number that databases count to."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, for SQLite without its time zone."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its time zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Id(TypeDecorator[str]):
    """An id of 16 hexadecimal digits, kept as a number of 64 bits, which takes half the room."""

    # SQLite finds rows without an index by keys of the type INTEGER only (sqlite.org/rowidtable.html).
    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        """Return the number; both databases have only signed ones."""
        del dialect
        return None if value is None else int(value, 16) - _HALF

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        """Return the hexadecimal digits."""
        del dialect
        return None if value is None else f"{value + _HALF:016x}"


_HALF = 1 << 63
_COUNTER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up in INTEGER keys only

loads = Table(
    "loads",
    metadata,
    Column("task", Text, primary_key=True),
    Column("run", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("assertions", Integer, nullable=False),
)
"""Which run the assertions of each task come from: `run` is the key of its stage."""

assertions = Table(
    "assertions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("task", Text, ForeignKey("loads.task"), nullable=False),
    Column("subject", Text, nullable=False),
    Column("predicate", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("probability", Double, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("uncertainty", Double, nullable=False),
    Column("novelty", Double, nullable=False),
    Column("disagreement", Double, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", Text, nullable=False),
)
"""One row an assertion of the last run, or of an earlier one that somebody decided on.

uncertainty, novelty, disagreement: what the queue is ordered by (`priority.py`). state, settled,
decisions: what follows from the table of decisions, written together with each of them. content: the
whole assertion but for its evidence, as JSON; the columns beside it are what queries ask for. digest: a
hash of content and evidence, by which the next run finds out what it changes.
"""
for _name in ("probability", "uncertainty", "novelty", "disagreement", "documents"):
    # The columns behind the order let a filter that leaves few in pass over the others in the index.
    _beside = (assertions.c[each] for each in ("id", "current", "state", "task", "status"))
    Index(f"ix_assertions_{_name}", assertions.c[_name], *_beside)
for _name in ("subject", "object"):
    Index(f"ix_assertions_{_name}", assertions.c[_name])

names = Table(
    "names",
    metadata,
    Column("assertion", Id, ForeignKey("assertions.id"), primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
)
"""What a search for text looks in: names and CURIEs of each assertion, case-folded."""

grams = table("grams", column("grams", Text), column("rowid", Id))
"""In SQLite, an index of three characters each of `names` (FTS5, sqlite.org/fts5.html, 4.3.4): which
assertions have a text in them is `grams MATCH` the text in quotation marks. The database keeps it up."""
GRAM = 3
"""Characters of the shortest text that `grams` finds."""

evidence = Table(
    "evidence",
    metadata,
    Column("assertion", Id, ForeignKey("assertions.id"), primary_key=True),
    Column("id", Id, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("journal", Text, nullable=False),
    Column("year", Integer),
    Column("current", Boolean, nullable=False),
    Column("content", Text, nullable=False),
)
"""One row a row of evidence; position: where it stands among those of its assertion; content: as JSON."""
Index("ix_evidence_journal", evidence.c.journal, evidence.c.current, evidence.c.assertion)
Index("ix_evidence_year", evidence.c.year, evidence.c.current, evidence.c.assertion)

rules = Table(
    "rules",
    metadata,
    Column("assertion", Id, ForeignKey("assertions.id"), primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("votes_for", Integer, nullable=False),
    Column("votes_against", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How often each rule voted for and against each assertion, counted in rows of evidence."""
Index("ix_rules_rule", rules.c.rule, rules.c.assertion)

decisions = Table(
    "decisions",
    metadata,
    Column("id", _COUNTER, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("assertion", Id, ForeignKey("assertions.id"), nullable=False),
    Column("evidence", Id),
    Column("verdict", Text),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("comment", Text, nullable=False),
    Column("undoes", _COUNTER, ForeignKey("decisions.id")),
    Column("run", Text, nullable=False),
    Column("key", Text),
    ForeignKeyConstraint(["assertion", "evidence"], ["evidence.assertion", "evidence.id"]),
    CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undo"),
    CheckConstraint("(kind = 'undo') = (verdict IS NULL)", name="verdict"),
    sqlite_autoincrement=True,
)
"""Every decision that was ever made; run: the run whose assertion its author saw."""
Index("ix_decisions_assertion", decisions.c.assertion, decisions.c.evidence)
Index("uq_decisions_undoes", decisions.c.undoes, unique=True)
Index("uq_decisions_key", decisions.c.by, decisions.c.key, unique=True)

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("adjudicator", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
)
"""Who may log in; password: its argon2 hash."""

audit = Table(
    "audit",
    metadata,
    Column("id", _COUNTER, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)
"""What was done to users and settings, and who logged in."""

APPEND_ONLY = ("decisions", "audit")
"""Tables whose rows the database never lets change or go."""
