"""The server: where it listens, who may come in, and what it serves."""

import gc
import getpass
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI

from biolabel.curation.store import FILE, Database, open_database, write_audit
from biolabel.errors import RunError
from biolabel.web.access.accounts import Users, anybody
from biolabel.web.access.doors import Door, NameDoor, TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.api.assertions import assertions_router
from biolabel.web.api.documents import documents_router
from biolabel.web.api.editor import editor_router
from biolabel.web.api.exports import exports_router
from biolabel.web.api.overview import overview_router
from biolabel.web.api.rules import rules_router
from biolabel.web.api.team import team_router
from biolabel.web.app import create_app
from biolabel.web.limits import LOOPBACK
from biolabel.web.pages import mount
from biolabel.web.pages.site import Site
from biolabel.web.service.concepts import Concepts
from biolabel.web.service.editor import Checker
from biolabel.web.service.lab import Lab
from biolabel.workflow.loading import load_run
from biolabel.workflow.results import Results

LARGEST_MESSAGE = 4 * 1024 * 1024
"""Bytes of the largest message on a websocket: a page's events are far smaller."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens; port 0 is any that is free.

    names: under which it is reached besides those of this machine. certificate, key: files for https.
    proxy: the address of a proxy whose word about clients and https is taken.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that requests may address it by."""
        return (*LOOPBACK, self.host.lower(), *map(str.lower, self.names))

    def url(self, port: int) -> str:
        """Return its URL at the port that it got."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{port}/"


def serve(
    results: Results, place: Place, say: Callable[[str], None], database: str | None = None
) -> None:
    """Serve the results of a run until the process is told to stop.

    say: gets the lines for whoever started it. database: where decisions are, else a file in the
    workspace.

    Raises:
        RunError: BL979 without users on an address that others reach; BL980 for an address that cannot
            be used; BL983 for a certificate that cannot; as `open_database` and `load_run`.
    """
    where = database or str(results.workspace / FILE)
    store = open_database(where)
    try:
        door = door_of(store, place)
        for task, loaded in load_run(results, store).items():
            say(f"loaded {loaded.assertions:,} assertions of {task}")
        with listening(place) as bound:
            app = application(results, store, where, door, place.hosts)
            how = settings(app, place)
            url = place.url(bound.getsockname()[1])
            say(f"biolabel shows {results.task.task.name} at")
            say(f"  {url}?token={door.token}" if isinstance(door, TokenDoor) else f"  {url}")
            if not place.is_local and not place.certificate and not place.proxy:
                say("passwords travel unencrypted: --certificate and --key serve https")
            say("Ctrl+C stops it")
            answer(how, bound)
    finally:
        store.close()


def answer(how: uvicorn.Config, bound: socket.socket) -> None:
    """Answer whoever asks at a socket, until the process is told to stop."""
    # What is there now stays to the end: looked through for garbage again and again, it took a tenth of
    # the time of an answer.
    gc.collect()
    gc.freeze()
    uvicorn.Server(how).run(sockets=[bound])


def door_of(database: Database, place: Place) -> Door:
    """Return how people come in: by name where there are users, else by token.

    Raises:
        RunError: BL979 for a place that others can reach, without users.
    """
    if anybody(database):
        return NameDoor(Users(database))
    if not place.is_local:
        raise RunError(
            "BL979",
            f"other machines can reach {place.host}, and there are no users",
            hint="`biolabel curate users add WORKSPACE NAME --role admin` makes one",
        )
    return TokenDoor(Person(_own_name(), "admin"))


def application(
    results: Results, database: Database, where: str, door: Door, hosts: tuple[str, ...]
) -> FastAPI:
    """Return the application with API and pages; once in a process, because NiceGUI is one."""
    lab = Lab(results)
    app = create_app(
        Access(door, Sessions()),
        partial(write_audit, database),
        routers_of(results, database, where, lab),
        hosts=hosts,
        starting=lab.begin,
        closing=lab.close,
    )
    mount(app, Site(results, lab, Checker(results.task), database))
    return app


def routers_of(results: Results, database: Database, where: str, lab: Lab) -> list[APIRouter]:
    """Return everything that programs may ask about a run and its curation."""
    return [
        assertions_router(database, Concepts(results).below),
        team_router(database),
        exports_router(results, database, where),
        overview_router(results),
        rules_router(results, lab),
        editor_router(results, lab),
        documents_router(results),
    ]


def listening(place: Place) -> socket.socket:
    """Return a socket that listens, so that who reads the URL finds somebody there.

    Raises:
        RunError: BL980 when the address cannot be used.
    """
    try:
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        return socket.create_server((place.host, place.port), family=family, backlog=2048)
    except OSError as error:
        why = error.strerror or str(error)
        raise RunError(
            "BL980",
            f"cannot listen on {place.host}, port {place.port}: {why}",
            hint="--port 0 takes any port that is free",
        ) from error


def settings(app: FastAPI, place: Place) -> uvicorn.Config:
    """Return how uvicorn runs the application.

    Its log of requests stays off: it would have the token of the first URL in it.

    Raises:
        RunError: BL983 when certificate or key cannot be used.
    """
    config = uvicorn.Config(
        app,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        proxy_headers=bool(place.proxy),
        forwarded_allow_ips=place.proxy or None,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        files = f"{place.certificate} with {place.key}"
        raise RunError("BL983", f"cannot serve https by {files}: {error}") from error
    return config


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "curator"
