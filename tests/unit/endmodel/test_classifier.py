"""Hugging Face classifiers from a folder."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertModel,
    BertTokenizer,
)

from biolabel.endmodel.classifier import classifier, joined
from biolabel.errors import ModelError
from tests.unit.apply.world import corpus

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "iron", "salt", "helps", "."]


def saved(folder: Path, kind: type, **settings: Any) -> Path:
    """Write a tiny classifier whose head looks at nothing but whether a text says iron."""
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=8, max_position_embeddings=32, **settings,
    )  # fmt: skip
    kind(config).save_pretrained(folder)
    return folder


def test_sequences(tmp_path: Path) -> None:
    names = {0: "good", 1: "bad"}
    model = classifier(saved(tmp_path, BertForSequenceClassification, id2label=names))
    assert model.find is None
    assert model.judge is not None
    said = model.judge(pa.table({"marked": ["iron helps", "salt", "iron helps"]}))
    assert said.labels == ("good", "bad")
    scores = {(int(r), int(b)): s for r, b, s in zip(said.row, said.label, said.score, strict=True)}
    assert len(scores) == 6
    assert scores[0, 0] + scores[0, 1] == pytest.approx(1, abs=1e-5)
    assert scores[0, 0] == scores[2, 0] != scores[1, 0]


def test_several_labels(tmp_path: Path) -> None:
    many = "multi_label_classification"
    names = {0: "a", 1: "b", 2: "c", 3: "d"}
    folder = saved(tmp_path, BertForSequenceClassification, problem_type=many, id2label=names)
    model = classifier(folder)
    assert model.judge is not None
    said = model.judge(pa.table({"marked": ["iron"]}))
    assert said.score.sum() == pytest.approx(2, abs=0.2)


def test_no_candidates(tmp_path: Path) -> None:
    model = classifier(saved(tmp_path, BertForSequenceClassification))
    assert model.judge is not None
    assert len(model.judge(pa.table({"marked": pa.array([], pa.string())})).row) == 0


def test_tokens(tmp_path: Path) -> None:
    names = {0: "B-Drug", 1: "B-Drug"}
    model = classifier(saved(tmp_path, BertForTokenClassification, id2label=names))
    assert model.judge is None
    assert model.find is not None
    found = model.find(corpus("iron helps", "salt. iron"))
    places = zip(found.doc.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    assert list(places) == [(0, 0, 4), (0, 5, 10), (1, 0, 4), (1, 4, 5), (1, 6, 10)]
    assert found.labels == ("Drug",)


def test_joined() -> None:
    tagged = [
        (0, 2, "B-X", 0.5), (2, 4, "I-X", 1.0), (5, 6, "B-X", 0.9), (7, 8, "O", 0.9),
        (9, 10, "I-X", 0.8), (10, 11, "Y", 0.7), (11, 12, "Y", 0.9),
    ]  # fmt: skip
    assert joined(tagged) == [
        (0, 4, "X", 0.75), (5, 6, "X", 0.9), (9, 10, "X", 0.8), (10, 12, "Y", pytest.approx(0.8)),
    ]  # fmt: skip


def test_folders_that_hold_no_classifier(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no folder"):
        classifier(tmp_path / "absent")
    with pytest.raises(ModelError, match="cannot be read"):
        classifier(tmp_path)
    with pytest.raises(ModelError, match="no classifier"):
        classifier(saved(tmp_path, BertModel))


def test_only_safetensors_are_read(tmp_path: Path) -> None:
    folder = saved(tmp_path, BertForSequenceClassification)
    weights = BertForSequenceClassification.from_pretrained(folder).state_dict()
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="cannot be read"):
        classifier(folder)
