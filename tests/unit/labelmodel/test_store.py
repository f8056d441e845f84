from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task, TaskGraph
from biolabel.errors import ModelError
from biolabel.labelmodel.choice import Choice, Trial
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import LabelModelParams, Settings
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.store import load, save

TASKS = (
    Task("cid", "relation", ("none", "causes")),
    Task("hallmarks", "document", ("growth", "death", "none"), exclusive=False),
)
LFS = (
    LabelingFunction("a", 0.8, frozenset({"kb", "list"})),
    LabelingFunction("b", groups=frozenset({"kb"})),
)
MATRICES = {
    task.name: sparse(task, LFS, np.array([[1, 2], [2, 2], [0, 1], [0, 0]])) for task in TASKS
}
GRAPH = TaskGraph(TASKS, (), 4, {task.name: np.arange(4, dtype=np.int32) for task in TASKS})


@pytest.fixture(scope="module")
def params() -> LabelModelParams:
    return fit(MATRICES, GRAPH, Settings(precision=0.6))


def test_what_is_saved_predicts_the_same(params: LabelModelParams, tmp_path: Path) -> None:
    save(params, tmp_path / "model")
    back = load(tmp_path / "model")
    assert back.settings == params.settings
    assert [fitted.lfs for fitted in back.tasks.values()] == [LFS, LFS]
    expected, found = predict(params, MATRICES, GRAPH), predict(back, MATRICES, GRAPH)
    for name, soft in expected.items():
        np.testing.assert_array_equal(found[name].probabilities, soft.probabilities)


def test_how_an_estimator_was_chosen_is_kept(params: LabelModelParams, tmp_path: Path) -> None:
    choice = Choice(
        (Trial("em", -0.5, 0.01), Trial("majority", -0.6, 0.02, "no worse")), "em", "it"
    )
    tasks = {name: replace(fitted, choice=choice) for name, fitted in params.tasks.items()}
    save(replace(params, tasks=tasks), tmp_path / "model")
    assert [fitted.choice for fitted in load(tmp_path / "model").tasks.values()] == [choice] * 2


def test_saving_again_replaces_and_gives_the_same_bytes(
    params: LabelModelParams, tmp_path: Path
) -> None:
    def content() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir()}

    save(params, tmp_path / "model")
    first = content()
    save(load(tmp_path / "model"), tmp_path / "model")
    assert content() == first
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("label_model.json", b"biolabel label model 1", b"biolabel label model 9"),
        ("label_model.json", b'"settings"', b'"setting"'),
        ("label_model.json", b"{", b""),
        ("label_model.json", b"hallmarks", b"\xff\xfe"),
        ("label_model.json", b'"death",', b""),
        ("tables.safetensors", b"0.0.table", b"0.0.cable"),
        ("tables.safetensors", b"F64", b"F16"),
    ],
)
def test_damage_is_told(
    params: LabelModelParams, tmp_path: Path, file: str, old: bytes, new: bytes
) -> None:
    save(params, tmp_path / "model")
    path = tmp_path / "model" / file
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    with pytest.raises(ModelError) as caught:
        load(tmp_path / "model")
    assert caught.value.code == "BL810"


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no readable label model") as caught:
        load(tmp_path)
    assert caught.value.code == "BL810"
