"""The scheduler of a Dask cluster: one that listens at an address, or one of this machine's own."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror, getaddrinfo
from typing import TYPE_CHECKING

from biolabel.data.process import uninterrupted
from biolabel.errors import RunError

if TYPE_CHECKING:
    from distributed import LocalCluster, Security

_GREETING = 5.0
"""Seconds in which somebody must listen at an address, and say one second later what it is."""
_PLAIN: dict[str, object] = {
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""Settings of Dask for workers that are like other processes: else each gives memory back to the system at
every turn, with which the end model took a third longer, and watches itself all the time."""
_FRUGAL = {"distributed.admin.low-level-log-length": 10}
"""Settings for who sends work: else the last thousand messages are kept for developers of Dask."""


@contextmanager
def frugal() -> Iterator[None]:
    """Let schedulers and clients that begin inside keep little of what they have sent."""
    import dask

    with dask.config.set(_FRUGAL):
        yield


@contextmanager
def machines(
    scheduler: str, workers: int
) -> "Iterator[tuple[str | LocalCluster, Security | None]]":
    """Give the address of a scheduler, or processes of this machine while they are needed.

    These speak TLS with a key that only this machine has.

    Raises:
        RunError: BL942 when no scheduler listens at the address.
    """
    if scheduler:
        _greet(scheduler)
        yield scheduler, None
        return
    import dask
    from distributed import LocalCluster, Security

    security = Security.temporary()
    # Ctrl-C reaches all processes of a terminal; this one ends the others.
    with uninterrupted(), dask.config.set(_PLAIN):
        # The workers of this machine share its memory, as processes do without Dask.
        found = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=0,
            dashboard_address="127.0.0.1:0",
            security=security,
            silence_logs=logging.CRITICAL + 1,
        )
    with found:
        yield found, security


def _greet(scheduler: str) -> None:
    """Refuse an address where nobody says that it is a scheduler: a client would wait for that forever."""
    from distributed.comm.addressing import get_address_host_port
    from distributed.comm.core import CommClosedError
    from distributed.core import rpc
    from distributed.security import Security

    try:
        host, port = get_address_host_port(scheduler)
        getaddrinfo(host, port)
    except ValueError as error:
        raise unreachable(scheduler, f"that is no address ({error})") from error
    except gaierror as error:
        raise unreachable(scheduler, f"no host {host!r} is known") from error

    async def identity() -> str:
        speaking = Security().get_connection_args("client")
        async with rpc(scheduler, timeout=_GREETING, connection_args=speaking) as somebody:
            said = await asyncio.wait_for(somebody.identity(n_workers=0), _GREETING + 1)
            return str(said["type"])

    stranger = "who listens there is no scheduler that can be understood"
    try:
        found = asyncio.run(identity())
    except (CommClosedError, TimeoutError) as error:
        raise unreachable(scheduler, stranger) from error
    except OSError as error:
        raise unreachable(scheduler, "it does not answer") from error
    except Exception as error:
        # Whatever Dask's reader raises of bytes that are none of Dask's, or of TLS without settings.
        raise unreachable(scheduler, f"{stranger} ({error})") from error
    if found != "Scheduler":
        raise unreachable(scheduler, f"who listens there is no scheduler but a {found.lower()}")


def unreachable(address: object, why: str) -> RunError:
    """Return the error for a scheduler that cannot be used (BL942)."""
    named = address if isinstance(address, str) else "of this machine"
    return RunError(
        "BL942",
        f"cannot use the scheduler {named}: {why}",
        hint="start it and its workers: dask scheduler, dask worker ADDRESS; the address is what it prints "
        "as `Scheduler at`, not that of its dashboard",
    )
