"""Browsers that leave a page while its files are on their way."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

FILES = ("/_nicegui/", "/favicon.ico")
"""Where NiceGUI's scripts, styles and picture are."""
_QUIET = "2.4"


@dataclass(frozen=True, slots=True)
class Leaving:
    """An ASGI application that has files sent to their ends, also where nobody waits for them anymore.

    Where a server speaks ASGI before 2.4, Starlette stops a file when the browser goes, and NiceGUI's
    middleware takes that for a mistake and prints a traceback. Since 2.4 sending is what tells it, and
    uvicorn drops what it cannot send.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request; one for a file says that its server speaks ASGI 2.4."""
        if scope["type"] == "http" and scope["path"].startswith(FILES):
            scope = {**scope, "asgi": {**scope.get("asgi", {}), "spec_version": _QUIET}}
        await self.app(scope, receive, send)
