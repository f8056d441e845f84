"""A limit to failed logins, so that passwords and tokens cannot be found by trying."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW = 300.0
"""Seconds that a failed login is remembered."""
BY_ADDRESS, BY_NAME = 10, 30
"""Failed logins within the window after which an address, or a name from anywhere, has to wait.

With 30 tries in five minutes a name can be tried 8,640 times a day, far too few for any password
that is not on a list of the very worst. A name is given more than an address so that an attacker
cannot as easily keep its owner out.
"""
REMEMBERED = 10_000
"""Addresses and names remembered at once; beyond that, the oldest are forgotten."""


@dataclass(slots=True)
class Throttle:
    """Failed logins of late, by address and by name."""

    clock: Callable[[], float] = time.monotonic
    _failed: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def wait(self, address: str, name: str) -> float:
        """Return for how many seconds no login from the address, or for the name, is answered."""
        return max(
            self._wait(("address", address), BY_ADDRESS), self._wait(("name", name), BY_NAME)
        )

    def failed(self, address: str, name: str) -> None:
        """Remember a failed login."""
        for key in (("address", address), ("name", name)):
            times = self._failed.pop(key, [])
            self._failed[key] = [*times, self.clock()][-BY_NAME:]
        while len(self._failed) > REMEMBERED:
            self._failed.pop(next(iter(self._failed)))

    def forgiven(self, address: str, name: str) -> None:
        """Forget the last failure: it was none. Earlier ones stay, lest one right login hides guesses."""
        for key in (("address", address), ("name", name)):
            if key in self._failed:
                self._failed[key] = self._failed[key][:-1]

    def _wait(self, key: tuple[str, str], most: int) -> float:
        now = self.clock()
        times = [at for at in self._failed.get(key, ()) if now - at < WINDOW]
        return WINDOW - (now - times[-most]) if len(times) >= most else 0.0
