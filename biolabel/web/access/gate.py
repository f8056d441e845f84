"""The gate: every request, page, file and websocket passes it, or is turned away with a reason.

A request that changes something needs more than a cookie, which browsers send along for any page that
asks them to: it must not come from a page of another site, and on the API it has to bring the session's
token in the header X-CSRF-Token. Websockets, over which NiceGUI's pages act, must come from one of this
server's own pages, and close when their session ends.
"""

import hmac
import html
from dataclasses import dataclass
from http import HTTPStatus

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import URL, Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from biolabel.errors import BiolabelError, RunError
from biolabel.web.access.doors import Door
from biolabel.web.access.origin import SAFE_METHODS, foreign, own_page
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import LONGEST, Session, Sessions
from biolabel.web.problems import problem_of, respond, wants_page

OPEN = frozenset({"/login", "/api/health", "/api/session", "/favicon.ico"})
"""Paths that answer anybody. `/api/session` is where programs log in."""
LOGIN = frozenset({("POST", "/login"), ("POST", "/api/session")})
"""Requests that log in, also somebody who is logged in; the origin is all that they are checked for."""
CSRF = "x-csrf-token"
"""The header that brings the session's token."""
_NOT_ALLOWED = 1008
"""Why a websocket is closed: policy violation (RFC 6455, 7.4.1)."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a server, and who does."""

    door: Door
    sessions: Sessions

    async def session(self, connection: HTTPConnection) -> Session | None:
        """Return the session of a request's cookie, None without an open one."""
        cookie = connection.cookies.get(cookie_name(connection), "")
        found = self.sessions.find(cookie) if cookie else None
        if found is not None and not await self.door.knows(found.person):
            self.sessions.end(found)
            return None
        return found

    def welcome(self, person: Person, connection: HTTPConnection, response: Response) -> Session:
        """Open a session and put its cookie on a response: not for scripts, not for other sites."""
        cookie, session = self.sessions.begin(person)
        response.set_cookie(
            cookie_name(connection),
            cookie,
            max_age=int(LONGEST),
            path="/",
            secure=_secure(connection),
            httponly=True,
            samesite="strict",
        )
        return session

    def part(self, session: Session, connection: HTTPConnection, response: Response) -> None:
        """End a session and take its cookie back."""
        self.sessions.end(session)
        response.delete_cookie(
            cookie_name(connection), secure=_secure(connection), httponly=True, samesite="strict"
        )


@dataclass(frozen=True, slots=True)
class Gate:
    """An ASGI application that passes on who may come in, with the session in the scope's state."""

    app: ASGIApp
    access: Access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request or websocket, or turn it away (BL970, BL972)."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            answer = await self._checked(connection)
        except BiolabelError as error:
            answer = respond(problem_of(error), connection)
        if answer is not None:
            await answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, *self._watched(connection.state.session, receive, send))
        else:
            await self.app(scope, receive, send)

    async def _checked(self, connection: HTTPConnection) -> Response | None:
        """Return None for a request that may pass, else what to answer instead."""
        scope, headers = connection.scope, connection.headers
        live = scope["type"] == "websocket"
        changes = live or scope["method"] not in SAFE_METHODS
        if changes and foreign(headers):
            raise RunError("BL972", "the request comes from a page of another site")
        token = connection.query_params.get("token")
        if token is not None and not changes and not self.access.door.named:
            return await self._by_url(connection, token)
        bearer = _bearer(headers)
        if bearer and self.access.door.named:
            raise RunError("BL973", "where there are users, programs log in at /api/session")
        if bearer:
            person = await self.access.door.enter("", bearer, "")
            session: Session | None = Session("", person, bearer, 0.0)
        else:
            session = await self.access.session(connection)
        scope.setdefault("state", {})["session"] = session
        if session is None:
            return None if scope["path"] in OPEN else _unknown(connection)
        if changes and not bearer and (live or (scope["method"], scope["path"]) not in LOGIN):
            self._intended(connection, session)
        return None

    def _intended(self, connection: HTTPConnection, session: Session) -> None:
        """Refuse a change that a person of this session did not ask for (BL972)."""
        path, headers = connection.scope["path"], connection.headers
        if path.startswith("/api/"):
            if not hmac.compare_digest(headers.get(CSRF, "").encode(), session.csrf.encode()):
                hint = "GET /api/session tells the token; send it with every change"
                raise RunError("BL972", "the header X-CSRF-Token has no valid token", hint=hint)
        elif not own_page(headers):
            raise RunError("BL972", "the request does not say that it comes from our own page")

    async def _by_url(self, connection: HTTPConnection, token: str) -> Response:
        """Let in who has the URL with the token, and have the browser forget it."""
        person = await self.access.door.enter("", token, "")
        response = _again(str(connection.url.remove_query_params("token")))
        self.access.welcome(person, connection, response)
        return response

    def _watched(self, session: Session, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Return a line that is cut once the session has ended or the person may not stay."""
        cut = False

        async def watched() -> Message:
            nonlocal cut
            message = await receive()
            if message["type"] == "websocket.receive" and not await self._stays(session):
                cut = True
                await send({"type": "websocket.close", "code": _NOT_ALLOWED})
                return {"type": "websocket.disconnect", "code": _NOT_ALLOWED}
            return message

        async def unless_cut(message: Message) -> None:
            if not cut:
                await send(message)

        return watched, unless_cut

    async def _stays(self, session: Session) -> bool:
        if session.key and not self.access.sessions.has(session):
            return False
        if not await self.access.door.knows(session.person):
            self.access.sessions.end(session)
            return False
        return True


def cookie_name(connection: HTTPConnection) -> str:
    """Return the name of the session's cookie: one for each port, because browsers mix those up.

    Over https the prefix `__Host-` has browsers take it from this very host only (RFC 6265bis, 4.1.3).
    """
    port = connection.url.port or (443 if _secure(connection) else 80)
    return f"{'__Host-' if _secure(connection) else ''}biolabel-{port}"


def _secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in ("https", "wss")


def _bearer(headers: Headers) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _unknown(connection: HTTPConnection) -> Response:
    """Return what somebody without a session gets: a page that leads to the login, or a problem."""
    if connection.scope["type"] == "http" and wants_page(connection):
        if connection.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            # Coming from a link elsewhere, a browser has kept the cookie back (SameSite=Strict).
            return _again(str(connection.url))
        to = URL("/login").include_query_params(to=_place(connection.url))
        return RedirectResponse(str(to), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    error = RunError(
        "BL970", "you are not logged in", hint="open the URL of `biolabel serve`, or log in"
    )
    return respond(problem_of(error), connection)


def _place(url: URL) -> str:
    """Return the place of a page on this server; never `//name`, which is a page of another one."""
    path = "/" + url.path.lstrip("/\\")
    return f"{path}?{url.query}" if url.query else path


def _again(url: str) -> Response:
    """Return a page that has the browser ask for a page of this server, this time of its own accord."""
    place = html.escape(_place(URL(url)))
    text = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>biolabel</title>"
        f'<meta http-equiv=refresh content="0;url={place}"><p><a href="{place}">biolabel</a></p>'
    )
    return HTMLResponse(
        text, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )
