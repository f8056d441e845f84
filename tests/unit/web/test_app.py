"""The application as a whole."""

from threading import Event

from starlette.testclient import TestClient

from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.app import create_app
from tests.unit.web.serving import Served


def test_openapi_describes_what_there_is(by_token: Served) -> None:
    found = by_token.client.get("/api/openapi.json", headers=by_token.bearer).json()
    assert found["info"]["title"] == "biolabel"
    assert {"/api/session", "/api/health", "/api/probe/viewer"} <= found["paths"].keys()
    assert "Problem" in found["components"]["schemas"]
    assert "/login" not in found["paths"]


def test_there_are_no_pages_with_scripts_from_elsewhere(by_token: Served) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert by_token.client.get(path, headers=by_token.bearer).status_code == 404


def test_what_begins_and_ends_with_it_holds_up_no_answer() -> None:
    began, go, closed = Event(), Event(), Event()

    def starting() -> None:
        began.set()
        go.wait(30)

    access = Access(TokenDoor(Person("ada", "admin")), Sessions())
    app = create_app(access, lambda *_: None, starting=starting, closing=closed.set)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert began.wait(30)
        assert client.get("/api/health").status_code == 200
        assert not closed.is_set()
    assert closed.is_set()
    go.set()
