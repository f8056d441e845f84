"""What one process has kept, another one finds again: sets have another order in each."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import ROOT

PROGRAM = """
import sys
import biolabel, biolabel.cli.stages, biolabel.workflow.run

biolabel.__file__ = sys.argv.pop(1)  # stages are known by biolabel's own code, which may be edited meanwhile
biolabel.cli.main()
"""


@pytest.mark.slow
def test_nothing_is_made_again_by_another_process(tmp_path: Path, tiny_task: Path) -> None:
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("epochs = 30", "epochs = 1"), encoding="utf-8")
    with (tiny_task / "rules" / "more.rules").open("w", encoding="utf-8") as rules:
        rules.write("biolabel 1\n\n")
        for name in "abcdef":
            rules.write(
                f'list {name}_words\n  note: "{name}"\n  author: "{name}"\n  tags: {name}, x, y\n'
                f"  words: {name}, other\n\n"
            )
    place = tmp_path / "no code" / "__init__.py"
    made = []
    for seed in ("1", "2", "3"):
        env = {"PYTHONHASHSEED": seed, "BIOLABEL_CACHE": str(tmp_path / "cache")}
        command = [sys.executable, "-c", PROGRAM, place, "run", tiny_task, "--quiet"]
        command += ["--workspace", tmp_path / "w", "--workers", "1"]
        subprocess.run(
            [*map(str, command)], env=os.environ | env, cwd=ROOT, check=True, capture_output=True
        )
        manifest = json.loads((tmp_path / "w" / "manifest.json").read_text(encoding="utf-8"))
        made.append([stage["stage"] for stage in manifest["stages"] if not stage["reused"]])
    assert made[0]
    assert made[1:] == [[], []]
