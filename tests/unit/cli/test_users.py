"""Users are made and changed on the command line, and no password is shown."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.curation.store import FILE, check_password, open_database

Command = Callable[..., Any]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace with an empty database."""
    open_database(tmp_path / FILE).close()
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what pipes a line into the next command."""
    return lambda line: monkeypatch.setattr(sys, "stdin", io.StringIO(line))


def test_users(command: Command, workspace: Path, typed: Callable[[str], None]) -> None:
    typed("correct horse\n")
    done = command("curate", "users", "add", workspace, "ann", "--role", "admin")
    assert (done.status, done.out) == (0, "ann may log in as admin\n")
    typed("correct horse\n")
    assert command("curate", "users", "add", workspace, "bob", "--adjudicator").status == 0
    assert command("curate", "users", "role", workspace, "bob", "viewer").status == 0
    assert command("curate", "users", "disable", workspace, "bob").status == 0
    listed = json.loads(command("curate", "users", "list", workspace, "--json").out)
    assert [(each["name"], each["role"], each["disabled"]) for each in listed] == [
        ("ann", "admin", False),
        ("bob", "viewer", True),
    ]
    assert "password" not in listed[0]
    assert "disabled" in command("curate", "users", "list", workspace).out
    assert command("curate", "users", "enable", workspace, "bob").status == 0
    typed("battery staple\n")
    assert command("curate", "users", "password", workspace, "bob").status == 0
    opened = open_database(workspace / FILE)
    assert check_password(opened, "bob", "battery staple") is not None
    opened.close()
    log = command("curate", "audit", workspace)
    assert log.out.count("change user") == 4
    assert "battery" not in log.out


def test_users_come_before_the_first_run(
    command: Command, tmp_path: Path, typed: Callable[[str], None]
) -> None:
    typed("correct horse\n")
    where = f"sqlite:///{tmp_path / 'other.sqlite'}"
    done = command("curate", "users", "add", tmp_path, "ann", "--database", where)
    assert done.status == 0
    assert "ann" in command("curate", "users", "list", tmp_path, "--database", where).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["role", "ann", "viewer"], "no user `ann`"),
        (["disable", "ann"], "no user `ann`"),
        (["password", "ann"], "no user `ann`"),
        (["add", "ann", "--role", "curater"], "curator"),
        (["add", "a b"], "a b"),
    ],
)
def test_what_is_wrong(
    command: Command,
    workspace: Path,
    typed: Callable[[str], None],
    arguments: list[str],
    says: str,
) -> None:
    typed("correct horse\n")
    name, *others = arguments
    done = command("curate", "users", name, workspace, *others)
    assert done.status == 1
    assert "error[BL960]" in done.err
    assert says in done.err


def test_passwords_are_not_made_of_nothing(
    command: Command, workspace: Path, typed: Callable[[str], None]
) -> None:
    typed("")
    done = command("curate", "users", "add", workspace, "ann")
    assert "error[BL960]" in done.err
