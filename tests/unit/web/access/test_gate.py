"""What passes the gate, and what is turned away."""

from typing import Any

import pytest
from fastapi import FastAPI, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from biolabel.curation.store import change_user
from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access, Gate
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from tests.unit.web.serving import PLACE, Served

OWN = {"Origin": PLACE}
PAGE = {"Accept": "text/html,*/*"}
ADA = Person("ada", "admin")


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_nobody_gets_in_without_a_session(by_token: Served) -> None:
    ask = by_token.client
    assert told(ask.get("/api/probe/viewer")) == (401, "BL970")
    assert told(ask.post("/api/probe/curator")) == (401, "BL970")
    assert told(ask.get("/api/openapi.json")) == (401, "BL970")
    assert told(ask.get("/_nicegui/3/static/x.js")) == (401, "BL970")
    assert ask.get("/api/health").json() == {"status": "ok"}


@pytest.mark.parametrize("cookie", ["x", "0" * 43, "../../etc/passwd", "a=b; c"])
def test_a_forged_cookie_is_worth_nothing(by_token: Served, cookie: str) -> None:
    sent = {"Cookie": f"biolabel-8080={cookie}"}
    assert told(by_token.client.get("/api/probe/viewer", headers=sent)) == (401, "BL970")


def test_the_url_with_the_token_lets_in_once_and_for_all(by_token: Served) -> None:
    door = by_token.access.door
    assert isinstance(door, TokenDoor)
    found = by_token.client.get(f"/rules?sort=name&token={door.token}")
    assert 'content="0;url=/rules?sort=name"' in found.text, "the token leaves the address bar"
    assert found.headers["referrer-policy"] == "no-referrer"
    cookie = found.headers["set-cookie"]
    assert "; HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert by_token.client.get("/api/probe/viewer").json() == "ada"


def test_a_wrong_token_does_not(by_token: Served) -> None:
    assert told(by_token.client.get("/?token=guess")) == (401, "BL973")
    found = by_token.client.get("/?token=guess", headers=PAGE)
    assert found.status_code == 401
    assert "BL973" in found.text


def test_the_token_leads_to_no_other_site(by_token: Served) -> None:
    door = by_token.access.door
    assert isinstance(door, TokenDoor)
    for path in ("//evil.example/x", "/\\evil.example/x"):
        found = by_token.client.request("GET", f"{PLACE}{path}?token={door.token}")
        assert 'content="0;url=/' in found.text
        assert "url=//" not in found.text
        assert "url=/\\" not in found.text


def test_where_there_are_users_no_token_is_taken(by_name: Served) -> None:
    ask = by_name.client
    assert told(ask.get("/?token=x")) == (401, "BL970")
    sent = {"Authorization": "Bearer x"}
    assert told(ask.get("/api/probe/viewer", headers=sent)) == (401, "BL973")


def test_a_program_may_send_the_token_with_each_request(by_token: Served) -> None:
    assert by_token.client.post("/api/probe/admin", headers=by_token.bearer).json() == "ada"
    sent = {"Authorization": "Bearer guess"}
    assert told(by_token.client.post("/api/probe/admin", headers=sent)) == (401, "BL973")


def test_a_page_is_led_to_the_login(by_name: Served) -> None:
    found = by_name.client.get("/rules?sort=name", headers=PAGE)
    assert found.status_code == 303
    assert found.headers["location"] == "/login?to=%2Frules%3Fsort%3Dname"


def test_a_link_from_elsewhere_is_asked_again(by_name: Served) -> None:
    found = by_name.client.get("/rules", headers={**PAGE, "Sec-Fetch-Site": "cross-site"})
    assert 'content="0;url=/rules"' in found.text


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guess"}, {"Origin": PLACE},
        {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
    ],
)  # fmt: skip
def test_a_cookie_alone_changes_nothing(by_name: Served, sent: dict[str, str]) -> None:
    by_name.log_in("carl")
    assert told(by_name.client.post("/api/probe/curator", headers=sent)) == (403, "BL972")


def test_the_right_token_from_another_site_changes_nothing(by_name: Served) -> None:
    sent = {**by_name.log_in("carl"), "Origin": "http://127.0.0.1:9999"}
    assert told(by_name.client.post("/api/probe/curator", headers=sent)) == (403, "BL972")


def test_another_session_s_token_changes_nothing(by_name: Served) -> None:
    other = by_name.log_in("carl")
    by_name.client.cookies.clear()
    by_name.log_in("ada")
    assert told(by_name.client.post("/api/probe/curator", headers=other)) == (403, "BL972")


def test_roles(by_name: Served) -> None:
    for name, allowed in (("vera", 0), ("carl", 1), ("ada", 2)):
        by_name.client.cookies.clear()
        sent = by_name.log_in(name)
        assert by_name.client.get("/api/probe/viewer").json() == name
        for number, path in enumerate(("curator", "admin"), 1):
            found = by_name.client.post(f"/api/probe/{path}", headers=sent)
            if number <= allowed:
                assert found.json() == name
            else:
                assert told(found) == (403, "BL971")


@pytest.mark.parametrize(
    "change", [{"role": "viewer"}, {"disabled": True}, {"password": "another one"}]
)
def test_a_changed_user_is_out(by_name: Served, change: dict[str, Any]) -> None:
    by_name.log_in("carl")
    change_user(by_name.database, "carl", by="ada", **change)
    assert told(by_name.client.get("/api/probe/viewer")) == (401, "BL970")


def test_cookies_of_https_are_for_it_alone() -> None:
    access = Access(TokenDoor(ADA), Sessions())
    app = FastAPI()
    assert isinstance(access.door, TokenDoor)
    found = TestClient(Gate(app, access), "https://lab.example").get(f"/?token={access.door.token}")
    assert found.headers["set-cookie"].startswith("__Host-biolabel-443=")
    assert "; Secure" in found.headers["set-cookie"]


@pytest.fixture
def live() -> tuple[TestClient, Access]:
    """Return an application with a websocket that says everything again, and who may use it."""
    app = FastAPI()

    @app.websocket("/_nicegui_ws/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        async for text in socket.iter_text():
            await socket.send_text(text)

    access = Access(TokenDoor(ADA), Sessions())
    return TestClient(Gate(app, access), PLACE), access


def enter(live: tuple[TestClient, Access]) -> None:
    ask, access = live
    assert isinstance(access.door, TokenDoor)
    ask.get(f"/?token={access.door.token}")


def test_own_pages_talk_over_websockets(live: tuple[TestClient, Access]) -> None:
    enter(live)
    with live[0].websocket_connect("ws://127.0.0.1:8080/_nicegui_ws/echo", headers=OWN) as socket:
        socket.send_text("a")
        assert socket.receive_text() == "a"


@pytest.mark.parametrize("sent", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
def test_other_sites_do_not(live: tuple[TestClient, Access], sent: dict[str, str]) -> None:
    enter(live)
    with (
        pytest.raises(WebSocketDisconnect),
        live[0].websocket_connect("ws://127.0.0.1:8080/_nicegui_ws/echo", headers=sent),
    ):
        pass


def test_nobody_talks_without_a_session(live: tuple[TestClient, Access]) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        live[0].websocket_connect("ws://127.0.0.1:8080/_nicegui_ws/echo", headers=OWN),
    ):
        pass


def test_the_line_is_cut_when_the_session_ends(live: tuple[TestClient, Access]) -> None:
    enter(live)
    ask, access = live
    session = access.sessions.find(ask.cookies["biolabel-8080"])
    assert session is not None
    with ask.websocket_connect("ws://127.0.0.1:8080/_nicegui_ws/echo", headers=OWN) as socket:
        socket.send_text("a")
        assert socket.receive_text() == "a"
        access.sessions.end(session)
        socket.send_text("b")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_servers_on_other_ports_keep_their_own_cookies(live: tuple[TestClient, Access]) -> None:
    enter(live)
    assert list(live[0].cookies) == ["biolabel-8080"]
