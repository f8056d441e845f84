"""`biolabel serve`: what it refuses before it listens."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Done


def test_a_workspace_is_needed(command: Callable[..., Done]) -> None:
    done = command("serve")
    assert done.status == 2
    assert "name a workspace, or take --demo" in done.err


def test_a_workspace_needs_a_finished_run(command: Callable[..., Done], tmp_path: Path) -> None:
    done = command("serve", tmp_path)
    assert (done.status, "BL930" in done.err) == (1, True)
