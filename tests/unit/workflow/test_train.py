import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pytest
import torch

from biolabel.errors import ModelError, RunError
from biolabel.workflow.bench import Bench
from biolabel.workflow.predict import predict
from biolabel.workflow.train import open_trained, train, unlearned

T = TypeVar("T")

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


def test_the_model_names_the_rules_behind_it(bench: Bench) -> None:
    model = open_trained(train(bench))
    assert {Path(name).suffix for name in model.rules} == {".rules"}
    assert all(len(digest) == 64 for digest in model.rules.values())


@pytest.mark.parametrize("damaged", [False, True])
def test_a_stopped_training_leaves_its_state_and_goes_on(
    tmp_path: Path,
    shared_task: Path,
    open_bench: OpenBench,
    bench: Bench,
    caplog: pytest.LogCaptureFixture,
    damaged: bool,
) -> None:
    class StopError(Exception):
        """Stands for a kill."""

    def stops(items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        if name != "end model, 30 epochs":
            yield from items
            return
        assert total
        yield from islice(items, total // 10 + 1)
        raise StopError

    workspace = tmp_path / "workspace"
    stopped = open_bench(shared_task, workspace)
    with pytest.raises(StopError):
        train(Bench(replace(stopped.job, progress=stops)))
    (state,) = (workspace / "training").iterdir()
    if damaged:
        state.write_bytes(state.read_bytes()[:-1] + b"!")
    one = open_trained(train(open_bench(shared_task, workspace))).network.state_dict()
    other = open_trained(train(bench)).network.state_dict()
    assert all(torch.equal(one[key], other[key]) for key in one)
    assert not (workspace / "training").exists()
    assert [message[:16] for message in caplog.messages] == damaged * ["warning[BL932]: "]


def test_the_gold_of_dev_can_choose_the_epoch(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace("epochs = 30", 'epochs = 2\nstop_on = "dev"')
    settings.write_text(text, encoding="utf-8")
    model = open_trained(train(open_bench(tiny_task, tmp_path / "workspace")))
    dev = open_bench(tiny_task, tmp_path / "workspace").corpus("dev")
    assert model.quality["mentions"].rows == len(dev.row_doc)
    assert model.quality["topic"].rows == len(dev.ids)
    with pytest.raises(RunError) as caught:
        train(open_bench(tiny_task, tmp_path / "workspace", dev=False))
    assert caught.value.code == "BL907"


def test_a_task_that_no_rule_votes_on_is_left_out(
    tmp_path: Path, tiny_task: Path, open_bench: OpenBench
) -> None:
    settings = tiny_task / "task.toml"
    text = settings.read_text(encoding="utf-8").replace("epochs = 30", "epochs = 1")
    settings.write_text(text, encoding="utf-8")
    (tiny_task / "rules" / "more.rules").write_text(
        "biolabel 1\n\ndocument rare\n  labels: odd, usual\n  pick: one\n\n"
        'rule never for rare\n  votes: odd\n  when: title has "xyzzyx"\n',
        encoding="utf-8",
    )
    bench = open_bench(tiny_task, tmp_path / "workspace")
    model = open_trained(train(bench))
    assert "rare" not in {task.name for task in model.tasks}
    assert unlearned(bench, model) == ["rare"]
    systems = predict(bench, "dev")
    assert (systems.folder / "end_model.own.pubtator").is_file()
