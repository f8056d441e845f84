"""What documents say of claims, gathered on disk: memory does not grow with the documents.

A file of SQLite for the time of the gathering. What is put in document by document is read claim by
claim, and in the end the assertions are read in their order, one at a time.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from errno import EIO, ENOSPC
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from biolabel.curation.assertions import (
    Assertion,
    Claim,
    Told,
    assertion_of,
    noisy_or,
    probabilities_of,
)
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Known

_TABLES = """
CREATE TABLE claim (
    id INTEGER PRIMARY KEY, subject TEXT, object TEXT, predicate TEXT,
    UNIQUE (subject, object, predicate)
);
CREATE TABLE sure (claim INTEGER PRIMARY KEY, probability REAL);
CREATE TABLE told (claim INTEGER, doc INTEGER, probability REAL, evidence TEXT);
CREATE TABLE written (name TEXT, text TEXT, times INTEGER, PRIMARY KEY (name, text)) WITHOUT ROWID;
"""
_ADD = "INSERT OR IGNORE INTO claim (subject, predicate, object) VALUES (?, ?, ?)"
_TOLD = """
INSERT INTO told SELECT id, ?, ?, ? FROM claim WHERE subject = ? AND predicate = ? AND object = ?
"""
_WRITTEN = """
INSERT INTO written VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = times + excluded.times
"""
_MERGE = (
    """
    INSERT OR IGNORE INTO main.claim (subject, object, predicate)
    SELECT subject, object, predicate FROM part.claim ORDER BY id
    """,
    """
    INSERT INTO main.told
    SELECT mine.id, doc + :before, probability, evidence
    FROM part.told JOIN part.claim AS other ON other.id = claim
    JOIN main.claim AS mine USING (subject, object, predicate)
    ORDER BY part.told.rowid
    """,
    """
    INSERT INTO main.written SELECT * FROM part.written WHERE true
    ON CONFLICT DO UPDATE SET times = times + excluded.times
    """,
)
_ONE = """
SELECT doc, probability, evidence, subject, predicate, object FROM told JOIN claim ON claim = id
WHERE id = ? ORDER BY doc, told.rowid
"""
_SURE = """
SELECT subject, predicate, object, doc FROM told JOIN claim ON claim = id
WHERE probability IS NOT NULL
"""
_PROBABLE = """
SELECT claim, doc, probability FROM told WHERE probability IS NOT NULL ORDER BY claim, doc, rowid
"""
_ORDER = """
SELECT id FROM claim JOIN sure ON sure.claim = id
ORDER BY probability DESC, subject, object, predicate
"""


@dataclass(frozen=True, eq=False)
class Ledger:
    """An open file of what is said of the claims of one task."""

    rows: sqlite3.Connection

    def add(self, said: Iterable[Told]) -> None:
        """Add what documents say; several say it in the order in which they are added."""
        self.rows.execute("BEGIN")
        for each in said:
            evidence = json.dumps(
                [[getattr(row, name) for name in _COLUMNS] for row in each.evidence]
            )
            self.rows.execute(_ADD, each.claim)
            self.rows.execute(_TOLD, (each.doc, each.probability, evidence, *each.claim))
        self.rows.execute("COMMIT")

    def call(self, texts: Mapping[str, Mapping[str, int]]) -> None:
        """Add how often texts stand for subjects and objects (`surfaces`)."""
        rows = [(name, *each) for name, seen in texts.items() for each in seen.items()]
        self.rows.execute("BEGIN")
        self.rows.executemany(_WRITTEN, rows)
        self.rows.execute("COMMIT")

    def written(self, name: str) -> str | None:
        """Return the text that stands for a subject or object most often, the first in the alphabet."""
        asked = "SELECT text FROM written WHERE name = ? ORDER BY times DESC, text LIMIT 1"
        found = self.rows.execute(asked, (name,)).fetchone()
        return found[0] if found else None

    def sure(self) -> set[tuple[Claim, int]]:
        """Return the claims with the documents that have them predicted."""
        asked = _SURE
        return {((s, p, o), doc) for s, p, o, doc in self.rows.execute(asked)}

    def merge(self, path: Path, before: int) -> None:
        """Add what another ledger holds; `before` is what is added to the numbers of its documents."""
        self.rows.execute("ATTACH ? AS part", (str(path),))
        self.rows.execute("BEGIN")
        for statement in _MERGE:
            self.rows.execute(statement, {"before": before} if ":before" in statement else ())
        self.rows.execute("COMMIT")
        self.rows.execute("DETACH part")

    def labels(self, subject: str, target: str) -> list[str]:
        """Return what is claimed of a pair, in the order in which it was first said."""
        asked = "SELECT predicate FROM claim WHERE subject = ? AND object = ? ORDER BY id"
        return [predicate for (predicate,) in self.rows.execute(asked, (subject, target))]

    def assertions(
        self,
        *,
        names: Callable[[str], str | None],
        known: Known | None,
        temperature: float | None,
    ) -> Iterator[Assertion]:
        """Yield the assertions, the most probable first; arguments as those of `build_assertions`."""
        self.rows.execute("CREATE INDEX of_claim ON told (claim, doc)")
        every = groupby(self.rows.execute(_PROBABLE), key=itemgetter(0))
        sure = (
            (number, noisy_or(probabilities_of((doc, p) for _, doc, p in said)))
            for number, said in every
        )
        self.rows.execute("BEGIN")
        self.rows.executemany("INSERT INTO sure VALUES (?, ?)", sure)
        self.rows.execute("COMMIT")
        for (number,) in self.rows.execute(_ORDER):
            said = [_read(row) for row in self.rows.execute(_ONE, (number,))]
            yield assertion_of(said, names=names, known=known, temperature=temperature)


def _read(row: tuple[int, float | None, str, str, str, str]) -> Told:
    doc, probability, evidence, *claim = row
    subject, predicate, target = claim
    found = []
    for each in json.loads(evidence):
        named = dict(zip(_COLUMNS, each, strict=True))
        rules = {name: tuple(named[name]) for name in ("rules_for", "rules_against")}
        found.append(Evidence(**(named | rules)))
    return Told((subject, predicate, target), doc, probability, tuple(found))


_COLUMNS = [column.name for column in fields(Evidence)]


@contextmanager
def new_ledger(path: Path) -> Iterator[Ledger]:
    """Give a new ledger, which others can read when nothing is added (`reading_ledger`).

    What lies there is of somebody who did not end it, such as a worker that was killed.

    Raises:
        OSError: where the file cannot be written or read, also while it is open.
    """
    path.unlink(missing_ok=True)
    with _told(path), closing(sqlite3.connect(path, isolation_level=None)) as rows:
        # The file is of no use after a crash, so that nothing waits for the disk.
        rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        yield Ledger(rows)


@contextmanager
def reading_ledger(path: Path) -> Iterator[Ledger]:
    """Give a ledger to read; any number of processes may, while nobody adds to it.

    Raises:
        OSError: as `new_ledger`.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with _told(path), closing(sqlite3.connect(address, uri=True)) as rows:
        yield Ledger(rows)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Make an error of the file system of what SQLite cannot do for the sake of it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        number = ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else EIO
        raise OSError(number, f"SQLite: {error}", str(path)) from error
