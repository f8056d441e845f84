"""The commands on corpus stores."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
PLAIN = ("--sentences", "naive", "--no-abbreviations", "--quiet")
TEXT = "1|t|Tea\n1|a|It cures.\n1\t0\t3\tTea\tFood\tX:1\n\n2|t|Milk\n2|a|None.\n"


@pytest.fixture
def store(tmp_path: Path, command: Command) -> Path:
    (tmp_path / "a.pubtator").write_text(TEXT, encoding="utf-8")
    done = command("corpus", "build", tmp_path / "a.pubtator", tmp_path / "s", *PLAIN)
    assert (done.status, done.err) == (0, "")
    assert "2 documents in 1 shard(s)" in done.out
    return tmp_path / "s"


def test_a_store_is_looked_into(store: Path, command: Command) -> None:
    assert command("corpus", "ids", store).out == "1\n2\n"
    shown = command("corpus", "info", store).out
    assert "Food 1" in shown
    assert "sentences" in shown
    facts = json.loads(command("corpus", "info", store, "--json").out)
    assert (facts["documents"], facts["mentions"]) == (2, {"Food": 1})
    assert facts["pipeline"]["sentences"] == "naive"


def test_a_store_is_changed_and_exported(store: Path, tmp_path: Path, command: Command) -> None:
    new = tmp_path / "new.pubtator"
    new.write_text("3|t|Cake\n3|a|\n\n1|t|Coffee\n1|a|\n", encoding="utf-8")
    assert "error[BL606]" in command("corpus", "add", store, new, "--quiet").err
    assert "added 1 documents" in command("corpus", "add", store, new, "--skip-known", "-q").out
    done = command("corpus", "replace", store, new, "--quiet")
    assert (done.status, "replaced 2 documents" in done.out) == (0, True)
    (tmp_path / "gone.txt").write_text("3\n\n", encoding="utf-8")
    done = command("corpus", "remove", store, "2", "--ids", tmp_path / "gone.txt")
    assert done.out == "removed 2 documents; 1 are left\n"
    done = command("corpus", "export", store, tmp_path / "out.pubtator", "--quiet")
    assert (done.status, "does not hold" in done.out) == (0, False)
    assert (tmp_path / "out.pubtator").read_text(encoding="utf-8").startswith("1|t|Coffee\n")


def test_faults_are_told_by_their_codes(store: Path, command: Command) -> None:
    done = command("corpus", "verify", store, "--quiet")
    assert (done.status, done.out.split()) == (0, [*str(store).split(), "is", "whole"])
    (path,) = store.glob("shards/*/rows.arrow")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = command("corpus", "verify", store, "--quiet")
    assert done.status == 1
    assert f"error[BL664]: shard {path.parent.name}: rows.arrow has other bytes" in done.out
    done = command("corpus", "verify", store, "--quiet", "--json")
    assert done.status == 1
    assert {fault["code"] for fault in json.loads(done.out)} == {"BL664", "BL612"}


def test_what_is_rejected_is_told(tmp_path: Path, command: Command) -> None:
    (tmp_path / "a.pubtator").write_text(TEXT + "2\t90\t99\tTea\tFood\tX\n", encoding="utf-8")
    done = command("corpus", "build", tmp_path / "a.pubtator", tmp_path / "s", *PLAIN)
    assert done.status == 3
    assert "could not use 1 mention(s)" in done.out
    assert (tmp_path / "s.rejects.tsv").is_file()


def test_wrong_arguments_are_told(store: Path, tmp_path: Path, command: Command) -> None:
    assert command("corpus", "remove", store).status == 2
    for arguments, code in (
        (("remove", store, "--ids", tmp_path / "none.txt"), "BL601"),
        (("info", tmp_path), "BL611"),
        (("verify", tmp_path), "BL611"),
        (("export", store, tmp_path / "out.xyz"), "BL635"),
        (("build", tmp_path / "none.pubtator", tmp_path / "new"), "BL601"),
        (("build", tmp_path / "a.pubtator", tmp_path), "BL611"),
        (("build", tmp_path / "a.pubtator", tmp_path / "new", "--tagger", "en_x"), "BL608"),
        (("build", tmp_path / "a.pubtator", tmp_path / "new", "--sections", "x"), "BL613"),
        (("build", tmp_path / "a.pubtator", tmp_path / "new", "--column", "x"), "BL903"),
    ):
        done = command("corpus", *arguments)
        assert (done.status, f"error[{code}]" in done.err) == (1, True), arguments
    assert not (tmp_path / "new").exists()
