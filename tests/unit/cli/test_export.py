from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.cli.export import results_of
from biolabel.errors import RunError
from biolabel.workflow.export import FORMATS

Command = Callable[..., Any]


def test_help_names_every_format(command: Command) -> None:
    shown = command("export", "--help").out
    assert [name for name in FORMATS if name not in shown] == []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--to", "kgx"), 2, "--out"),
        (("--to", "ttl", "--out", "out"), 1, "BL985"),
        (("--to", "kb", "--name", "a b", "--out", "out"), 1, "BL986"),
        (("--to", "kgx", "--out", "out"), 1, "BL930"),
        (("--to", "kgx", "--out", "out", "--min-probability", "2"), 2, "--min-probability"),
    ],
)
def test_wrong_command_lines(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Command,
    arguments: tuple[str, ...],
    status: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("export", "tasks/demo", *arguments)
    assert done.status == status
    assert said in done.err


def test_a_workspace_is_told_by_its_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(RunError, match="no finished run") as caught:
        results_of(tmp_path, None)
    assert caught.value.code == "BL930"
