"""Logging in and out: by the login page for people, and by /api/session for programs."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qs

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from biolabel.curation.review import Role
from biolabel.errors import RunError
from biolabel.web.access.asking import Asking, address_of
from biolabel.web.access.gate import Access
from biolabel.web.access.loginpage import login_page
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Session
from biolabel.web.problems import problem_of, refusals

Journal = Callable[[str, str, Mapping[str, str]], None]
"""Writes a line of the audit log: who, what, details."""
LONGEST_NAME, LONGEST_SECRET = 100, 1_000
"""Characters of a name and of a password or token; more are refused before anything is computed."""
_LOCAL = re.compile(r"/(?![/\\])[!-~]*")
"""A path; browsers read `//name` and `/\\name` as another site, and skip tabs and line ends in between."""


class Credentials(BaseModel):
    """A user's name and password; where there are no users, the server's token as `secret` alone."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=LONGEST_NAME)
    secret: str = Field(max_length=LONGEST_SECRET)


class Who(BaseModel):
    """Who is logged in; `csrf` belongs into the header X-CSRF-Token of every change."""

    name: str
    role: Role
    adjudicator: bool
    csrf: str


def login_router(access: Access, journal: Journal) -> APIRouter:
    """Return the login page, the way out, and the session as programs see it."""
    router = APIRouter()

    async def entering(request: Request, name: str, secret: str) -> Person:
        address = address_of(request)
        try:
            person = await access.door.enter(name, secret, address)
        except RunError as error:
            if error.code == "BL973":  # a flood of logins is refused otherwise, and fills no log
                await run_sync(journal, name, "login refused", {"address": address})
            raise
        await run_sync(journal, person.name, "login", {"address": address})
        return person

    @router.get("/login", include_in_schema=False)
    async def page(to: str = "/") -> Response:
        return HTMLResponse(login_page(named=access.door.named, to=local(to)))

    @router.post("/login", include_in_schema=False)
    async def submit(request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        name, secret, to = (form.get(key, [""])[0] for key in ("name", "secret", "to"))
        try:
            if len(name) > LONGEST_NAME or len(secret) > LONGEST_SECRET:
                raise RunError("BL973", "the name or the password is not right")
            person = await entering(request, name, secret)
        except RunError as error:
            text = login_page(named=access.door.named, to=local(to), name=name, wrong=error.message)
            return HTMLResponse(text, problem_of(error).status)
        response = RedirectResponse(local(to), HTTPStatus.SEE_OTHER)
        access.welcome(person, request, response)
        return response

    @router.post("/logout", include_in_schema=False)
    async def leave(request: Request, session: Asking) -> Response:
        response = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        access.part(session, request, response)
        await run_sync(journal, session.person.name, "logout", {"address": address_of(request)})
        return response

    @router.post("/api/session", tags=["session"], responses=refusals(401, 422, 429))
    async def log_in(request: Request, response: Response, given: Credentials) -> Who:
        """Log in: the answer sets a cookie, and tells the token that changes need."""
        person = await entering(request, given.name, given.secret)
        return _who(access.welcome(person, request, response))

    @router.get("/api/session", tags=["session"], responses=refusals(401))
    async def who(session: Asking) -> Who:
        """Tell who is logged in."""
        return _who(session)

    @router.delete("/api/session", tags=["session"], status_code=204, responses=refusals(401, 403))
    async def log_out(request: Request, response: Response, session: Asking) -> None:
        """Log out: the cookie is worth nothing afterwards."""
        access.part(session, request, response)
        await run_sync(journal, session.person.name, "logout", {"address": address_of(request)})

    return router


def local(to: str) -> str:
    """Return where to go after a login: a page of this server, never another one's."""
    return to if _LOCAL.fullmatch(to) else "/"


def _who(session: Session) -> Who:
    person = session.person
    return Who(
        name=person.name, role=person.role, adjudicator=person.adjudicator, csrf=session.csrf
    )
