"""Checks of soft-labeled documents before the end model reads them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.errors import ModelError


def check_tasks(tasks: Sequence[Task]) -> None:
    """Refuse tasks that no end model can have.

    Raises:
        ModelError: BL824 when there is none, when names repeat, or when one has under two labels.
    """
    if not tasks:
        raise ModelError("BL824", "an end model without tasks; expected at least one")
    names = [task.name for task in tasks]
    for task in tasks:
        if names.count(task.name) > 1:
            raise ModelError("BL824", f"two tasks are called {task.name!r}")
        if len(task.labels) < 2:
            raise ModelError(
                "BL824", f"task {task.name!r} has {len(task.labels)} labels; expected at least 2"
            )


def check_document(document: LabeledDocument, tasks: Sequence[Task]) -> None:
    """Refuse a document whose parts do not belong together.

    Raises:
        ModelError: BL825 naming the document, the task, what was found and what was expected.
    """
    words = document.words
    if words.ndim != 2 or words.shape[1] != 2:
        raise _mismatch(document, f"words of shape {words.shape}; expected (words, 2)")
    spans = [(mention.start, mention.end) for mention in document.mentions]
    for start, end in [*words.tolist(), *spans]:
        if not 0 <= start < end <= len(document.text):
            raise _mismatch(
                document, f"span {start} to {end} in a text of {len(document.text)} code points"
            )
    named = {name for mention in document.mentions for name in mention.names}
    for task in tasks:
        k = len(task.labels)
        if task.kind == "entity" and task.name in document.entities:
            label = document.entities[task.name]
            _check_rows(document, task, label.probabilities, label.weight, (len(words), k))
        if task.kind == "relation" and task.name in document.relations:
            pair = document.relations[task.name]
            _check_rows(document, task, pair.probabilities, pair.weight, (len(pair.pairs), k))
            for concept in dict.fromkeys(concept for each in pair.pairs for concept in each):
                if concept not in named:
                    raise _mismatch(
                        document, f"a pair of {task.name!r} has {concept}, which no mention names"
                    )
        if task.kind == "document" and task.name in document.topics:
            topic = document.topics[task.name]
            weight = np.array([topic.weight], dtype=np.float32)
            _check_rows(document, task, topic.probabilities[None], weight, (1, k))


def _check_rows(
    document: LabeledDocument,
    task: Task,
    probabilities: NDArray[np.float32],
    weight: NDArray[np.float32],
    shape: tuple[int, int],
) -> None:
    if probabilities.shape != shape or weight.shape != shape[:1]:
        found = f"{probabilities.shape} with weights {weight.shape}"
        raise _mismatch(document, f"labels of {task.name!r} of shape {found}; expected {shape}")
    if not ((probabilities >= 0) & (probabilities <= 1 + 1e-4)).all():
        raise _mismatch(document, f"labels of {task.name!r} that are no probabilities")
    if not ((weight >= 0) & np.isfinite(weight)).all():
        raise _mismatch(document, f"weights of {task.name!r} below 0 or not finite")


def _mismatch(document: LabeledDocument, found: str) -> ModelError:
    return ModelError("BL825", f"document {document.id}: {found}")
