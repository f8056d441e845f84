"""`biolabel augment`: its table, its examples, and its figures for programs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny task and room for its workspace."""
    folder = tmp_path_factory.mktemp("augmenting")
    shutil.copytree(Path(__file__).parents[2] / "data" / "tiny_task", folder / "tiny")
    return folder


def test_a_table_and_examples(place: Path, command: Command) -> None:
    done = command("augment", place / "tiny", "--workspace", place / "w", "--examples", 1)
    assert (done.status, done.err) == (0, "")
    for text in ("synonyms", "labels kept", "relabeled", "new versions of", "  - ", "  + "):
        assert text in done.out


def test_figures_for_programs(place: Path, command: Command) -> None:
    done = command("augment", place / "tiny", "--workspace", place / "w", "--json")
    found = json.loads(done.out)
    assert found["policy"] == "mean-field"
    assert found["transformations"]["synonyms"]["made"] > 0
    assert set(found["probabilities"]) == set(found["transformations"])


def test_a_setting_that_is_none_is_told(place: Path, command: Command, tmp_path: Path) -> None:
    shutil.copytree(place / "tiny", tmp_path / "tiny")
    with (tmp_path / "tiny" / "task.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[augment]\npolicy = "learnd"\n')
    done = command("augment", tmp_path / "tiny")
    assert done.status == 1
    assert "BL903" in done.err
    assert "`augment.policy`" in done.err
