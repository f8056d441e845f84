"""The commands on knowledge bases."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
CATALOG = Path(__file__).resolve().parents[2] / "data" / "kb"
OLD = "id\tname\tparents\nX:1\tPain\t\nX:2\tHeadache\tX:1\nX:2\tcephalalgia\tX:1\nX:3\tGrippe\t\n"
NEW = "id\tname\tparents\nX:1\tPain\t\nX:2\tHeadache\t\nX:4\tInfluenza\t\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old.tsv").write_text(OLD)
    (tmp_path / "new.tsv").write_text(NEW)
    return tmp_path / "old.tsv"


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_DATA", str(tmp_path / "nothing"))


@pytest.mark.usefixtures("no_data")
def test_the_catalog_is_listed(command: Command) -> None:
    done = command("kb", "list", "--quiet")
    assert done.status == 0
    assert "demo_indications" in done.out
    assert "there, sha256 holds" in done.out
    assert "error[BL703]: the table of `ctd` is missing" in done.out
    listed = {each["name"]: each for each in json.loads(command("kb", "list", "--json", "-q").out)}
    assert listed["ctd"]["state"] == "missing"
    assert listed["ctd"]["licence"]
    assert listed["demo_indications"]["size"]["pairs"] == 1244


def test_a_broken_entry_does_not_hide_the_others(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CATALOG, tmp_path / "kb")
    (tmp_path / "kb" / "tiny_drugs" / "kb.toml").write_text("name =")
    monkeypatch.setattr("biolabel.kb.catalog.root", lambda _: tmp_path / "kb")
    done = command("kb", "list", "--quiet")
    assert (done.status, done.err) == (4, "")
    assert "error[BL702]" in done.out
    assert "tiny_diseases" in done.out
    assert "tiny_drugs was not asked: BL702" in command("kb", "search", "nausea", "-q").out


def test_sources_are_shown(command: Command, old: Path) -> None:
    done = command("kb", "show", "demo_mesh_chemicals")
    assert (done.status, done.err) == (0, "")
    for part in ("source: US National Library of Medicine", "licence:", "3,477 concepts"):
        assert part in done.out
    assert "holds: 3 concepts, 4 names" in command("kb", "show", old).out
    assert json.loads(command("kb", "show", old, "--json").out)["concepts"] == 3


@pytest.mark.usefixtures("no_data")
def test_a_missing_source_is_shown_as_missing(command: Command) -> None:
    done = command("kb", "show", "ctd")
    assert done.status == 1
    assert "error[BL703]" in done.out


def test_concepts_are_shown(command: Command, old: Path) -> None:
    done = command("kb", "show", old, "X:2")
    assert done.status == 0
    for part in ("X:2  Headache", "names: cephalalgia", "above: Pain (X:1)"):
        assert part in done.out
    assert json.loads(command("kb", "show", old, "X:2", "--json").out)["card"]["id"] == "X:2"


def test_names_are_searched(command: Command, old: Path) -> None:
    done = command("kb", "search", "headaches", "--in", old, "--quiet")
    assert done.status == 0
    assert "other form" in done.out
    plain = json.loads(command("kb", "search", "heddache", "--in", old, "--fuzzy", "--json").out)
    assert [match["concept"] for match in plain["matches"]] == ["X:2"]
    done = command("kb", "search", "zebra", "--in", old, "-q")
    assert (done.status, "--fuzzy" in done.out) == (0, True)


def test_indices_are_built(command: Command, old: Path, tiny_task: Path) -> None:
    assert "no: built as fast as opened" in command("kb", "build", old).out
    done = command("kb", "build", tiny_task, "--json", "--quiet")
    assert done.status == 0
    assert {each["name"] for each in json.loads(done.out)} == {
        "chemicals", "diseases", "indications", "all ontologies",
    }  # fmt: skip


def test_versions_are_compared(command: Command, old: Path, tiny_task: Path) -> None:
    new = old.parent / "new.tsv"
    done = command("kb", "diff", old, new)
    assert done.status == 0
    for part in (
        "concepts added: 1\n  X:4  Influenza",
        "concepts gone: 1",
        "moved in the hierarchy: 1",
    ):
        assert part in done.out
    assert command("kb", "diff", old, old).out == "no difference\n"
    workspace = old.parent / "workspace"
    arguments = ("--task", tiny_task, "--workspace", workspace, "--quiet")
    done = command("kb", "diff", old, new, *arguments)
    assert f"no rule of {tiny_task} reads {old}" in done.out.replace("\n", "")
    table = old.parent / "assertions.tsv"
    table.write_text("no table\n")
    assert "error[BL621]" in command("kb", "diff", old, new, "--assertions", table).err
    assert "error[BL930]" in command("kb", "diff", old, new, "--reviewed", tiny_task).err


def test_the_knowledge_of_a_task_is_audited(command: Command, tiny_task: Path) -> None:
    arguments = ("kb", "audit", tiny_task, "--workspace", tiny_task.parent / "w", "--quiet")
    done = command(*arguments)
    assert done.status == 0
    assert "ontologies against the concepts of gold mentions" in done.out
    assert json.loads(command(*arguments, "--json").out)["ontologies"]


def test_wrong_arguments_are_told(command: Command, old: Path) -> None:
    for arguments, code in (
        (("show", "demo_indication"), "BL701"),
        (("show", old, "X:9"), "BL731"),
        (("search", "x", "--in", "demo_indications"), "BL709"),
        (("diff", old, "demo_indications"), "BL732"),
        (("diff", old, old.parent / "none.tsv"), "BL703"),
        (("build", old.parent / "none.tsv"), "BL703"),
        (("audit", old.parent), "BL902"),
        (("show", old, "--column", "id"), "BL903"),
    ):
        done = command("kb", *arguments)
        assert done.status == 1, arguments
        assert f"error[{code}]" in done.err, arguments
