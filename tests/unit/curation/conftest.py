"""A database of each kind, and assertions to fill it with."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Status
from biolabel.curation.store import FILE, Database, load, open_database
from biolabel.curation.store.tables import metadata


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with empty tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / FILE
    open_database(path).close()
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> str:
    """Return the URL of a PostgreSQL database with the tables of the newest version."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    url = postgres_server.replace("/postgres?", "/migrated?")
    open_database(url).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where there is a database with empty tables, of each kind in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / FILE)
        return str(tmp_path / FILE)
    url: str = request.getfixturevalue("migrated_database")
    with psycopg.connect(url) as connection:
        # As a replica, the server does not ask the triggers that refuse this.
        connection.execute("SET session_replication_role = replica")
        tables = ", ".join(metadata.tables)
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY".encode())
    return url


@pytest.fixture
def database(where: str) -> Iterator[Database]:
    """Open an empty database of each kind in turn."""
    opened = open_database(where)
    yield opened
    opened.close()


def sentence(number: int, document: str = "1", **more: object) -> Evidence:
    """Return a row of evidence: the sentence of this number, for which `cue` voted."""
    values: dict[str, object] = {
        "passage": "abstract",
        "text": f"Sentence {number} of document {document}.",
        "start": 100 * number,
        "end": 100 * number + 20,
        "probability": 0.5,
        "rules_for": ("cue",),
    }
    return Evidence(document, **(values | more))  # type: ignore[arg-type]


@pytest.fixture
def claim() -> Callable[..., Assertion]:
    """Return a maker of assertions: that the chemical of a number causes the disease of the number."""

    def make(
        number: int,
        probability: float = 0.5,
        status: Status = "new",
        evidence: tuple[Evidence, ...] | None = None,
        **more: object,
    ) -> Assertion:
        values: dict[str, object] = {
            "subject": f"MESH:C{number:06}",
            "predicate": "causes",
            "object": f"MESH:D{number:06}",
            "subject_name": f"chemical {number}",
            "object_name": f"Disease {number}",
            "probability": probability,
            "maximum": probability,
            "documents": 1,
            "status": status,
            "evidence": (sentence(number),) if evidence is None else evidence,
        }
        return Assertion(**(values | more))  # type: ignore[arg-type]

    return make


@pytest.fixture
def row() -> Callable[..., Evidence]:
    """Return a maker of rows of evidence."""
    return sentence


@pytest.fixture
def ids(database: Database, claim: Callable[..., Assertion]) -> tuple[str, ...]:
    """Load three assertions of the task cid; return their ids, the most probable first."""
    from biolabel.curation.review import assertion_id

    found = [claim(number, 1 - number / 10) for number in (1, 2, 3)]
    load(database, "cid", found, "run 1")
    return tuple(assertion_id("cid", a.subject, a.predicate, a.object) for a in found)
