"""Logging in and out, by the page and by the API."""

import pytest

from biolabel.curation.store import read_audit
from biolabel.web.access.login import LONGEST_SECRET, local
from biolabel.web.access.throttle import BY_ADDRESS
from tests.unit.web.serving import PASSWORD, PLACE, Served

OWN = {"Origin": PLACE}


def journal(served: Served) -> list[tuple[str, str]]:
    return [
        (entry.who, entry.action)
        for entry in reversed(read_audit(served.database))
        if "user" not in entry.action
    ]


def test_the_page_lets_in_and_goes_on_to_where_one_wanted(by_name: Served) -> None:
    form = {"name": "carl", "secret": PASSWORD, "to": "/rules?sort=name"}
    found = by_name.client.post("/login", data=form, headers=OWN)
    assert (found.status_code, found.headers["location"]) == (303, "/rules?sort=name")
    assert by_name.client.get("/api/probe/viewer").json() == "carl"
    assert journal(by_name) == [("carl", "login")]


def test_the_page_says_what_was_wrong(by_name: Served) -> None:
    form = {"name": "<b>carl", "secret": "wrong"}
    found = by_name.client.post("/login", data=form, headers=OWN)
    assert found.status_code == 401
    assert "the name or the password is not right" in found.text
    assert "<b>carl" not in found.text
    assert journal(by_name) == [("<b>carl", "login refused")]


def test_another_site_logs_nobody_in(by_name: Served) -> None:
    form = {"name": "carl", "secret": PASSWORD}
    sent = {"Origin": "http://evil.example", "Accept": "text/html"}
    assert by_name.client.post("/login", data=form, headers=sent).status_code == 403


def test_a_flood_has_to_wait(by_name: Served) -> None:
    wrong = {"name": "carl", "secret": "wrong"}
    for _ in range(BY_ADDRESS):
        assert by_name.client.post("/api/session", json=wrong).status_code == 401
    found = by_name.client.post("/api/session", json={"name": "carl", "secret": PASSWORD})
    assert (found.status_code, found.json()["code"]) == (429, "BL974")
    assert found.headers["retry-after"]
    assert by_name.client.post("/login", data=wrong, headers=OWN).status_code == 429
    assert len(journal(by_name)) == BY_ADDRESS, "a flood does not fill the audit log"


def test_the_api_tells_who_is_logged_in(by_name: Served) -> None:
    by_name.log_in("vera")
    who = by_name.client.get("/api/session").json()
    assert (who["name"], who["role"], who["adjudicator"]) == ("vera", "viewer", False)
    assert "secret" not in who


def test_logging_out_ends_the_session(by_name: Served) -> None:
    sent = by_name.log_in("vera")
    cookie = by_name.client.cookies["biolabel-8080"]
    assert by_name.client.delete("/api/session").status_code == 403
    assert by_name.client.delete("/api/session", headers=sent).status_code == 204
    assert not by_name.client.cookies
    kept = {"Cookie": f"biolabel-8080={cookie}"}
    assert by_name.client.get("/api/probe/viewer", headers=kept).status_code == 401
    assert journal(by_name) == [("vera", "login"), ("vera", "logout")]


def test_the_page_logs_out(by_token: Served) -> None:
    token = by_token.bearer["Authorization"].removeprefix("Bearer ")
    found = by_token.client.post("/login", data={"secret": token}, headers=OWN)
    assert found.status_code == 303
    assert by_token.client.post("/logout", headers={"Accept": "text/html"}).status_code == 403
    found = by_token.client.post("/logout", headers=OWN)
    assert (found.status_code, found.headers["location"]) == (303, "/login")
    assert by_token.client.get("/api/session").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'{"name": "a"}', b'{"name": 1, "secret": "x"}', b'"\xff"',
        b'{"name": "a", "secret": "b", "role": "admin"}',
        b'{"name": "a", "secret": "' + b"x" * (LONGEST_SECRET + 1) + b'"}',
    ],
)  # fmt: skip
def test_bodies_that_are_no_login(by_name: Served, body: bytes) -> None:
    found = by_name.client.post("/api/session", content=body)
    assert (found.status_code, found.json()["code"]) == (422, "BL976")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"name=" + b"a" * 5000 + b"&secret=x"])
def test_forms_that_are_no_login(by_name: Served, body: bytes) -> None:
    assert by_name.client.post("/login", content=body, headers=OWN).status_code == 401


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("/", "/"), ("/rules?a=b", "/rules?a=b"), ("", "/"), ("//evil.example", "/"),
        ("/\\evil.example", "/"), ("https://evil.example", "/"), ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"), ("/\n/evil.example", "/"),
    ],
)  # fmt: skip
def test_a_login_leads_to_no_other_site(to: str, goes: str) -> None:
    assert local(to) == goes
