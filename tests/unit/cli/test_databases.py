"""Which database a command line means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.cli.databases import opened_database
from biolabel.curation.store import FILE, open_database

Command = Callable[..., Any]


def test_the_workspace_comes_first(tmp_path: Path) -> None:
    open_database(tmp_path / FILE).close()
    with opened_database(Path("tasks/demo"), tmp_path, None) as opened:
        assert str(tmp_path / FILE) in opened.where
    with opened_database(tmp_path, None, None) as opened:
        assert str(tmp_path / FILE) in opened.where


def test_a_task_has_its_own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "workspace" / "demo"
    folder.mkdir(parents=True)
    open_database(folder / FILE).close()
    with opened_database(Path("tasks/demo"), None, None) as opened:
        assert "workspace/demo" in opened.where


def test_a_workspace_without_decisions(command: Command, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    done = command("curate", "decisions", tmp_path)
    assert "error[BL963]" in done.err
    assert "curate load" in done.err
    assert not (tmp_path / FILE).exists()


def test_neither_workspace_nor_task(command: Command, tmp_path: Path) -> None:
    done = command("curate", "queue", tmp_path / "missing")
    assert "error[BL902]" in done.err
