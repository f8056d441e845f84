"""Training learns, is reproducible, keeps the best epoch and refuses what it cannot use."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument, WordLabels
from biolabel.endmodel.checkpoints import Checkpoints
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import predict
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.train import labeled_tasks, split, train
from biolabel.errors import ModelError

T = TypeVar("T")


def test_it_learns_all_three_tasks(
    model: EndModel, documents: list[LabeledDocument], settings: Settings
) -> None:
    assert model.epochs[-1].training["names"] < 0.6 * model.epochs[0].training["names"]
    right = {"names": 0, "causes": 0, "kind": 0}
    for score, document in zip(predict(model, documents), documents, strict=True):
        words = document.entities["names"].probabilities.argmax(axis=1)
        right["names"] += bool((score.entities["names"].argmax(axis=1) == words).all())
        positive = document.id.startswith("causes")
        right["causes"] += bool((score.relations["causes"][0, 0] > 0.5) == positive)
        right["kind"] += bool((score.topics["kind"][0] > 0.5) == positive)
    assert min(right.values()) >= 30, right
    assert len(model.epochs) == settings.epochs


def test_soft_labels_are_learned_as_they_are(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    scores = [score.topics["kind"].max() for score in predict(model, documents)]
    assert 0.8 < np.mean(scores) < 0.995


def test_the_same_seed_gives_the_same_weights(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    short = replace(settings, epochs=2, dropout=0.1)
    before = torch.random.get_rng_state()
    one, same, other = (
        train(documents, tasks, short, np.random.default_rng(seed)).network.state_dict()
        for seed in (1, 1, 2)
    )
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert not all(torch.equal(one[key], other[key]) for key in one)


def test_a_tenth_is_held_out_by_id(documents: list[LabeledDocument]) -> None:
    kept, held = split(documents)
    assert (len(kept), len(held)) == (29, 3)
    again = {document.id for document in split(documents[::-1])[1]}
    assert {document.id for document in held} == again
    assert split(documents[:9]) == (documents[:9], [])


def test_the_epoch_with_the_least_held_out_loss_is_kept(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    # Held-out labels that contradict training get worse with every step that is learned.
    contrary = [
        replace(
            document,
            relations={},
            topics={},
            entities={
                "names": WordLabels(
                    document.entities["names"].probabilities[:, ::-1].copy(),
                    document.entities["names"].weight,
                )
            },
        )
        for document in documents[:4]
    ]
    made = train(
        documents, tasks, replace(settings, epochs=4), np.random.default_rng(0), held_out=contrary
    )
    totals = [epoch.held_out["names"] for epoch in made.epochs]
    assert made.kept == int(np.argmin(totals))
    assert made.kept < 3


def test_few_documents_are_all_trained_on(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    made = train(documents[:1], tasks, replace(settings, epochs=2), np.random.default_rng(0))
    assert made.kept == 1
    assert all(not epoch.held_out for epoch in made.epochs)


def test_a_small_corpus_is_read_more_often(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    often = replace(settings, epochs=1, updates=5)
    made = train(documents[:4], tasks, often, np.random.default_rng(0))
    assert len(made.epochs) == 5


def test_augmentation_sees_every_training_document_in_every_epoch(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    seen: list[str] = []

    def augment(document: LabeledDocument, generator: np.random.Generator) -> LabeledDocument:
        seen.append(document.id)
        assert 0 <= generator.random() < 1
        return document

    two = replace(settings, epochs=2)
    train(documents, tasks, two, np.random.default_rng(0), augment=augment)
    kept, _ = split(documents)
    assert seen == [document.id for document in kept] * 2


def test_masked_rows_teach_nothing(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    short = replace(settings, epochs=2)
    masked = np.zeros(6, dtype=np.float32)
    one, other = (
        train(
            [
                replace(document, entities={"names": WordLabels(labels, masked)})
                if document.id.startswith("treats")
                else document
                for document in documents
            ],
            tasks,
            short,
            np.random.default_rng(0),
        ).network.state_dict()
        for labels in (np.zeros((6, 3), np.float32), np.ones((6, 3), np.float32))
    )
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_task_without_soft_labels_is_named(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    bare = [replace(document, topics={}) for document in documents]
    assert labeled_tasks(bare, tasks) == list(tasks[:2])
    with pytest.raises(ModelError, match="label of task 'kind'") as caught:
        train(bare, tasks, settings, np.random.default_rng(0))
    assert caught.value.code == "BL837"


def test_training_stops_where_it_gets_no_better(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    patient = replace(settings, epochs=12, patience=2, rate=0.0, head_rate=0.0, decay=0.0)
    made = train(documents, tasks, patient, np.random.default_rng(0))
    # Losses that stay the same are no worse, so the last epoch is kept.
    assert len(made.epochs) == 12
    held = [replace(d, topics={}, relations={}) for d in documents[:3]]
    turned = [
        replace(d, entities={"names": WordLabels(e.probabilities[:, ::-1].copy(), e.weight)})
        for d in held
        for e in [d.entities["names"]]
    ]
    eager = replace(settings, epochs=12, patience=2)
    made = train(documents, tasks, eager, np.random.default_rng(0), held_out=turned)
    assert len(made.epochs) == made.kept + 3 < 12


def test_documents_without_words_are_trained_on(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    topic = documents[0].topics
    empty = [
        LabeledDocument(f"empty{i}", "", np.zeros((0, 2), np.int32), (), topics=topic)
        for i in range(3)
    ]
    made = train([*documents, *empty], tasks, replace(settings, epochs=1), np.random.default_rng(0))
    assert np.isfinite(sum(made.epochs[0].training.values()))


def test_frozen_layers_stay(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    one, two = (
        train(
            documents, tasks, replace(settings, epochs=n, frozen_layers=1), np.random.default_rng(0)
        ).network.state_dict()
        for n in (1, 2)
    )
    low = [key for key in one if "layer.0." in key or "embeddings" in key]
    high = [key for key in one if "layer.1." in key and "weight" in key]
    assert all(torch.equal(one[key], two[key]) for key in low)
    assert not any(torch.equal(one[key], two[key]) for key in high)


def test_progress_is_told_step_by_step_over_all_epochs(
    documents: list[LabeledDocument],
    tasks: tuple[Task, ...],
    settings: Settings,
    tmp_path: Path,
) -> None:
    told: list[tuple[str, int | None]] = []
    seen: list[int] = []
    whole = 9

    def progress(items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        told.append((name, total))
        seen.append(0)
        for item in items:
            seen[-1] += 1
            if len(seen) == 1 and seen[-1] == whole:
                raise KeyboardInterrupt
            yield item

    three = replace(settings, epochs=3)
    kept = Checkpoints(tmp_path / "kept.safetensors", seconds=0)
    generator = np.random.default_rng
    with pytest.raises(KeyboardInterrupt):
        train(documents, tasks, three, generator(0), checkpoints=kept, progress=progress)
    train(documents, tasks, three, generator(0), checkpoints=kept, progress=progress)
    train(documents, tasks, three, generator(0), progress=progress)
    names, totals = zip(*told, strict=True)
    assert names[1:] == ("end model, 3 epochs",) * 2
    assert totals[2] == seen[2] == totals[0]
    assert totals[1] == seen[1] < seen[2]


def test_nothing_to_learn(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    empty = [replace(each, entities={}, relations={}, topics={}) for each in documents]
    for nothing in (empty, []):
        with pytest.raises(ModelError) as caught:
            train(nothing, tasks, settings, np.random.default_rng(0))
        assert caught.value.code == "BL826"


def test_a_bad_document_is_named(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    with pytest.raises(ModelError) as caught:
        train([replace(documents[0], mentions=())], tasks, settings, np.random.default_rng(0))
    assert caught.value.code == "BL825"


def test_diverging_training_says_so(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> None:
    wild = replace(settings, task_weights={"names": 1e39})
    with pytest.raises(ModelError) as caught:
        train(documents, tasks, wild, np.random.default_rng(0))
    assert caught.value.code == "BL827"


@pytest.mark.slow
def test_the_packaged_encoder_learns(
    documents: list[LabeledDocument], tasks: tuple[Task, ...]
) -> None:
    small = Settings(epochs=4, updates=0, batch_pieces=64)
    made = train(documents, tasks, small, np.random.default_rng(0))
    assert sum(made.epochs[-1].training.values()) < 0.7 * sum(made.epochs[0].training.values())
