import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.errors import ModelError
from biolabel.workflow.bench import Bench
from biolabel.workflow.train import open_trained, train

OpenBench = Callable[..., Bench]


def test_a_model_of_all_tasks_is_trained(bench: Bench) -> None:
    note = train(bench)
    model = open_trained(note)
    assert [task.name for task in model.tasks] == ["mentions", "cid", "topic"]
    losses = json.loads((note.folder / "losses.json").read_text(encoding="utf-8"))
    assert len(losses) == bench.job.task.task.end_model.epochs
    first, last = (sum(losses[i]["training"].values()) for i in (0, -1))
    assert last < first
    assert set(losses[0]["held_out"]) == {"mentions", "cid", "topic"}


def test_training_is_kept_for_its_seed(
    bench: Bench, shared_task: Path, open_bench: OpenBench
) -> None:
    workspace = bench.job.workspace
    train(bench)
    assert train(open_bench(shared_task, workspace)).reused
    assert train(open_bench(shared_task, workspace, seed=1)).key != train(bench).key


def test_another_encoder_in_the_same_folder_trains_anew(
    tmp_path: Path, tiny_task: Path, tiny_encoder: Path, open_bench: OpenBench
) -> None:
    encoder = tmp_path / "encoder"
    shutil.copytree(tiny_encoder, encoder)
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8").replace(str(tiny_encoder), str(encoder))
    settings.write_text(text.replace("epochs = 30", "epochs = 1"), encoding="utf-8")
    first = train(open_bench(tiny_task, tmp_path / "workspace", dev=False))
    config = encoder / "config.json"
    config.write_text(config.read_text(encoding="utf-8").replace("0.1", "0.2"), encoding="utf-8")
    second = train(open_bench(tiny_task, tmp_path / "workspace", dev=False))
    assert not second.reused
    assert second.key != first.key


def test_an_encoder_that_does_not_exist_is_told(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench, tiny_encoder: Path
) -> None:
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8").replace(str(tiny_encoder), "/no/such/encoder")
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="/no/such/encoder") as caught:
        train(open_bench(tiny_task, tmp_path / "workspace", dev=False))
    assert caught.value.code == "BL822"
