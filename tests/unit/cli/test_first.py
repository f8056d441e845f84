"""No arguments, doctor, and how fast the first answer is there."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from biolabel.workflow import doctor
from biolabel.workflow.doctor import Finding

Command = Callable[..., Any]
COLD = 0.3
"""Seconds of processor time until `biolabel --help` is there, the target."""


def test_no_arguments_say_what_to_do_next(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command()
    assert done.status == 0
    assert "biolabel run tasks/demo" in done.out
    assert "biolabel doctor" in done.out
    (tmp_path / "task.toml").write_text("", "utf-8")
    assert "biolabel check ." in command().out


@pytest.mark.parametrize(("state", "status"), [("ok", 0), ("note", 0), ("warn", 0), ("fail", 1)])
def test_doctor(
    command: Command, monkeypatch: pytest.MonkeyPatch, state: doctor.State, status: int
) -> None:
    found = Finding("thing [x]", state, "it is\x1b[31m so", "mend it")
    monkeypatch.setattr(doctor, "examine", lambda _: iter([found]))
    done = command("doctor")
    assert done.status == status
    assert all(part in done.out for part in ("thing [x]", state, "mend it"))
    assert "\x1b" not in done.out
    done = command("doctor", "--json")
    assert done.status == status
    assert [each["state"] for each in json.loads(done.out)] == [state]


def test_the_first_help_is_there_at_once() -> None:
    """Of three starts the best counts, in processor time of its own: others load the machine."""
    measured = (
        "import sys, time; sys.argv = ['biolabel', '--help']\n"
        "from biolabel.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(time.process_time(), [name for name in ('torch', 'spacy', 'numpy', 'pyarrow', 'pydantic',"
        " 'sqlalchemy', 'lark') if name in sys.modules], file=sys.stderr)\n"
    )
    best = min(_started(measured) for _ in range(3))
    # A loaded machine slows the processor's caches too, hence the margin.
    assert best < 1.5 * COLD


def _started(program: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    seconds, loaded = done.stderr.strip().splitlines()[-1].split(" ", 1)
    assert loaded == "[]"
    assert "doctor" in done.stdout
    return float(seconds)
