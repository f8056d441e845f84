"""Temperatures are found again, and make held-out probabilities no worse."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument, TopicLabels
from biolabel.endmodel.calibration import measure_quality
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.predict import DocumentScores, predict

Doubles = NDArray[np.float64]

KIND = Task("kind", "document", ("a", "b", "c"))
MANY = replace(KIND, exclusive=False)


def softened(logits: Doubles, heat: float, task: Task) -> NDArray[np.float32]:
    scaled = logits / heat
    if not task.exclusive:
        return (1 / (1 + np.exp(-scaled))).astype(np.float32)
    raised = np.exp(scaled - scaled.max())
    return (raised / raised.sum()).astype(np.float32)


@pytest.mark.parametrize("task", [KIND, MANY])
def test_a_planted_temperature_is_found(task: Task) -> None:
    generator = np.random.default_rng(0)
    documents, scores = [], []
    for i in range(50):
        logits = generator.normal(0, 3, 3)
        truth = TopicLabels(softened(logits, 2.5, task), 1.0)
        words = np.array([[0, 1]], np.int32)
        documents.append(LabeledDocument(str(i), "x", words, (), topics={"kind": truth}))
        scores.append(DocumentScores(str(i), {}, {}, {}, {"kind": softened(logits, 1.0, task)}))
    quality = measure_quality([task], documents, scores)["kind"]
    assert quality.temperature == pytest.approx(2.5, rel=0.02)
    assert quality.after < quality.before
    assert quality.rows == 50
    assert quality.agreement == pytest.approx(1.0)


def test_a_task_without_held_out_labels_has_no_temperature(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    bare = [replace(document, topics={}) for document in documents[:3]]
    found = measure_quality(model.tasks, bare, predict(model, bare))
    assert found.keys() == {"names", "causes"}
    assert replace(model, quality={}).temperature("kind") == 1


def test_temperatures_are_part_of_predictions(
    model: EndModel, documents: list[LabeledDocument]
) -> None:
    assert model.quality.keys() == {"names", "causes", "kind"}
    assert all(each.after <= each.before + 1e-9 for each in model.quality.values())
    hot = {name: replace(each, temperature=1e6) for name, each in model.quality.items()}
    (score,) = predict(replace(model, quality=hot), documents[:1])
    np.testing.assert_allclose(score.topics["kind"], 0.5, atol=1e-3)
    np.testing.assert_allclose(score.entities["names"], 1 / 3, atol=1e-3)
    np.testing.assert_allclose(score.relations["causes"], 0.5, atol=1e-3)
