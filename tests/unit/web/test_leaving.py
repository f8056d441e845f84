"""A browser that leaves while a file is on its way is no mistake, and leaves no traceback."""

from pathlib import Path

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from biolabel.web.leaving import Leaving

PLACES = ("/_nicegui/1.0/script.js", "/favicon.ico")


@pytest.fixture
def files(tmp_path: Path) -> ASGIApp:
    """Return an application that serves a file behind a middleware like NiceGUI's."""
    path = tmp_path / "script.js"
    path.write_text("1;" * 100_000)

    async def file(_: Request) -> Response:
        return FileResponse(path)

    async def passing(request: Request, ask: RequestResponseEndpoint) -> Response:
        return await ask(request)

    # There are two, as NiceGUI has them.
    around = [Middleware(BaseHTTPMiddleware, dispatch=passing)] * 2
    return Starlette(routes=[Route(place, file) for place in PLACES], middleware=around)


def left(app: ASGIApp, path: str) -> list[Message]:
    """Ask for a path and go away at once; return what was sent nevertheless."""
    sent: list[Message] = []

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [],
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip
        await app(scope, gone, send)

    anyio.run(ask)
    return sent


@pytest.mark.parametrize("place", PLACES)
def test_a_browser_that_leaves_is_no_mistake(files: ASGIApp, place: str) -> None:
    sent = left(Leaving(files), place)
    assert sent[0]["status"] == 200
    assert sum(len(each.get("body", b"")) for each in sent) == 200_000


def test_only_files_of_pages_are_sent_to_the_end() -> None:
    spoken: list[str] = []

    async def app(scope: Scope, *_: object) -> None:
        spoken.append(scope["asgi"]["spec_version"])

    for path in (*PLACES, "/api/export", "/"):
        left(Leaving(app), path)
    assert spoken == ["2.4", "2.4", "2.3", "2.3"]
