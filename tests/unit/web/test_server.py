"""Where a server listens, and who it lets in there."""

import socket
from pathlib import Path

import pytest
from fastapi import FastAPI

from biolabel.curation.store import Database, add_user, change_user
from biolabel.errors import RunError
from biolabel.web.access.doors import NameDoor, TokenDoor
from biolabel.web.server import LARGEST_MESSAGE, Place, door_of, listening, settings
from tests.unit.web.serving import PASSWORD


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True),
        ("0.0.0.0", False), ("::", False), ("192.168.0.5", False), ("lab.example", False),
        ("", False), ("localhost.evil.example", False),
    ],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, is_local: bool) -> None:
    assert Place(host).is_local is is_local


def test_names_and_url() -> None:
    place = Place("192.168.0.5", names=("Lab.Example",), certificate=Path("c.pem"))
    assert place.hosts == ("127.0.0.1", "localhost", "::1", "192.168.0.5", "lab.example")
    assert place.url(8443) == "https://192.168.0.5:8443/"
    assert Place("::1").url(80) == "http://[::1]:80/"


def test_without_users_the_token_opens_on_this_machine_alone(database: Database) -> None:
    door = door_of(database, Place())
    assert isinstance(door, TokenDoor)
    assert door.owner.role == "admin"
    with pytest.raises(RunError, match="and there are no users") as e:
        door_of(database, Place("0.0.0.0"))
    assert e.value.code == "BL979"


def test_users_open_it_everywhere(database: Database) -> None:
    add_user(database, "ada", PASSWORD, "admin", by="test")
    add_user(database, "vera", PASSWORD, "viewer", by="test")
    assert isinstance(door_of(database, Place()), NameDoor)
    assert isinstance(door_of(database, Place("0.0.0.0")), NameDoor)


def test_disabled_users_are_none(database: Database) -> None:
    add_user(database, "vera", PASSWORD, "viewer", by="test")
    change_user(database, "vera", by="test", disabled=True)
    with pytest.raises(RunError, match="there are no users"):
        door_of(database, Place("0.0.0.0"))


def test_it_listens_where_it_is_told() -> None:
    with listening(Place(port=0)) as bound:
        host, port = bound.getsockname()
        assert host == "127.0.0.1"
        socket.create_connection((host, port), timeout=5).close()
        with pytest.raises(RunError, match=f"port {port}") as error:
            listening(Place(port=port))
        assert error.value.code == "BL980"


@pytest.mark.parametrize("place", [Place("256.1.1.1"), Place("203.0.113.7", 0)])
def test_where_it_cannot(place: Place) -> None:
    with pytest.raises(RunError) as error:
        listening(place)
    assert error.value.code == "BL980"


def test_settings_are_careful() -> None:
    config = settings(FastAPI(), Place())
    assert not config.access_log, "it would have the token"
    assert not config.proxy_headers, "anybody can write them"
    assert config.ws_max_size == LARGEST_MESSAGE
    assert settings(FastAPI(), Place(proxy="10.0.0.1")).forwarded_allow_ips == "10.0.0.1"


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "cert.pem"
    for text in (None, "no certificate"):
        if text:
            path.write_text(text, "utf-8")
        with pytest.raises(RunError) as error:
            settings(FastAPI(), Place(certificate=path, key=path))
        assert error.value.code == "BL983"
