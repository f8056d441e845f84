"""Who a request is from, for whoever answers it: the gate has seen to it that this is so."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from biolabel.curation.review import Role
from biolabel.errors import RunError
from biolabel.web.access.people import Person, allow
from biolabel.web.access.sessions import Session


def session_of(request: Request) -> Session:
    """Return the session of a request.

    Raises:
        RunError: BL970 for a request without one, on a path that is open to all.
    """
    session = getattr(request.state, "session", None)
    if not isinstance(session, Session):
        raise RunError("BL970", "you are not logged in", hint="POST /api/session logs in")
    return session


def person_of(request: Request) -> Person:
    """Return who a request is from.

    Raises:
        RunError: BL970 as `session_of`.
    """
    return session_of(request).person


def address_of(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else "unknown"


def needing(role: Role) -> Callable[[Request], Awaitable[Person]]:
    """Return what lets only people of a role pass (BL971), as FastAPI's dependencies are written.

    It is asynchronous because FastAPI asks anything else in a thread, which takes longer than it does.
    """

    async def person(request: Request) -> Person:
        found = person_of(request)
        allow(found, role)
        return found

    return person


Asking = Annotated[Session, Depends(session_of)]
"""The session of somebody who is logged in."""
Viewer = Annotated[Person, Depends(needing("viewer"))]
"""Anybody who is logged in."""
Curator = Annotated[Person, Depends(needing("curator"))]
"""Somebody who may decide."""
Admin = Annotated[Person, Depends(needing("admin"))]
"""Somebody who may keep users."""
