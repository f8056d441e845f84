"""Sessions: what a cookie stands for. They live in the memory of the server and end with it."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from biolabel.web.access.people import Person

IDLE = 12 * 3600.0
"""Seconds without a request after which a session ends: a working day."""
LONGEST = 7 * 24 * 3600.0
"""Seconds after which a session ends in any case."""
MOST = 20
"""Sessions that a person may have at once; one more ends the oldest."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person who was let in.

    key: the SHA-256 of the cookie, which itself is not kept. csrf: the token that the person's own
    pages and programs send with each change. began: seconds on the clock of the sessions.
    """

    key: str
    person: Person
    csrf: str
    began: float


@dataclass(slots=True)
class Sessions:
    """All sessions of a server."""

    clock: Callable[[], float] = time.monotonic
    _open: dict[str, Session] = field(default_factory=dict)
    _used: dict[str, float] = field(default_factory=dict)

    def begin(self, person: Person) -> tuple[str, Session]:
        """Open a session; return the value of its cookie, 256 random bits, and the session."""
        for session in list(self._open.values()):
            self.has(session)
        own = [key for key, session in self._open.items() if session.person.name == person.name]
        for key in own[: max(0, len(own) - MOST + 1)]:
            self._drop(key)
        cookie, now = secrets.token_urlsafe(32), self.clock()
        session = Session(_key(cookie), person, secrets.token_urlsafe(32), now)
        self._open[session.key] = session
        self._used[session.key] = now
        return cookie, session

    def find(self, cookie: str) -> Session | None:
        """Return the open session of a cookie, which counts as use; None for any other value."""
        session = self._open.get(_key(cookie))
        if session is None or not self.has(session):
            return None
        self._used[session.key] = self.clock()
        return session

    def has(self, session: Session) -> bool:
        """Return whether a session is still open, and forget it if it is not; this is no use of it."""
        now = self.clock()
        if now - self._used.get(session.key, now - IDLE) < IDLE and now - session.began < LONGEST:
            return True
        self._drop(session.key)
        return False

    def end(self, session: Session) -> None:
        """End a session, wherever it is in use."""
        self._drop(session.key)

    def _drop(self, key: str) -> None:
        self._open.pop(key, None)
        self._used.pop(key, None)


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
