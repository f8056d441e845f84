"""Prediction with the end model: probabilities for every word, pair and document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.checks import check_document
from biolabel.endmodel.devices import exhausted, too_large
from biolabel.endmodel.features import Features, buckets
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.network import Logits

Floats = NDArray[np.float32]
_BUDGET = 4096
"""Pieces a batch, padding included: eight windows of 512, half a gigabyte for MiniLM."""


@dataclass(frozen=True, slots=True)
class DocumentScores:
    """The end model's probabilities for one document, task name to rows.

    entities: float32[w, k]; begins: float32[w], that a mention begins at a word if the word is in one;
    relations: float32[p, k], the given pairs in order; topics: float32[k].
    """

    id: str
    entities: Mapping[str, Floats]
    begins: Mapping[str, Floats]
    relations: Mapping[str, Floats]
    topics: Mapping[str, Floats]


def predict(
    model: EndModel, documents: Sequence[LabeledDocument], progress: Progress = silent
) -> list[DocumentScores]:
    """Return the scores of documents, in their order; only words, mentions and pairs are read.

    A document's scores depend on no other document, up to rounding.

    Raises:
        ModelError: BL825 when a document does not fit together, BL833 when memory does not do for one.
    """
    for document in documents:
        check_document(document, model.tasks)
    features = [model.read(document) for document in documents]
    batches = buckets([one.pieces for one in features], _BUDGET)
    found: dict[int, DocumentScores] = {}
    model.network.eval()
    with torch.inference_mode():
        for batch in progress(batches, name="end model, prediction", total=len(batches)):
            for part, logits in _read(model, documents, features, batch):
                scores = _cut(model, logits, [documents[i] for i in part])
                found.update(zip(part, scores, strict=True))
    return [found[i] for i in range(len(documents))]


def _read(
    model: EndModel,
    documents: Sequence[LabeledDocument],
    features: Sequence[Features],
    batch: Sequence[int],
) -> Iterator[tuple[Sequence[int], Logits]]:
    """Yield the logits of a batch, in halves where memory is used up."""
    logits = None
    try:
        logits = model.network([features[i] for i in batch])
    except RuntimeError as error:
        if not exhausted(error):
            raise
    if logits is not None:
        yield batch, logits
    elif len(batch) == 1:
        raise too_large(documents[batch[0]].id, features[batch[0]].pieces)
    else:
        middle = len(batch) // 2
        yield from _read(model, documents, features, batch[:middle])
        yield from _read(model, documents, features, batch[middle:])


def _cut(
    model: EndModel, logits: Logits, documents: Sequence[LabeledDocument]
) -> list[DocumentScores]:
    """Return the rows of a batch by document."""
    words = [len(document.words) for document in documents]
    entities: list[dict[str, Floats]] = [{} for _ in documents]
    begins: list[dict[str, Floats]] = [{} for _ in documents]
    relations: list[dict[str, Floats]] = [{} for _ in documents]
    topics: list[dict[str, Floats]] = [{} for _ in documents]
    for task in model.tasks:
        heat = model.temperature(task.name)
        if task.kind == "entity":
            rows = probabilities(task, logits.entities[task.name] / heat)
            _deal(entities, task.name, rows, words)
            _deal(begins, task.name, torch.sigmoid(logits.begins[task.name]), words)
        elif task.kind == "document":
            rows = probabilities(task, logits.topics[task.name] / heat)
            for place, row in zip(topics, rows, strict=True):
                place[task.name] = row.cpu().numpy()
        else:
            pairs = [
                len(document.relations[task.name].pairs) if task.name in document.relations else 0
                for document in documents
            ]
            rows = probabilities(task, logits.relations[task.name] / heat)
            _deal(relations, task.name, rows, pairs)
    return [
        DocumentScores(document.id, entities[i], begins[i], relations[i], topics[i])
        for i, document in enumerate(documents)
    ]


def _deal(places: list[dict[str, Floats]], task: str, rows: Tensor, counts: list[int]) -> None:
    for place, part in zip(places, torch.split(rows.cpu(), counts), strict=True):
        place[task] = part.numpy()


def probabilities(task: Task, logits: Tensor) -> Tensor:
    """Return the probabilities of logits float32[n, k]: of one label a row, or one of each label."""
    return torch.softmax(logits, dim=1) if task.exclusive else torch.sigmoid(logits)
