"""Agreement, blame, users and the audit log."""

from typing import Any

import pytest
from fastapi import APIRouter

from biolabel.curation.review import NewDecision, Verdict, assertion_id
from biolabel.curation.store import Database, decide, load
from biolabel.web.api.team import team_router
from tests.unit.web.planted import planted
from tests.unit.web.serving import PASSWORD, Served

NEW = {"name": "nina", "password": "a long password", "role": "curator"}


@pytest.fixture
def routers(with_users: Database) -> list[APIRouter]:
    load(with_users, "cid", list(planted(4)), "run 1")
    return [team_router(with_users)]


def test_agreement_and_blame(by_name: Served) -> None:
    said: list[tuple[str, list[Verdict]]] = [
        ("ada", ["accept", "reject", "reject", "accept"]),
        ("carl", ["accept", "reject", "accept", "accept"]),
    ]
    for name, verdicts in said:
        for each, verdict in zip(planted(4), verdicts, strict=True):
            key = assertion_id("cid", each.subject, each.predicate, each.object)
            decide(by_name.database, NewDecision(key, verdict, name))
    by_name.log_in("vera")
    (found,) = by_name.client.get("/api/agreement", params={"task": "cid"}).json()
    assert (found["one"], found["other"], found["both"], found["observed"]) == (
        "ada",
        "carl",
        4,
        0.75,
    )
    assert found["kappa"] == pytest.approx(0.5)
    assert by_name.client.get("/api/agreement", params={"task": "other"}).json() == []
    blamed = by_name.client.get("/api/blame").json()
    assert {each["rejected"] for each in blamed} <= {0, 1}
    assert max(each["share"] for each in blamed) == 1.0


def test_kappa_that_says_nothing_is_null(by_name: Served) -> None:
    each = next(planted(4))
    key = assertion_id("cid", each.subject, each.predicate, each.object)
    for name in ("ada", "carl"):
        decide(by_name.database, NewDecision(key, "accept", name))
    by_name.log_in("vera")
    assert by_name.client.get("/api/agreement").json()[0]["kappa"] is None


@pytest.mark.parametrize("name", ["vera", "carl"])
def test_only_admins_keep_users(by_name: Served, name: str) -> None:
    ask, sent = by_name.client, by_name.log_in(name)
    answers = [
        ask.get("/api/users"),
        ask.post("/api/users", json=NEW, headers=sent),
        ask.patch(f"/api/users/{name}", json={"role": "admin"}, headers=sent),
        ask.get("/api/audit"),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(403, "BL971")] * 4


def test_users_are_added_and_changed(by_name: Served) -> None:
    ask, sent = by_name.client, by_name.log_in("ada")
    added = ask.post("/api/users", json=NEW, headers=sent)
    assert (added.status_code, added.json()["role"]) == (201, "curator")
    assert "password" not in added.text
    assert "argon2" not in ask.get("/api/users").text
    twice = ask.post("/api/users", json=NEW, headers=sent)
    assert (twice.status_code, twice.json()["code"]) == (409, "BL960")
    changed = ask.patch(
        "/api/users/nina", json={"adjudicator": True, "disabled": True}, headers=sent
    )
    assert (changed.json()["adjudicator"], changed.json()["disabled"]) == (True, True)
    wrong = {"name": "nina", "secret": NEW["password"]}
    assert ask.post("/api/session", json=wrong).status_code == 401
    log = ask.get("/api/audit").json()
    assert [each["action"] for each in log[:3]] == ["login refused", "change user", "add user"]
    assert NEW["password"] not in str(log)
    assert PASSWORD not in str(log)
    before = ask.get("/api/audit", params={"before": log[1]["id"], "limit": 1}).json()
    assert before[0]["id"] == log[2]["id"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "users", {**NEW, "role": "king"}), ("POST", "users", {**NEW, "name": "a b"}),
        ("POST", "users", {**NEW, "name": "<script>"}), ("POST", "users", {**NEW, "password": "short"}),
        ("POST", "users", {**NEW, "password": "x" * 1025}), ("POST", "users", {**NEW, "more": 1}),
        ("PATCH", "users/carl", {"role": "king"}), ("PATCH", "users/carl", {"name": "ada"}),
        ("PATCH", "users/a%20b", {}), ("POST", "users", []),
    ],
)  # fmt: skip
def test_what_is_no_user(by_name: Served, method: str, path: str, body: Any) -> None:
    sent = by_name.log_in("ada")
    found = by_name.client.request(method, f"/api/{path}", json=body, headers=sent)
    assert (found.status_code, found.json()["code"]) == (422, "BL976")


def test_the_last_admin_stays(by_name: Served) -> None:
    sent = by_name.log_in("ada")
    found = by_name.client.patch("/api/users/ada", json={"disabled": True}, headers=sent)
    assert (found.status_code, found.json()["code"]) == (409, "BL960")
    assert by_name.client.patch("/api/users/bob", json={}, headers=sent).status_code in (404, 409)
