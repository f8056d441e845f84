"""The exported graph gives the predictions of the model, also for short, empty and long documents."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument
from biolabel.endmodel import onnx as module
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.onnx import export_onnx, inputs, outputs
from biolabel.endmodel.predict import predict
from biolabel.errors import ModelError

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture(scope="module")
def graph(model: EndModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    export_onnx(model, path)
    return path


@pytest.mark.slow  # torch needs half a minute to draw the graph
def test_predictions_are_those_of_the_model(
    graph: Path, model: EndModel, documents: list[LabeledDocument]
) -> None:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    text = documents[0].text + " mice and x" * 60
    long = replace(documents[0], text=text, words=rows_of(text)[0], entities={}, topics={})
    empty = LabeledDocument("empty", "", rows_of("")[0], ())
    bare = replace(documents[1], relations={}, mentions=())
    for document in (*documents[:3], long, empty, bare):
        features = model.read(document)
        given = inputs(features, model.network.pad)
        for each in session.get_inputs():
            given.setdefault(each.name, np.zeros((1, 2), dtype=np.int64))
        found = dict(zip(outputs(model.tasks), session.run(None, given), strict=True))
        (wanted,) = predict(model, [document])
        words, pairs = len(document.words), len(wanted.relations["causes"])
        for name, rows in (
            ("names", wanted.entities["names"]),
            ("names.begins", wanted.begins["names"]),
            ("causes", wanted.relations["causes"]),
            ("kind", wanted.topics["kind"][None]),
        ):
            count = pairs if name == "causes" else 1 if name == "kind" else words
            np.testing.assert_allclose(found[name][:count], rows, atol=1e-5)
    assert len(model.read(long).windows) > 2


def test_missing_packages_are_named(
    model: EndModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="onnxscript") as caught:
        export_onnx(model, tmp_path / "model.onnx")
    assert caught.value.code == "BL835"
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written(
    model: EndModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Program:
        def save(self, place: str, *, external_data: bool) -> None:
            Path(place).write_text(str(external_data), encoding="utf-8")

    def export(*_: object, **named: object) -> Program:
        assert named["dynamo"]
        return Program()

    monkeypatch.setattr(torch.onnx, "export", export)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        export_onnx(model, tmp_path / "file" / "model.onnx")
    assert caught.value.code == "BL830"
