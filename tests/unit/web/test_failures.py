"""A database that is full, read-only or broken: said in our words, and nothing half done."""

import pytest
from fastapi import APIRouter
from sqlalchemy import event

from biolabel.curation.review import assertion_id
from biolabel.curation.store import Database, load
from biolabel.web.api.assertions import assertions_router
from tests.unit.web.planted import planted
from tests.unit.web.serving import Served


@pytest.fixture
def routers(database: Database) -> list[APIRouter]:
    load(database, "cid", list(planted(20)), "run 1")
    return [assertions_router(database, lambda concepts: concepts)]


def decide(served: Served, comment: str = "") -> tuple[int, str]:
    first = next(planted(20))
    key = assertion_id("cid", first.subject, first.predicate, first.object)
    found = served.client.post(
        f"/api/assertions/{key}/decisions",
        json={"verdict": "accept", "comment": comment},
        headers=served.bearer,
    )
    return found.status_code, found.json().get("code", "")


def set_up_with(served: Served, pragma: str) -> None:
    """Have every new connection of a database set something."""

    @event.listens_for(served.database.engine, "connect")
    def _connected(connection, record) -> None:  # type: ignore[no-untyped-def]
        del record
        connection.execute(f"PRAGMA {pragma}")

    served.database.engine.dispose()


def test_a_full_database_refuses_and_keeps_what_it_has(by_token: Served) -> None:
    assert decide(by_token) == (201, "")
    set_up_with(by_token, "max_page_count = 1")
    answers = {decide(by_token, "x" * 4000) for _ in range(20)}
    assert answers <= {(201, ""), (507, "BL953")}
    assert (507, "BL953") in answers
    found = by_token.client.get("/api/decisions", headers=by_token.bearer)
    assert found.status_code == 200, "reading goes on"
    assert found.json()


def test_a_database_that_may_only_be_read(by_token: Served) -> None:
    set_up_with(by_token, "query_only = ON")
    assert decide(by_token) == (503, "BL955")
    assert by_token.client.get("/api/decisions", headers=by_token.bearer).json() == []
    assert by_token.client.get("/api/assertions", headers=by_token.bearer).status_code == 200
