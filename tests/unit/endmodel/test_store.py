"""Saved models: the same scores back, atomic, and clear words for damage."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import predict
from biolabel.endmodel.store import load, save
from biolabel.errors import ModelError


@pytest.fixture
def folder(model: EndModel, tmp_path: Path) -> Path:
    path = tmp_path / "models" / "end"
    save(replace(model, rules={"a.rules": "5e1f"}), path)
    return path


def test_the_same_model_comes_back(
    model: EndModel, folder: Path, documents: list[LabeledDocument]
) -> None:
    back = load(folder)
    assert back.tasks == model.tasks
    assert back.settings == model.settings
    assert back.epochs == model.epochs
    assert (back.kept, back.window) == (model.kept, model.window)
    assert (back.quality, back.rules) == (model.quality, {"a.rules": "5e1f"})
    for one, other in zip(predict(model, documents), predict(back, documents), strict=True):
        np.testing.assert_array_equal(one.entities["names"], other.entities["names"])
        np.testing.assert_array_equal(one.relations["causes"], other.relations["causes"])
        np.testing.assert_array_equal(one.topics["kind"], other.topics["kind"])


def test_the_folder_is_complete_and_alone(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {
        "model.json",
        "model.safetensors",
        "tokenizer.json",
        "config.json",
        "README.md",
    } <= names
    assert [path.name for path in folder.parent.iterdir()] == ["end"]
    card = (folder / "README.md").read_text()
    assert "| causes | relation | causes, none |" in card
    assert "(kept)" in card
    assert "| a.rules | 5e1f |" in card


def test_an_end_model_is_replaced(model: EndModel, folder: Path) -> None:
    save(model, folder)
    assert load(folder).tasks == model.tasks


def test_anything_else_is_not_replaced(model: EndModel, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(ModelError) as caught:
        save(model, tmp_path)
    assert caught.value.code == "BL830"
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_place_that_cannot_be_written(model: EndModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError) as caught:
        save(model, tmp_path / "file" / "end")
    assert caught.value.code == "BL830"


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(ModelError) as caught:
            load(place)
        assert caught.value.code == "BL828"


def test_another_format(folder: Path) -> None:
    manifest = json.loads((folder / "model.json").read_text())
    manifest["format"] = "biolabel end model 99"
    (folder / "model.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.code == "BL828"
    assert "99" in caught.value.message


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_damage_is_told(folder: Path, name: str, damage: str) -> None:
    part = folder / name
    content = part.read_bytes()
    part.unlink()
    if damage != "missing":
        part.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.code == "BL829"
    assert str(folder) in caught.value.message


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "biolabel end model 2"}'])
def test_a_damaged_manifest(folder: Path, content: str) -> None:
    (folder / "model.json").write_text(content)
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.code == "BL829"


def test_a_model_of_other_tasks_or_labels(folder: Path, model: EndModel) -> None:
    assert load(folder, model.tasks).tasks == model.tasks
    names = replace(model.tasks[0], labels=("Chemical", "Illness", "none"))
    for other in (model.tasks[:2], (names, *model.tasks[1:])):
        with pytest.raises(ModelError) as caught:
            load(folder, other)
        assert caught.value.code == "BL834"
        assert "Chemical, Disease, none" in caught.value.message


def test_weights_of_another_model(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights.popitem()
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert caught.value.code == "BL829"


def test_a_configuration_larger_than_the_weights_takes_no_memory(folder: Path) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text("utf-8")) | {"vocab_size": 10**10}
    path.write_text(json.dumps(config), "utf-8")
    with pytest.raises(ModelError, match="asks for 320,0") as raised:
        load(folder)
    assert raised.value.code == "BL829"
