"""What `biolabel curate` shows of a database, and how it answers what is wrong."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.curation import Assertion, Evidence
from biolabel.curation.review import NewDecision
from biolabel.curation.store import (
    FILE,
    adjudicate,
    check_password,
    decide,
    load,
    open_database,
    reviewed,
    undo,
)

Command = Callable[..., Any]


def assertion(number: int) -> Assertion:
    sentence = Evidence(
        "123", "abstract", f"Drug {number} [bold]caused[/] it.", 0, 9, 0.9, ("cue",), ("ctd",),
        journal="Lancet", year=1999,
    )  # fmt: skip
    return Assertion(
        f"MESH:C{number}", "causes", f"MESH:D{number}", f"drug {number}", f"disease {number}",
        number / 10, number / 10, 1, "new", (sentence,),
    )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace with five assertions, of which two curators decided on two."""
    opened = open_database(tmp_path / FILE)
    load(opened, "cid", [assertion(number) for number in range(1, 6)], "run 1")
    first, second, *_ = (each.id for each in reviewed(opened))
    decide(opened, NewDecision(first, "accept", "ann", "as [red]written[/]"))
    decide(opened, NewDecision(first, "reject", "bob"))
    decide(opened, NewDecision(second, "accept", "ann"))
    taken = decide(opened, NewDecision(second, "reject", "bob"))
    undo(opened, taken.id, "bob")
    decide(opened, NewDecision(second, "accept", "bob"))
    adjudicate(opened, NewDecision(first, "wrong mention", "eve"))
    opened.close()
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what pipes a line into the next command."""
    return lambda line: monkeypatch.setattr(sys, "stdin", io.StringIO(line))


def test_the_queue(command: Command, workspace: Path) -> None:
    done = command("curate", "queue", workspace, "--n", "2")
    assert done.status == 0
    assert "drug 5" in done.out
    assert "rejected, settled" in done.out
    assert "drug 3" not in done.out
    assert "5 in all" in done.out
    after = done.out.split("--after ")[1].split()[0]
    done = command("curate", "queue", workspace, "--n", "2", "--after", after)
    assert "drug 3" in done.out
    assert "drug 4" not in done.out


def test_the_queue_for_programs(command: Command, workspace: Path) -> None:
    filters = ["--state", "undecided", "--from", "1999", "--journal", "Lancet", "--rule", "ctd"]
    done = command("curate", "queue", workspace, *filters, "--concept", "MESH:D2", "--json")
    found = json.loads(done.out)
    assert (found["count"], found["after"]) == (1, None)
    assert found["rows"][0]["assertion"]["subject"] == "MESH:C2"


def test_an_assertion_with_its_history(command: Command, workspace: Path) -> None:
    found = json.loads(command("curate", "queue", workspace, "--json").out)["rows"][0]["id"]
    done = command("curate", "show", workspace, found)
    assert "[bold]caused[/]" in done.out
    assert "against: ctd" in done.out
    assert "ann  accept: as [red]written[/]" in done.out
    assert "eve  settles: wrong mention" in done.out
    whole = json.loads(command("curate", "show", workspace, found, "--json").out)
    assert [each["by"] for each in whole["decisions"]] == ["ann", "bob", "eve"]


def test_all_decisions(command: Command, workspace: Path) -> None:
    done = command("curate", "decisions", workspace)
    assert "undo of 4" in done.out
    assert "wrong mention, settles" in done.out
    found = json.loads(command("curate", "decisions", workspace, "--by", "bob", "--json").out)
    assert [each["verdict"] for each in found] == ["reject", "reject", None, "accept"]
    assert found[0]["at"].endswith("Z")


def test_agreement(command: Command, workspace: Path) -> None:
    assert "50.0%" in command("curate", "agreement", workspace).out
    (found,) = json.loads(command("curate", "agreement", workspace, "--json").out)
    assert (found["one"], found["other"], found["both"]) == ("ann", "bob", 2)
    none = command("curate", "agreement", workspace, "--task", "ddi")
    assert "no two curators" in none.out


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
    ("arguments", "code", "says"),
    [
        (["queue", "--order", "probable"], "BL962", "probability"),
        (["queue", "--after", "rubbish"], "BL962", "rubbish"),
        (["queue", "--concept", "MESH:D1", "--below", "messh"], "BL701", "mesh"),
        (["show", "0123456789abcdef"], "BL958", "0123456789abcdef"),
        (["show", "rubbish"], "BL958", "rubbish"),
        (["users", "role", "ann", "viewer"], "BL960", "no user `ann`"),
        (["users", "add", "ann", "--role", "curater"], "BL960", "curator"),
        (["decisions", "--database", "mysql://host/name"], "BL950", "mysql"),
        (["decisions", "--database", "/nowhere/x.sqlite"], "BL952", "nowhere"),
    ],
)
def test_what_is_wrong(
    command: Command,
    workspace: Path,
    typed: Callable[[str], None],
    arguments: list[str],
    code: str,
    says: str,
) -> None:
    typed("correct horse\n")
    names = 2 if arguments[0] == "users" else 1
    done = command("curate", *arguments[:names], workspace, *arguments[names:])
    assert done.status == 1
    assert f"error[{code}]" in done.err
    assert says in done.err


def test_a_workspace_without_decisions(command: Command, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    done = command("curate", "decisions", tmp_path)
    assert "error[BL963]" in done.err
    assert "curate load" in done.err
    assert not (tmp_path / FILE).exists()


def test_neither_workspace_nor_task(command: Command, tmp_path: Path) -> None:
    done = command("curate", "queue", tmp_path / "missing")
    assert "error[BL902]" in done.err
