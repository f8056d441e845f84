"""The application: the API, the login and what guards both; pages are mounted onto it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

from biolabel import __version__
from biolabel.web.access.gate import Access, Gate
from biolabel.web.access.login import Journal, login_router
from biolabel.web.api import status
from biolabel.web.leaving import Leaving
from biolabel.web.limits import LOOPBACK, Limits
from biolabel.web.problems import Problem, register

ABOUT = (
    "Assertions with their evidence, and what curators decide about them. Programs log in with "
    "`POST /api/session` and send its `csrf` as X-CSRF-Token with each change; where the server has "
    "no users, `Authorization: Bearer TOKEN` does without both."
)


def create_app(
    access: Access,
    journal: Journal,
    routers: Sequence[APIRouter] = (),
    *,
    hosts: Sequence[str] = LOOPBACK,
    starting: Callable[[], None] = lambda: None,
    closing: Callable[[], None] = lambda: None,
) -> FastAPI:
    """Return the application with these routers, behind the gate and the limits.

    journal: writes the audit log. hosts: names under which the server may be addressed. starting: called
    once the server answers, in a thread of its own; closing: when it stops.
    """

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        Thread(target=starting, name="biolabel-starting", daemon=True).start()
        yield
        closing()

    app = FastAPI(
        title="biolabel",
        description=ABOUT,
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    register(app)
    # They are looked through in this order for every request, so what is asked most often comes first.
    for router in (*routers, login_router(access, journal), status.router):
        app.include_router(router)
    app.add_api_route("/api/{path:path}", _nothing, methods=list(METHODS), include_in_schema=False)
    # The last one added is the first to see a request.
    app.add_middleware(Leaving)
    app.add_middleware(Gate, access=access)
    app.add_middleware(Limits, hosts=hosts)
    _describe(app)
    return app


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""Methods that somebody may try on the API."""


async def _nothing(path: str, request: Request) -> None:
    """Answer for the API, where the pages mounted after it would answer with one of theirs."""
    others = [r for r in request.app.routes if getattr(r, "endpoint", None) is not _nothing]
    allowed = [
        method
        for method in METHODS
        if any(r.matches({**request.scope, "method": method})[0] is Match.FULL for r in others)
    ]
    if allowed:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise HTTPException(404, f"nothing answers {request.method} /api/{path}")


def _describe(app: FastAPI) -> None:
    """Add to the OpenAPI document what all refusals look like."""
    made = app.openapi

    def described() -> dict[str, object]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        return document

    app.openapi = described  # type: ignore[method-assign]
