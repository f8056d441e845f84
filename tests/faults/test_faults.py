"""Whatever happens to a run, the next one ends with the same bytes: nothing lost, nothing half-written."""

import json
import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from biolabel.workflow.lock import alone
from tests.faults.conftest import Runs

STAGES = ("ingest", "apply", "fit", "augment", "train", "predict", "assertions", "evaluate")
TIMES = (0, 2_208_988_800)
"""1970 and 2040, as clocks count."""


def flip(path: Path, place: float) -> None:
    """Turn one bit of a file around, so far behind its beginning."""
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= 8
    path.write_bytes(content)


def shorten(path: Path, place: float) -> None:
    """Let the end of a file be missing."""
    os.truncate(path, int(place * (path.stat().st_size - 1)))


def goes_on(runs: Runs, name: str, but: str = " ") -> None:
    """Check that a run goes on in a workspace to the same end as one that nothing happened to."""
    end = runs(name)
    assert end.status == 0, end.said
    found, wanted = (
        {path: content for path, content in runs.result(each).items() if not path.startswith(but)}
        for each in (name, "whole")
    )
    assert found == wanted


KILLS = ({"kill": 60, "tear": True}, {"kill": 230}, {"kill": 90})
FULL = ({"full": 130}, {"room": 10_000})
STOPS = ({"stop": 120, "signal": signal.SIGINT}, {"stop": 60, "signal": signal.SIGTERM})


def comes_to_harm(runs: Runs, name: str, harm: Mapping[str, int]) -> None:
    """Check that a run which comes to harm ends as it should; one that was done before is as good."""
    end = runs(name, "run", **harm)
    assert "Traceback" not in end.said
    if end.status == 0:
        return
    if "kill" in harm:
        assert end.status == -signal.SIGKILL
        assert end.points == harm["kill"] + 1
    elif "stop" in harm:
        assert end.status == 128 + harm["signal"], end.said
        assert "stopped; what was finished is kept" in end.said
    else:
        assert end.status == 1, end.said
        assert "error[BL" in end.said


def test_a_run_that_came_to_harm_over_and_over_ends_as_if_nothing_had_happened(runs: Runs) -> None:
    for harm in (*KILLS[:1], *STOPS[:1], *KILLS[1:2], *FULL, *STOPS[1:], *KILLS[2:]):
        comes_to_harm(runs, "unlucky", harm)
    goes_on(runs, "unlucky")
    assert not list((runs.place / "unlucky").rglob(".*.tmp"))
    stages = {path.parents[1].name for path in runs.place.glob("unlucky/stages/*/*/stage.json")}
    assert stages == set(STAGES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_a_run_ends_as_if_nothing_had_happened(runs: Runs, seed: int) -> None:
    name, random = f"random-{seed}", np.random.default_rng(seed)
    for _ in range(6):
        point = int(random.integers(1, 300))
        harms: tuple[Mapping[str, int], ...] = (
            {"kill": point, "tear": int(random.integers(2))},
            {"stop": point, "signal": int(random.choice([signal.SIGINT, signal.SIGTERM]))},
            {"full": point},
            {"room": 10 ** int(random.integers(4, 6))},
        )
        comes_to_harm(runs, name, harms[random.integers(4)])
        kept = [path for path in (runs.place / name).rglob("*.*") if ".tmp" not in str(path)]
        for path in random.choice(np.array(kept, dtype=object), min(3, len(kept)), replace=False):
            if path.is_file() and path.suffix in (".arrow", ".safetensors", ".npz", ".tsv"):
                (flip, shorten)[random.integers(2)](path, random.random())
    # What no stage asks for again stays damaged, and nobody knows.
    goes_on(runs, name, but="columns/")


def test_damage_to_any_cache_is_told_and_undone(runs: Runs) -> None:
    folder = runs.copied("whole", "damaged")
    first = [sorted(folder.glob(f"stages/{stage}/*"))[0] for stage in STAGES]
    damaged = [max(place.rglob("*.*"), key=lambda file: file.stat().st_size) for place in first]
    damaged += sorted(folder.glob("columns/*/cid/*/*.arrow"))[:3]
    damaged += folder.glob("columns/fits/*/model/*.safetensors")
    for number, path in enumerate(damaged):
        (flip, shorten)[number % 2](path, number / len(damaged))
    # An apply stage that is there asks for no columns.
    shutil.rmtree(folder / "stages" / "apply")
    end = runs("damaged")
    assert end.status == 0, end.said
    assert runs.result("damaged") == runs.result("whole")
    lines = [line for line in end.said.splitlines() if "warning[BL932]" in line]
    for stage in (*(f"stages/{stage}/" for stage in STAGES if stage != "apply"), "columns/fits/"):
        assert any(stage in line for line in lines), (stage, end.said)
    assert sum("/cid/" in line for line in lines) == 3


def test_no_time_of_a_file_or_of_the_clock_changes_anything(runs: Runs) -> None:
    folder = runs.copied("whole", "timeless")
    for number, path in enumerate((folder, *folder.rglob("*"))):
        os.utime(path, (TIMES[number % 2], TIMES[number % 2]))
    end = runs("timeless", ahead=-4e8)
    assert end.status == 0, end.said
    assert runs.result("timeless") == runs.result("whole")
    stages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["stages"]
    assert all(stage["reused"] for stage in stages)


def test_the_second_of_two_runs_stops_at_once_and_says_why(runs: Runs) -> None:
    with alone(runs.place / "taken"):
        end = runs("taken")
        assert [path.name for path in (runs.place / "taken").iterdir()] == [".lock"]
    assert end.status == 1
    assert f"error[BL931]: process {os.getpid()} on " in end.said
