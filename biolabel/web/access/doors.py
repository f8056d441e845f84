"""Doors: how people get in. By the token of the URL, or, where there are users, by name and password."""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from biolabel.errors import RunError
from biolabel.web.access.people import Person
from biolabel.web.access.throttle import Throttle

FRESH = 1.0
"""Seconds for which what the database says of a user is believed; a change takes that long to work."""
AT_ONCE = 2
"""Passwords checked at the same time: argon2 takes 64 MiB and a core for each."""
WAITING = 16
"""Logins that may wait for their turn; one more is refused at once."""


class Accounts(Protocol):
    """Users as the database keeps them."""

    def person(self, name: str) -> Person | None:
        """Return a user who may log in, None if there is none of the name or it is disabled."""
        ...

    def check(self, name: str, password: str) -> Person | None:
        """Return the user whose name and password these are; this takes as long for unknown names."""
        ...


class Door(Protocol):
    """A way in."""

    @property
    def named(self) -> bool:
        """Whether people have names and passwords; else there is one person, and a token."""
        ...

    async def enter(self, name: str, secret: str, address: str) -> Person:
        """Return who comes in with these, or refuse (BL973, BL974)."""
        ...

    async def knows(self, person: Person) -> bool:
        """Return whether a person who came in may stay, with the same role."""
        ...


@dataclass(frozen=True, slots=True)
class TokenDoor:
    """Lets in, as the one person who uses this server, whoever has the token: 256 random bits."""

    owner: Person
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    named: bool = False

    async def enter(self, name: str, secret: str, address: str) -> Person:
        """Return the owner for the right token; nothing else matters.

        Raises:
            RunError: BL973 for any other token.
        """
        del name, address
        if not hmac.compare_digest(secret.encode(), self.token.encode()):
            hint = "open the URL that `biolabel serve` printed when it started"
            raise RunError("BL973", "the token is not right", hint=hint)
        return self.owner

    async def knows(self, person: Person) -> bool:
        """Return whether it is the owner."""
        return person == self.owner


@dataclass(slots=True)
class NameDoor:
    """Lets in users by name and password, and makes those wait who fail too often."""

    accounts: Accounts
    throttle: Throttle = field(default_factory=Throttle)
    clock: Callable[[], float] = time.monotonic
    named: bool = True
    _checking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    _asked: int = 0
    _seen: dict[str, tuple[float, Person | None]] = field(default_factory=dict)

    async def enter(self, name: str, secret: str, address: str) -> Person:
        """Return the user whose name and password these are.

        A try counts as failed while its password is being checked, so that tries side by side are
        no way around the limit.

        Raises:
            RunError: BL973 for a wrong name or password; BL974 after too many failures, or when too
                many logins are waiting.
        """
        wait = self.throttle.wait(address, name)
        if wait > 0:
            raise RunError("BL974", f"too many logins failed; the next is answered in {wait:.0f} s")
        if self._asked >= AT_ONCE + WAITING:
            raise RunError("BL974", "too many logins at once", hint="try again in some seconds")
        self.throttle.failed(address, name)
        self._asked += 1
        try:
            person = await run_sync(self.accounts.check, name, secret, limiter=self._checking)
        finally:
            self._asked -= 1
        if person is None:
            raise RunError("BL973", "the name or the password is not right")
        self.throttle.forgiven(address, name)
        return person

    async def knows(self, person: Person) -> bool:
        """Return whether the user still has the role and the password of then, as of a second ago."""
        at, found = self._seen.get(person.name, (self.clock() - 2 * FRESH, None))
        if self.clock() - at > FRESH:
            found = await run_sync(self.accounts.person, person.name)
            self._seen[person.name] = self.clock(), found
        return found == person
