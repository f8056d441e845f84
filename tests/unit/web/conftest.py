"""Applications to ask, one with a token, one with users; and the results of a tiny run."""

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter
from starlette.testclient import TestClient

from biolabel.curation.store import Database, add_user, open_database, users, write_audit
from biolabel.web.access.accounts import Users
from biolabel.web.access.doors import Door, NameDoor, TokenDoor
from biolabel.web.access.gate import Access
from biolabel.web.access.people import Person
from biolabel.web.access.sessions import Sessions
from biolabel.web.app import create_app
from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results, open_results
from tests.unit.web.serving import PASSWORD, PLACE, Served, probe

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def served(door: Door, database: Database, routers: Sequence[APIRouter]) -> Served:
    """Return an application behind a door."""
    access = Access(door, Sessions())
    app = create_app(access, partial(write_audit, database), routers)
    client = TestClient(app, PLACE, raise_server_exceptions=False, follow_redirects=False)
    return Served(client, access, database)


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least that argon2 allows: what it is for takes a tenth of a second each time."""
    monkeypatch.setattr(users, "_hasher", lambda: CHEAP)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a database at the newest version; migrations take a while."""
    path = tmp_path_factory.mktemp("databases") / "empty.sqlite"
    open_database(path).close()
    return path


@pytest.fixture(scope="session")
def peopled(empty: Path) -> Path:
    """Return the file of a database with users; hashing passwords takes a while, on purpose."""
    path = empty.with_name("peopled.sqlite")
    shutil.copyfile(empty, path)
    database = open_database(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", lambda: CHEAP)
        add_user(database, "ada", PASSWORD, "admin", by="test")
        add_user(database, "carl", PASSWORD, "curator", by="test")
        add_user(database, "vera", PASSWORD, "viewer", by="test")
    database.close()
    return path


@pytest.fixture
def database(empty: Path, tmp_path: Path) -> Iterator[Database]:
    found = open_database(shutil.copyfile(empty, tmp_path / "curation.sqlite"))
    yield found
    found.close()


@pytest.fixture
def with_users(peopled: Path, tmp_path: Path) -> Iterator[Database]:
    found = open_database(shutil.copyfile(peopled, tmp_path / "peopled.sqlite"))
    yield found
    found.close()


@pytest.fixture
def routers() -> list[APIRouter]:
    """Return what the applications answer with besides the login; test files put in theirs."""
    return [probe()]


@pytest.fixture
def by_token(database: Database, routers: list[APIRouter]) -> Served:
    """Return an application without users."""
    return served(TokenDoor(Person("ada", "admin")), database, routers)


@pytest.fixture
def by_name(with_users: Database, routers: list[APIRouter]) -> Served:
    """Return an application with users vera, carl and ada: viewer, curator, admin."""
    return served(NameDoor(Users(with_users)), with_users, routers)


@pytest.fixture(scope="session")
def results(finished_run: Path) -> Results:
    """Return results that no test changes."""
    return open_results(finished_run)


@pytest.fixture
def edited(finished_run: Path, tmp_path: Path) -> Results:
    """Return the results with a copy of the task, to save rules in."""
    folder = tmp_path / "tiny"
    shutil.copytree(finished_run.parent / "tiny", folder)
    return open_results(finished_run, folder)


@pytest.fixture(scope="session")
def lab(results: Results) -> Iterator[Lab]:
    """Return the laboratory of the results."""
    found = Lab(results)
    yield found
    found.close()
