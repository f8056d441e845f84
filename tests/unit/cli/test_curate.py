"""What `biolabel curate` shows of a database, and how it answers what is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from biolabel.curation import Assertion, Evidence, write_assertions
from biolabel.curation.review import NewDecision
from biolabel.curation.store import (
    FILE,
    adjudicate,
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


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["queue", "--order", "probable"], "BL962", "probability"),
        (["queue", "--after", "rubbish"], "BL962", "rubbish"),
        (["queue", "--concept", "MESH:D1", "--below", "messh"], "BL701", "mesh"),
        (["show", "0123456789abcdef"], "BL958", "0123456789abcdef"),
        (["show", "rubbish"], "BL958", "rubbish"),
        (["decisions", "--database", "mysql://host/name"], "BL950", "mysql"),
        (["decisions", "--database", "/nowhere/x.sqlite"], "BL952", "nowhere"),
    ],
)
def test_what_is_wrong(
    command: Command, workspace: Path, arguments: list[str], code: str, says: str
) -> None:
    name, *others = arguments
    done = command("curate", name, workspace, *others)
    assert done.status == 1
    assert f"error[{code}]" in done.err
    assert says in done.err


def test_a_run_is_loaded_once(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run 1"
    run.mkdir()
    write_assertions(run / "cid.tsv", [assertion(1), assertion(2)])
    results = SimpleNamespace(assertions=run, workspace=tmp_path)
    monkeypatch.setattr("biolabel.cli.curate.results_of", lambda *_: results)
    done = command("curate", "load", tmp_path)
    assert done.out.startswith("cid: 2 assertions, 2 new, 0 changed, 0 gone")
    assert "loaded already" in command("curate", "load", tmp_path).out
    assert "2 in all" in command("curate", "queue", tmp_path).out


def test_concepts_with_those_below_them(command: Command, tmp_path: Path) -> None:
    below = replace(assertion(1), object="MESH:D006331")  # below cardiovascular diseases
    opened = open_database(tmp_path / FILE)
    load(opened, "cid", [below, assertion(2)], "run 1")
    opened.close()
    above = ["queue", tmp_path, "--concept", "MESH:D002318"]
    assert "0 in all" in command("curate", *above).out
    assert "1 in all" in command("curate", *above, "--below", "mesh_diseases").out
