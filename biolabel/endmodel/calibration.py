"""How sure the end model is, measured and mended on documents that it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.targets import rows

if TYPE_CHECKING:
    from biolabel.endmodel.predict import DocumentScores

Floats = NDArray[np.float32]
_COLDEST, _HOTTEST = 0.05, 20.0
"""No temperature outside makes a difference: beyond them all is 0 and 1, or all labels are alike."""
_LEAST = 1e-7
"""Stands for a probability of 0, of which there is no logarithm."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How an end model does on held-out documents of one task.

    rows: how many rows have labels; agreement: the weighted share of rows on which model and soft
    label find the same label most probable; before, after: mean cross-entropy to the soft labels in
    nats, without and with the temperature.
    """

    rows: int
    agreement: float
    temperature: float
    before: float
    after: float


def measure_quality(
    tasks: Sequence[Task],
    documents: Sequence[LabeledDocument],
    scores: "Sequence[DocumentScores]",
) -> dict[str, Quality]:
    """Return the quality of each task that has labels in held-out documents.

    scores: those of the model at temperature 1, one a document.

    Source of temperatures: Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017),
    section 4.2; here against soft labels.
    """
    found: dict[str, Quality] = {}
    for task in tasks:
        labels, weight = (
            np.concatenate(part)
            for part in zip(*(rows(document, task) for document in documents), strict=True)
        )
        known = weight > 0
        if not known.any():
            continue
        said = np.concatenate([_of(score, task) for score in scores])[known]
        wanted, share = labels[known], weight[known] / weight[known].sum()
        logits = _logits(said, task)
        temperature = _best(logits, wanted, share, task)
        same = said.argmax(axis=1) == wanted.argmax(axis=1)
        found[task.name] = Quality(
            rows=int(known.sum()),
            agreement=float(share @ same),
            temperature=temperature,
            before=float(share @ _cross_entropy(logits, wanted, task)),
            after=float(share @ _cross_entropy(logits / temperature, wanted, task)),
        )
    return found


def _best(logits: NDArray[np.float64], wanted: Floats, share: Floats, task: Task) -> float:
    """Return the temperature at which the weighted cross-entropy is least; it has one minimum."""

    def entropy(log_temperature: float) -> float:
        return float(share @ _cross_entropy(logits / np.exp(log_temperature), wanted, task))

    bounds = (np.log(_COLDEST), np.log(_HOTTEST))
    return float(np.exp(minimize_scalar(entropy, bounds=bounds, method="bounded").x))


def _of(score: "DocumentScores", task: Task) -> Floats:
    if task.kind == "document":
        return score.topics[task.name][None]
    return (score.entities if task.kind == "entity" else score.relations)[task.name]


def _logits(said: Floats, task: Task) -> NDArray[np.float64]:
    inside = np.clip(said.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside) if task.exclusive else np.log(inside) - np.log1p(-inside))


def _cross_entropy(logits: NDArray[np.float64], wanted: Floats, task: Task) -> NDArray[np.float64]:
    """Return the cross-entropy of each row, float64[n]."""
    if task.exclusive:
        shifted = logits - logits.max(axis=1, keepdims=True)
        log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return np.asarray(-(wanted * log).sum(axis=1))
    return np.asarray((np.logaddexp(0, logits) - wanted * logits).sum(axis=1))
