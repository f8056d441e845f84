"""A tiny task whose runs come to harm, and what they must leave."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TIMES = ("seconds", "files", "sum", "reused", "stages", "folder")
"""What a record says of its own times, or of files that do, or of other stages' records."""


@dataclass(frozen=True)
class End:
    """What became of a run: its exit status, what it wrote to the terminal, and its points."""

    status: int
    said: str
    points: int


@dataclass(frozen=True)
class Runs:
    """Runs of a task in a process of their own, which comes to harm where a test asks for it."""

    process: "subprocess.Popen[str]"
    task: Path
    place: Path

    def __call__(self, workspace: str, command: str = "run", **harm: Any) -> End:
        """Return what became of a command in a workspace; harm: as `driver.py` has it."""
        arguments = [command, self.task, "--workspace", self.place / workspace, "--quiet"]
        asked = {"arguments": [*map(str, arguments), "--workers", "1"], **harm}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return End(**json.loads(self.process.stdout.readline()))

    def copied(self, workspace: str, name: str) -> Path:
        """Copy a workspace."""
        return Path(shutil.copytree(self.place / workspace, self.place / name))

    def result(self, workspace: str) -> Mapping[str, object]:
        """Return all that a workspace holds, without what says how long something took."""
        folder = self.place / workspace
        files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
        return {path.relative_to(folder).as_posix(): _content(path) for path in files}


def _content(path: Path) -> object:
    if path.name in ("stage.json", "manifest.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        return {name: value for name, value in record.items() if name not in TIMES}
    if path.name in ("report.html", "model.json", "README.md", "asked.json"):
        return None  # full of times
    return path.read_bytes()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Iterator[Runs]:
    """Give runs of a tiny task; that in the workspace `whole` went well."""
    place = tmp_path_factory.mktemp("faults")
    task = place / "tiny"
    shutil.copytree(ROOT / "tests" / "data" / "tiny_task", task)
    settings = (task / "task.toml").read_text(encoding="utf-8")
    quick = settings.replace("epochs = 30", "epochs = 2") + f'encoder = "{tiny_encoder}"\n'
    (task / "task.toml").write_text(quick, encoding="utf-8")
    env = os.environ | {
        "BIOLABEL_CACHE": str(place / "cache"),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }
    driver = [sys.executable, str(Path(__file__).with_name("driver.py"))]
    with subprocess.Popen(
        driver, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=place, env=env
    ) as process:
        found = Runs(process, task, place)
        assert found("whole").status == 0
        yield found
        assert process.stdin is not None
        process.stdin.close()
