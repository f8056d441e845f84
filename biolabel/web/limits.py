"""What every request has to keep to: the server's own host names, and a size. And what browsers are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from biolabel.errors import RunError
from biolabel.web.access.origin import host_of
from biolabel.web.problems import problem_of, respond

LARGEST = 2 * 1024 * 1024
"""Bytes of the largest request body: rule files of 50,000 lines fit."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Told to browsers with every response."""
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Content security policy of everything that is no page: nothing in it is ever run or shown."""
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Content security policy of pages. NiceGUI's page template has inline scripts and styles, and its
Vue compiles templates in the browser, hence the unsafe ones; nothing comes from another site."""


@dataclass(frozen=True, slots=True)
class Limits:
    """An ASGI application that refuses what no client of this server sends (BL975, BL978).

    hosts: names under which the server may be addressed, in lower case; any other is an attack by DNS
    rebinding, or a name that `--allow-host` should have.
    """

    app: ASGIApp
    hosts: Sequence[str] = LOOPBACK
    largest: int = LARGEST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on, one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        told = _telling(send, scope)
        host = host_of(connection.headers)
        if host not in self.hosts:
            names = " or ".join(self.hosts)
            error = RunError(
                "BL978",
                f"this server is not `{host}`, but {names}",
                hint=f"if it is reached by that name: biolabel serve --allow-host {host or 'NAME'}",
            )
            await respond(problem_of(error), connection)(scope, receive, told)
        elif _length(connection.headers) > self.largest:
            error = RunError("BL975", self._too_large())
            await respond(problem_of(error), connection)(scope, receive, told)
        else:
            await self.app(scope, self._counting(receive), told)

    def _too_large(self) -> str:
        return f"a request may have {self.largest:,} bytes, this one has more"

    def _counting(self, receive: Receive) -> Receive:
        """Return a receiver that stops at a body which is larger than its header said."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self.largest:
                    raise HTTPException(413, self._too_large())
            return message

        return counted


def _length(headers: Headers) -> int:
    written = headers.get("content-length", "0")
    return int(written) if written.isdecimal() else 0


def _telling(send: Send, scope: Scope) -> Send:
    """Return a sender that adds what browsers are told."""

    async def told(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            page = headers.get("content-type", "").startswith("text/html")
            policy = PAGE_POLICY if page else DATA_POLICY
            headers.setdefault("Content-Security-Policy", policy)
            if scope["scheme"] in ("https", "wss"):
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            if scope["path"].startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return told
