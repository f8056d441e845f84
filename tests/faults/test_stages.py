"""Every harm to every stage: while it is made, and to what is kept of it."""

import re
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from biolabel.workflow.lock import alone
from tests.faults.conftest import End, Runs
from tests.faults.test_faults import STAGES, flip, shorten

pytestmark = pytest.mark.slow
YEARS = 4e8
"""Twelve and a half, in seconds."""


@dataclass(frozen=True)
class Stage:
    """A stage that is made again without harm: its points, and the workspace as it is then."""

    name: str
    points: int
    calm: Mapping[str, object]

    def point(self, harm: str) -> int:
        """Return a point while it is made, another one for every harm, but always the same."""
        # The last points are behind the rename that ends the stage.
        seed = [*map(ord, self.name + harm)]
        return int(np.random.default_rng(seed).integers(self.points - 4))


@pytest.fixture(params=STAGES, scope="module")
def stage(request: pytest.FixtureRequest, runs: Runs) -> Stage:
    """Give each stage, which is the command that makes it, too."""
    name = str(request.param)
    without(runs, name, f"{name} calm")
    points = runs(f"{name} calm", name).points
    calm = runs.result(f"{name} calm")
    assert calm.items() <= runs.result("whole").items()
    return Stage(name, points, calm)


def without(runs: Runs, stage: str, name: str) -> Path:
    """Return a copy of a finished workspace in which one stage is to be made again."""
    folder = runs.copied("whole", name)
    shutil.rmtree(folder / "stages" / stage)
    if stage == "apply":
        shutil.rmtree(folder / "columns")
    return folder


def ended(end: End, status: int, *said: str) -> None:
    """Check how a command ended, and that it said so."""
    assert end.status == status, end.said
    assert all(each in end.said for each in said), end.said
    assert "Traceback" not in end.said


Harm = Callable[[Runs, str, Stage], None]


def killed(runs: Runs, name: str, stage: Stage) -> None:
    ended(runs(name, stage.name, kill=stage.point("killed")), -signal.SIGKILL)


def torn(runs: Runs, name: str, stage: Stage) -> None:
    ended(runs(name, stage.name, kill=stage.point("torn"), tear=True), -signal.SIGKILL)


def stopped(runs: Runs, name: str, stage: Stage) -> None:
    for sent in (signal.SIGINT, signal.SIGTERM):
        ended(runs(name, stage.name, stop=0, signal=sent), 128 + sent, "stopped; what was")
    point = stage.point("stopped")
    ended(runs(name, stage.name, stop=point, signal=signal.SIGINT), 130, "stopped; what was")


def full(runs: Runs, name: str, stage: Stage) -> None:
    ended(runs(name, stage.name, full=stage.point("full")), 1, "error[BL", "No space left")


def no_room_for_a_file(runs: Runs, name: str, stage: Stage) -> None:
    # SQLite, where assertions are gathered, does not tell why it cannot write.
    why = "disk I/O error" if stage.name == "assertions" else "File too large"
    ended(runs(name, stage.name, room=10), 1, "error[BL", why)


def read_only(runs: Runs, name: str, stage: Stage) -> None:
    before = runs.result(name)
    ended(runs(name, stage.name, locked=str(runs.place / name)), 1, "error[BL906]")
    assert runs.result(name) == before


def two_runs(runs: Runs, name: str, stage: Stage) -> None:
    with alone(runs.place / name):
        ended(runs(name, stage.name), 1, "error[BL931]")
    ended(runs(name, stage.name, second=stage.point("second")), 0, "error[BL931]")


def clock_back(runs: Runs, name: str, stage: Stage) -> None:
    ended(runs(name, stage.name, jump=stage.point("back"), ahead=-YEARS), 0)


def clock_ahead(runs: Runs, name: str, stage: Stage) -> None:
    ended(runs(name, stage.name, jump=stage.point("ahead"), ahead=YEARS), 0)


HARMS = (
    killed, torn, stopped, full, no_room_for_a_file, read_only, two_runs, clock_back, clock_ahead,
)  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_harm_while_it_is_made(runs: Runs, stage: Stage, harm: Harm) -> None:
    name = f"{stage.name} {harm.__name__}"
    folder = without(runs, stage.name, name)
    harm(runs, name, stage)
    ended(runs(name, stage.name), 0)
    assert runs.result(name) == stage.calm
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [flip, shorten])
def test_harm_to_what_is_kept(
    runs: Runs, stage: Stage, harm: Callable[[Path, float], None]
) -> None:
    name, random = f"{stage.name} {harm.__name__}", np.random.default_rng(len(stage.name))
    folder = runs.copied("whole", name)
    asked = sorted(set(re.findall(rf"stages/{stage.name}/\w+", runs(name, stage.name).said)))
    files = [path for place in asked for path in (folder / place).rglob("*") if path.is_file()]
    harm(random.choice(np.array(sorted(files), dtype=object)), random.random())
    ended(runs(name, stage.name), 0, "warning[BL932]", f"/stages/{stage.name}/")
    assert runs.result(name) == runs.result("whole")


def test_what_is_kept_can_be_read_where_nothing_can_be_written(runs: Runs, stage: Stage) -> None:
    folder = runs.copied("whole", f"{stage.name} read")
    ended(runs(folder.name, stage.name, locked=str(folder)), 0)
    assert runs.result(folder.name) == runs.result("whole")
