"""Commands do not import pandas, and whoever wants it gets it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pandas")
TASK = Path(__file__).parents[2] / "data" / "tiny_task"


def printed(code: str, *arguments: str | Path) -> str:
    """Return what a program prints at its end, run alone."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_pyarrow_asks_for_pandas_no_more() -> None:
    arrays = "import sys, pyarrow as pa; pa.array([.5]); print('pandas' in sys.modules)"
    spared = "from biolabel.data.lean import spare_pandas; spare_pandas(); "
    assert printed(arrays) == "True"
    assert printed(spared + arrays) == "False"


def test_whoever_asks_for_pandas_gets_it() -> None:
    spared = "from biolabel.data.lean import spare_pandas; spare_pandas(); import pyarrow as pa; "
    assert printed(spared + "import pandas; print(pandas.Series([1]).sum())") == "1"
    frame = "print(pa.table({'n': [1, 2]}).to_pandas()['n'].sum())"
    assert printed(spared + frame) == "3"


def test_a_command_does_without(tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from biolabel.cli.app import app; "
        "atexit.register(lambda: print('pandas' in sys.modules)); app()"
    )
    assert printed(code, "analyze", TASK, "--workspace", tmp_path, "--on", "dev") == "False"
