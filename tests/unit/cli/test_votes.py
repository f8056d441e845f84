"""The commands that exchange votes with other tools."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.workflow.exchange import EXPORTS
from biolabel.workflow.importing import IMPORTS

Command = Callable[..., Any]


def test_help_names_every_form(command: Command) -> None:
    shown = command("votes", "export", "--help").out
    assert [name for name in EXPORTS if name not in shown] == []
    shown = command("votes", "import", "--help").out
    assert [name for name in IMPORTS if name not in shown] == []


def test_votes_go_out_and_come_in(
    command: Command, finished_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    task = finished_run.parent / "tiny"
    where = ("--workspace", finished_run, "-q")
    done = command("votes", "export", task, "topic", "--to", "snorkel", "--out", "out", *where)
    assert done.status == 0, done.err
    assert "wrote out/L.npy" in done.out
    done = command(
        "votes", "import", task, "topic", "out", "--from", "snorkel", "--name", "other",
        "--rules", "other.rules", *where,
    )  # fmt: skip
    assert done.status == 0, done.err
    assert "wrote other.rules" in done.out
    assert command("check", "other.rules").status == 1  # its task is declared elsewhere
    done = command("votes", "export", task, "cid", "--to", "skweak", "--out", "out", *where)
    assert (done.status, "BL967" in done.err) == (1, True)
    done = command(
        "votes", "export", task, "cid", "--to", "snorkel", "--out", "o", "--memory", "0", *where
    )
    assert (done.status, "BL966" in done.err) == (1, True)
