"""A database of each kind, and assertions to fill it with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from biolabel.curation.assertions import Assertion
from biolabel.curation.evidence import Evidence
from biolabel.curation.known import Status
from biolabel.curation.store import FILE, Database, load, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where there is room for a new database, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / FILE)
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture
def database(where: str) -> Iterator[Database]:
    """Open a new database of each kind in turn."""
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
