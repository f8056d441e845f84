"""`biolabel serve`: what it refuses before it listens, and what it runs for `--demo`."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Done


def test_a_workspace_is_needed(command: Callable[..., Done]) -> None:
    done = command("serve")
    assert done.status == 2
    assert "name a workspace, or take --demo" in done.err


def test_a_workspace_needs_a_finished_run(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("serve", tmp_path)
    assert (done.status, "BL930" in done.err) == (1, True)


def test_a_database_that_is_none(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("serve", tmp_path, "--database", "mysql://somewhere/x")
    assert done.status == 1
    assert "Traceback" not in done.err


def test_the_demo_runs_on_a_copy_of_its_rules(
    command: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(arguments: list[str], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        del check
        ran.append(arguments)
        return subprocess.CompletedProcess(arguments, 3)

    monkeypatch.setattr(subprocess, "run", run)
    work = tmp_path / "work"
    work.mkdir()
    done = command("serve", work, "--demo")
    assert done.status == 3, "a run that failed has its own exit status"
    assert ran[0][3:] == ["run", str(work / "task"), "--workspace", str(work)]
    edited = work / "task" / "rules"
    assert any(edited.glob("*.rules"))
    (edited / "own.rules").write_text("", "utf-8")
    command("serve", work, "--demo")
    assert (edited / "own.rules").is_file(), "what somebody edited stays"
