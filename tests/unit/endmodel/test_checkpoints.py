"""A killed training goes on as if nothing had happened, and only where it belongs."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from safetensors import safe_open

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.checkpoints import Checkpoints
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.train import train
from biolabel.errors import ModelError

T = TypeVar("T")


class KilledError(Exception):
    """Stands for a kill between two steps."""


def rotated(document: LabeledDocument, generator: np.random.Generator) -> LabeledDocument:
    """Draw from the generator, and stop the training where told to."""
    generator.random()
    return document


class StopsAfter:
    """Progress that stops the training before a step."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        del name, total
        for item in items:
            if not self.left:
                raise KilledError
            yield item
            self.left -= 1


@pytest.mark.parametrize("steps", [3, 25])
def test_a_stopped_training_goes_on_with_the_same_weights(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    tmp_path: Path,
    steps: int,
) -> None:
    few = replace(settings, epochs=1, updates=28, dropout=0.1, weighting="uncertainty")
    place = Checkpoints(tmp_path / "training.safetensors", seconds=0)
    whole = train(documents, tasks, few, np.random.default_rng(3), augment=rotated)
    with pytest.raises(KilledError):
        train(
            documents, tasks, few, np.random.default_rng(3),
            augment=rotated, checkpoints=place, progress=StopsAfter(steps),
        )  # fmt: skip
    assert place.path.is_file()
    again = train(
        documents, tasks, few, np.random.default_rng(3), augment=rotated, checkpoints=place
    )
    one, other = whole.network.state_dict(), again.network.state_dict()
    assert all(torch.equal(one[key], other[key]) for key in one)
    assert len(again.epochs) == len(whole.epochs) > 1
    assert [e.held_out for e in again.epochs] == [e.held_out for e in whole.epochs]
    assert [e.training for e in again.epochs] == [e.training for e in whole.epochs]


_PROGRAM = """
import sys
from pathlib import Path
import numpy as np, torch
sys.path.insert(0, {here!r})
from conftest import CHEMICALS, DISEASES, NAMES, CAUSES, KIND, labeled
from biolabel.endmodel.checkpoints import Checkpoints
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.train import train
torch.set_num_threads(1)
documents = [
    labeled(f"{{v}}{{i}}{{j}}", c, d, v)
    for i, c in enumerate(CHEMICALS) for j, d in enumerate(DISEASES) for v in ("causes", "treats")
]
settings = Settings(
    encoder={encoder!r}, overlap=8, epochs=8, updates=0, rate=5e-3, head_rate=5e-3, batch_pieces=64
)
place = Checkpoints(Path({place!r}), 0)
train(documents, (NAMES, CAUSES, KIND), settings, np.random.default_rng(0), checkpoints=place)
"""


def test_a_killed_process_goes_on_with_the_same_weights(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    encoder: Path,
    tmp_path: Path,
) -> None:
    place = tmp_path / "state"
    program = _PROGRAM.format(
        here=str(Path(__file__).parent), encoder=str(encoder), place=str(place)
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", program], cwd=root) as killed:
        while not place.is_file():
            assert killed.poll() is None
            time.sleep(0.01)
        time.sleep(0.1)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
    with safe_open(place, "pt") as state:
        reached = json.loads(state.metadata()["training"])
    assert (reached["epoch"], reached["steps"]) < (8, 0)
    long = replace(settings, epochs=8, dropout=0.1)
    one, other = (
        train(documents, tasks, long, np.random.default_rng(0), checkpoints=where)
        for where in (Checkpoints(place, 0), None)
    )
    weights, wanted = one.network.state_dict(), other.network.state_dict()
    assert all(torch.equal(weights[key], wanted[key]) for key in wanted)


def test_a_state_of_other_tasks_labels_or_settings_is_refused(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings, tmp_path: Path
) -> None:
    few = replace(settings, epochs=1)
    place = Checkpoints(tmp_path / "state")
    train(documents, tasks, few, np.random.default_rng(0), checkpoints=place)
    names = replace(tasks[0], labels=("Chemical", "Illness", "none"))
    other = replace(documents[0], topics={})
    for given, found, how in (
        (documents, (names, *tasks[1:]), few),
        ([other, *documents[1:]], tasks, few),
        (documents, tasks, replace(few, rate=1e-4)),
    ):
        with pytest.raises(ModelError) as caught:
            train(given, found, how, np.random.default_rng(0), checkpoints=place)
        assert caught.value.code == "BL832"
        assert str(place.path) in caught.value.message


@pytest.mark.parametrize("content", [b"", b"no tensors", "short", "flipped"])
def test_a_damaged_state_is_refused(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    tmp_path: Path,
    content: bytes | str,
) -> None:
    few, place = replace(settings, epochs=1), Checkpoints(tmp_path / "state")
    if isinstance(content, str):
        train(documents, tasks, few, np.random.default_rng(0), checkpoints=place)
        whole = place.path.read_bytes()
        content = whole[:-100] if content == "short" else whole[:-1] + bytes([whole[-1] ^ 1])
    place.path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        train(documents, tasks, few, np.random.default_rng(0), checkpoints=place)
    assert caught.value.code == "BL832"
    assert "remove" in caught.value.hint


def test_a_place_that_cannot_be_written(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    place = Checkpoints(tmp_path / "file" / "state")
    with pytest.raises(ModelError) as caught:
        train(documents, tasks, settings, np.random.default_rng(0), checkpoints=place)
    assert caught.value.code == "BL830"
