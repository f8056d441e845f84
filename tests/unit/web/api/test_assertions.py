"""The queue, one assertion, verdicts, undo, history."""

import json
import sqlite3
from dataclasses import replace

import pytest
from fastapi import APIRouter

from biolabel.curation.review import assertion_id
from biolabel.curation.store import Database, load
from biolabel.web.api.assertions import assertions_router
from tests.unit.web.planted import HOSTILE, planted
from tests.unit.web.serving import Served

N = 40


def below(concepts: frozenset[str]) -> frozenset[str]:
    """Stand for an ontology in which finding 2 is below finding 1."""
    return concepts | ({"MESH:D000002"} if "MESH:D000001" in concepts else set())


@pytest.fixture
def routers(request: pytest.FixtureRequest) -> list[APIRouter]:
    name = "with_users" if "by_name" in request.fixturenames else "database"
    database: Database = request.getfixturevalue(name)
    first, *others = planted(N)
    hostile = replace(
        first,
        subject_name=HOSTILE,
        evidence=(replace(first.evidence[0], text=HOSTILE), *first.evidence[1:]),
    )
    load(database, "cid", [hostile, *others], "run 1")
    return [assertions_router(database, below)]


FIRST = assertion_id("cid", "MESH:C000000", "causes", "MESH:D9000000")


def test_the_queue_has_pages(by_token: Served) -> None:
    ask, seen, after = by_token.client, [], ""
    while True:
        asked = {"order": "uncertainty", "limit": "15"} | ({"after": after} if after else {})
        found = ask.get("/api/assertions", params=asked, headers=by_token.bearer).json()
        seen += [row["id"] for row in found["rows"]]
        if not found["after"]:
            break
        after = found["after"]
    assert len(seen) == len(set(seen)) == N


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, N), ({"status": ["new", "known"]}, 16), ({"state": "accepted"}, 0), ({"task": "cid"}, N),
        ({"task": "none"}, 0), ({"concept": "MESH:D000002"}, 1), ({"concept": "MESH:D000001"}, 2),
        ({"concept": "MESH:D000001", "descendants": "false"}, 1), ({"year_from": 2019}, 1),
        ({"text": "FINDING 39"}, 1), ({"min_probability": 1.0}, 0), ({"gone": "true"}, 0),
        ({"journal": "Journal 3"}, 1), ({"concept": "'; DROP TABLE assertions; --"}, 0),
        ({"text": "' OR 1=1 --"}, 0), ({"text": "%"}, 0), ({"rule": "x' OR 'a'='a"}, 0),
        ({"journal": '" OR ""="'}, 0),
    ],
)  # fmt: skip
def test_filters(by_token: Served, asked: dict[str, str], count: int) -> None:
    ask, sent = by_token.client, by_token.bearer
    assert len(ask.get("/api/assertions", params=asked, headers=sent).json()["rows"]) == count
    found = ask.get("/api/assertions/count", params=asked, headers=sent)
    assert found.json() == {"count": count}


@pytest.mark.parametrize(
    "asked",
    [
        {"order": "id; DROP TABLE assertions"}, {"limit": 0}, {"limit": 501}, {"limit": "x"},
        {"state": "x"}, {"status": "x"}, {"after": "x"}, {"after": "W10"}, {"year_from": 10**30},
        {"min_probability": 2}, {"min_probability": "nan"}, {"unknown": 1}, {"text": "a\0b"},
        {"text": "x" * 201},
    ],
)  # fmt: skip
def test_what_is_no_filter(by_token: Served, asked: dict[str, str]) -> None:
    found = by_token.client.get("/api/assertions", params=asked, headers=by_token.bearer)
    assert (found.status_code, found.json()["code"]) in ((404, "BL962"), (422, "BL976"))


def test_one_assertion_has_its_evidence(by_token: Served) -> None:
    found = by_token.client.get(f"/api/assertions/{FIRST}", headers=by_token.bearer)
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff", "hostile text is never run"
    kept = found.json()
    assert kept["assertion"]["subject_name"] == HOSTILE
    assert kept["assertion"]["evidence"][0]["text"] == HOSTILE
    assert len(kept["evidence_ids"]) == 1
    assert (kept["outcome"], kept["decisions"]) == ({"state": "undecided", "settled": False}, [])


@pytest.mark.parametrize(
    ("id", "status"),
    [("0" * 16, 404), ("x", 422), ("0" * 15, 422), ("../../etc/passwd", 404), ("%2e%2e%2f", 404)],
)
def test_no_such_assertion(by_token: Served, id: str, status: int) -> None:
    found = by_token.client.get(f"/api/assertions/{id}", headers=by_token.bearer)
    assert found.status_code == status


def test_decide_undo_and_history(by_name: Served) -> None:
    ask, sent = by_name.client, by_name.log_in("carl")
    place = f"/api/assertions/{FIRST}"
    verdict = {"verdict": "accept", "comment": HOSTILE, "key": "click 1"}
    first = ask.post(f"{place}/decisions", json=verdict, headers=sent)
    again = ask.post(f"{place}/decisions", json=verdict, headers=sent)
    assert first.status_code == 201
    assert first.json() == again.json(), "what was sent again is kept once"
    assert (first.json()["by"], first.json()["comment"]) == ("carl", HOSTILE)
    assert ask.get(place).json()["outcome"]["state"] == "accepted"
    undone = ask.post(f"/api/decisions/{first.json()['id']}/undo", headers=sent)
    assert undone.json()["undoes"] == first.json()["id"]
    assert ask.get(place).json()["outcome"]["state"] == "undecided"
    twice = ask.post(f"/api/decisions/{first.json()['id']}/undo", json={}, headers=sent)
    assert (twice.status_code, twice.json()["code"]) == (409, "BL959")
    kinds = [each["kind"] for each in ask.get(f"{place}/decisions").json()]
    assert kinds == ["decision", "undo"]
    assert len(ask.get("/api/decisions", params={"by": "carl"}).json()) == 2
    assert ask.get("/api/tasks").json() == [{"task": "cid", "states": {"undecided": N}}]


def test_two_curators_and_who_settles(by_name: Served) -> None:
    ask, place = by_name.client, f"/api/assertions/{FIRST}"
    sent = by_name.log_in("carl")
    ask.post(f"{place}/decisions", json={"verdict": "accept"}, headers=sent)
    refused = ask.post(f"{place}/settlement", json={"verdict": "accept"}, headers=sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "BL971")
    sent = by_name.log_in("ada")
    made = ask.post(f"{place}/decisions", json={"verdict": "wrong relation"}, headers=sent)
    assert ask.get(place).json()["outcome"] == {"state": "disputed", "settled": False}
    assert ask.post(f"{place}/settlement", json={"verdict": "reject"}, headers=sent).json()["id"]
    assert ask.get(place).json()["outcome"] == {"state": "rejected", "settled": True}
    sent = by_name.log_in("carl")
    other = ask.post(f"/api/decisions/{made.json()['id']}/undo", headers=sent)
    assert (other.status_code, other.json()["code"]) == (409, "BL959")


def test_a_viewer_decides_nothing(by_name: Served) -> None:
    sent = by_name.log_in("vera")
    for path in (f"assertions/{FIRST}/decisions", f"assertions/{FIRST}/settlement"):
        found = by_name.client.post(f"/api/{path}", json={"verdict": "accept"}, headers=sent)
        assert (found.status_code, found.json()["code"]) == (403, "BL971")
    assert by_name.client.post("/api/decisions/1/undo", headers=sent).status_code == 403
    assert by_name.client.get(f"/api/assertions/{FIRST}").json()["decisions"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"verdict": "perhaps"}, 422), ({}, 422), ({"verdict": "accept", "by": "ada"}, 422),
        ({"verdict": "accept", "comment": "x" * 4001}, 422), ({"verdict": "accept", "comment": "\0"}, 422),
        ({"verdict": "accept", "evidence": "0" * 16}, 404), ({"verdict": "accept", "evidence": "x"}, 422),
        ({"verdict": "accept", "comment": "\ud800"}, 422),
    ],
)  # fmt: skip
def test_what_is_no_verdict(by_token: Served, body: dict[str, str], status: int) -> None:
    place = f"/api/assertions/{FIRST}/decisions"
    sent = {**by_token.bearer, "Content-Type": "application/json"}
    found = by_token.client.post(place, content=json.dumps(body), headers=sent)
    assert found.status_code == status


@pytest.mark.parametrize("id", ["0", "-1", "x", str(2**63), "9" * 40])
def test_what_is_no_decision(by_token: Served, id: str) -> None:
    found = by_token.client.post(f"/api/decisions/{id}/undo", headers=by_token.bearer)
    assert found.status_code == 422
    gone = by_token.client.post(f"/api/decisions/{2**63 - 1}/undo", headers=by_token.bearer)
    assert (gone.status_code, gone.json()["code"]) == (404, "BL958")


def test_a_held_database_is_told_of(by_token: Served) -> None:
    path = by_token.database.engine.url.database
    assert path is not None
    with by_token.database.engine.connect() as connection:
        connection.exec_driver_sql(
            "PRAGMA busy_timeout = 50"
        )  # of the connection that is used next
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    place = f"/api/assertions/{FIRST}/decisions"
    found = by_token.client.post(place, json={"verdict": "accept"}, headers=by_token.bearer)
    holder.close()
    assert (found.status_code, found.json()["code"]) == (503, "BL954")
    assert found.headers["retry-after"]
    again = by_token.client.post(place, json={"verdict": "accept"}, headers=by_token.bearer)
    assert again.status_code == 201
