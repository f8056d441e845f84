"""The network as a whole: rows, windows, freezing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.network import Logits
from biolabel.errors import ModelError


def run(model: EndModel, documents: list[LabeledDocument]) -> Logits:
    with torch.inference_mode():
        found = model.network.eval()([model.read(document) for document in documents])
    assert isinstance(found, Logits)
    return found


def test_rows_are_those_of_the_documents_in_order(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    bare = replace(documents[1], relations={})
    found = run(model, [documents[0], bare, documents[2]])
    assert found.entities["names"].shape == (6 * 3, 3)
    assert found.begins["names"].shape == (6 * 3,)
    assert found.relations["causes"].shape == (2, 2)
    assert found.topics["kind"].shape == (3, 2)
    alone = run(model, [documents[2]])
    torch.testing.assert_close(found.relations["causes"][1:], alone.relations["causes"])


def test_a_batch_without_pairs(model: EndModel, documents: list[LabeledDocument]) -> None:
    found = run(model, [replace(documents[0], relations={})])
    assert found.relations["causes"].shape == (0, 2)
    assert torch.isfinite(found.entities["names"]).all()


def test_texts_of_several_windows_among_short_ones(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    short = documents[0]
    tail = " x" * 150
    start = len(short.text)
    words = np.array([[start + 1 + 2 * i, start + 2 + 2 * i] for i in range(150)], np.int32)
    long = replace(
        short, text=short.text + tail, words=np.concatenate([short.words, words]), entities={}
    )
    features = model.read(long)
    assert len(features.windows) > 2
    found = run(model, [short, long, short])
    assert found.entities["names"].shape == (6 + 156 + 6, 3)
    torch.testing.assert_close(found.topics["kind"][0], found.topics["kind"][2])
    torch.testing.assert_close(found.relations["causes"][0], found.relations["causes"][2])
    assert torch.isfinite(found.relations["causes"]).all()


def test_freezing(model: EndModel) -> None:
    network = model.network
    before = {name: each.requires_grad for name, each in network.named_parameters()}
    network.freeze(1)
    free = {name for name, each in network.named_parameters() if each.requires_grad}
    assert any("layer.1." in name for name in free)
    assert not any("layer.0." in name or "embeddings" in name for name in free)
    assert any(name.startswith("heads") for name in free)
    with pytest.raises(ModelError) as caught:
        network.freeze(3)
    assert caught.value.code == "BL820"
    assert "2 layers" in caught.value.message
    for name, each in network.named_parameters():
        each.requires_grad_(before[name])


def test_many_tasks_of_a_kind(model: EndModel, documents: list[LabeledDocument]) -> None:
    tasks = (*model.tasks, Task("more", "relation", ("a", "b", "none")))
    network = type(model.network)(model.network.encoder, 0, tasks, 0.0).eval()
    document = replace(
        documents[0],
        relations={
            **documents[0].relations,
            "more": replace(
                documents[0].relations["causes"],
                pairs=(documents[0].relations["causes"].pairs[0][::-1],),
            ),
        },
    )
    with torch.inference_mode():
        found = network([replace(model, tasks=tasks).read(document)])
    assert found.relations["causes"].shape == (1, 2)
    assert found.relations["more"].shape == (1, 3)
