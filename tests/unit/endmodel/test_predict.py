"""Predictions: shapes, order, and independence of the other documents."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from biolabel.data.labels import Task
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.features import Features
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.network import Logits, Network
from biolabel.endmodel.predict import predict
from biolabel.errors import ModelError


def longer(document: LabeledDocument, words: int) -> LabeledDocument:
    text = document.text + " mice" * words
    return replace(document, text=text, words=rows_of(text)[0], entities={}, topics={})


def test_scores_depend_on_no_other_document(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    mixed = [longer(document, 7 * i) for i, document in enumerate(documents)]
    order = np.random.default_rng(0).permutation(len(mixed))
    straight = predict(model, mixed)
    shuffled = predict(model, [mixed[i] for i in order])
    for i, score in zip(order, shuffled, strict=True):
        (alone,) = predict(model, [mixed[i]])
        for other in (straight[i], alone):
            assert score.id == other.id == mixed[i].id
            for name in ("names",):
                np.testing.assert_allclose(score.entities[name], other.entities[name], atol=1e-5)
                np.testing.assert_allclose(score.begins[name], other.begins[name], atol=1e-5)
            np.testing.assert_allclose(
                score.relations["causes"], other.relations["causes"], atol=1e-5
            )
            np.testing.assert_allclose(score.topics["kind"], other.topics["kind"], atol=1e-5)


def test_shapes_dtypes_and_sums(model: EndModel, documents: list[LabeledDocument]) -> None:
    for score, document in zip(predict(model, documents), documents, strict=True):
        assert score.entities["names"].shape == (len(document.words), 3)
        assert score.begins["names"].shape == (len(document.words),)
        assert score.relations["causes"].shape == (1, 2)
        assert score.topics["kind"].shape == (2,)
        assert score.topics["kind"].dtype == np.float32
        np.testing.assert_allclose(score.entities["names"].sum(axis=1), 1, atol=1e-5)


def test_labels_are_not_read(model: EndModel, documents: list[LabeledDocument]) -> None:
    bare = replace(documents[0], entities={}, topics={})
    one, other = predict(model, [documents[0]])[0], predict(model, [bare])[0]
    np.testing.assert_array_equal(one.entities["names"], other.entities["names"])


def test_documents_without_words_or_pairs(model: EndModel) -> None:
    empty = LabeledDocument("empty", "", rows_of("")[0], ())
    (score,) = predict(model, [empty])
    assert score.entities["names"].shape == (0, 3)
    assert score.relations["causes"].shape == (0, 2)
    assert np.isfinite(score.topics["kind"]).all()


def test_no_documents(model: EndModel) -> None:
    assert predict(model, []) == []


def test_labels_that_need_not_exclude_each_other(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    tasks = tuple(
        Task(task.name, task.kind, task.labels, exclusive=task.kind != "document")
        for task in model.tasks
    )
    (score,) = predict(replace(model, tasks=tasks), documents[:1])
    (plain,) = predict(model, documents[:1])
    assert not np.allclose(score.topics["kind"], plain.topics["kind"])


def test_a_bad_document_is_named(model: EndModel, documents: list[LabeledDocument]) -> None:
    with pytest.raises(ModelError, match=documents[0].id):
        predict(model, [replace(documents[0], mentions=())])


def test_batches_are_halved_where_memory_is_used_up(
    model: EndModel, documents: list[LabeledDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = predict(model, documents)
    whole = Network.forward

    def forward(self: Network, batch: Sequence[Features]) -> Logits:
        if len(batch) > limit:
            raise torch.OutOfMemoryError("out of memory")
        return whole(self, batch)

    monkeypatch.setattr(Network, "forward", forward)
    limit = 3
    for score, other in zip(predict(model, documents), wanted, strict=True):
        assert score.id == other.id
        np.testing.assert_allclose(score.entities["names"], other.entities["names"], atol=1e-5)
    limit = 0
    with pytest.raises(ModelError) as caught:
        predict(model, documents)
    assert caught.value.code == "BL833"
