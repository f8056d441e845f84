"""A task from the templates, in the processes that a curator starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAM = "from biolabel.cli import main; main()"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["document", "all"])
def test_a_new_task_runs_on_the_texts_of_the_demo(kind: str, tmp_path: Path) -> None:
    assert run(tmp_path, "new", "mine", "--kind", kind).returncode == 0
    examples = run(tmp_path, "test", "mine", "--quiet")
    assert (examples.returncode, examples.stderr) == (0, "")
    assert "100%" in examples.stdout
    applied = run(tmp_path, "apply", "mine", "--quiet")
    assert (applied.returncode, applied.stderr) == (0, "")
    assert " 0 votes" not in applied.stdout
