"""What the end model learns: soft labels as tensors, priors of the labels, and the loss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

from biolabel.data.labels import Task
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.network import Logits

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Balance:
    """How the labels of one task are spread over the training documents.

    prior: float32[k], the mean of the labels; factors: float32[k], what a label's part of the loss is
    multiplied by, 1 on average; mass: mean sum of the row weights of a document.
    """

    prior: Tensor
    factors: Tensor
    mass: float


def rows(document: LabeledDocument, task: Task) -> tuple[Floats, Floats]:
    """Return labels float32[n, k] and weights float32[n] of the rows of a task in a document.

    Words and the document itself are always rows, with weight 0 where they are not labeled.
    """
    k = len(task.labels)
    if task.kind == "relation":
        pairs = document.relations.get(task.name)
        return (pairs.probabilities, pairs.weight) if pairs else _unlabeled(0, k)
    if task.kind == "entity":
        words = document.entities.get(task.name)
        return (words.probabilities, words.weight) if words else _unlabeled(len(document.words), k)
    topic = document.topics.get(task.name)
    if topic is None:
        return _unlabeled(1, k)
    return topic.probabilities[None], np.array([topic.weight], dtype=np.float32)


def trusted(labels: Floats, weight: Floats, task: Task, confidence: float) -> Floats:
    """Return row weights that are lower where labels are unsure, float32[n].

    A row weighs 1 - confidence * h, with h its entropy as a share of the largest possible one (where
    labels do not exclude each other, the mean of theirs).
    """
    if not confidence or not len(labels):
        return weight
    inside = np.clip(labels.astype(np.float64), 1e-12, 1.0)
    if task.exclusive:
        unsure = -(labels * np.log(inside)).sum(axis=1) / np.log(labels.shape[1])
    else:
        outside = np.clip(1 - inside, 1e-12, 1.0)
        unsure = -(inside * np.log2(inside) + outside * np.log2(outside)).mean(axis=1)
    return (weight * (1 - confidence * np.clip(unsure, 0, 1))).astype(np.float32)


def begins(document: LabeledDocument, task: Task) -> tuple[Floats, Floats]:
    """Return which words begin a mention and which are in one, float32[w] each.

    Only mentions count whose type is a label of the task.
    """
    start = np.zeros(len(document.words), dtype=np.float32)
    inside = np.zeros(len(document.words), dtype=np.float32)
    for mention in document.mentions:
        if mention.type in task.labels:
            first = int(np.searchsorted(document.words[:, 1], mention.start, side="right"))
            last = int(np.searchsorted(document.words[:, 0], mention.end, side="left"))
            inside[first:last] = 1
            start[first : first + 1] = 1
    return start, inside


def measure(
    documents: Sequence[LabeledDocument], task: Task, strength: float, confidence: float = 0.0
) -> Balance:
    """Return how the labels of a task are spread, and how the loss makes up for it.

    The factor of a label is its prior to the power -strength (0 = none, 1 = all labels weigh the
    same), scaled so that the mean row keeps its weight. One pseudo-row a label keeps priors above 0.
    """
    found = [rows(document, task) for document in documents]
    counts = np.ones(len(task.labels)) / len(task.labels)
    total = 1.0
    for labels, given in found:
        weight = trusted(labels, given, task, confidence)
        counts += weight @ labels
        total += float(weight.sum())
    prior = np.clip(counts / total, 1e-6, 1 - 1e-6)
    factors = prior**-strength
    factors *= prior.sum() / (prior * factors).sum()
    return Balance(
        prior=torch.from_numpy(prior.astype(np.float32)),
        factors=torch.from_numpy(factors.astype(np.float32)),
        mass=(total - 1) / max(len(documents), 1),
    )


def prior_logits(task: Task, prior: Tensor) -> Tensor:
    """Return the logits that give the prior: for a softmax, or one sigmoid a label."""
    return prior.log() if task.exclusive else torch.logit(prior)


def losses(
    logits: Logits,
    documents: Sequence[LabeledDocument],
    tasks: Sequence[Task],
    balances: Mapping[str, Balance],
    confidence: float = 0.0,
) -> dict[str, Tensor]:
    """Return the loss of a batch by task, in nats a unit of row weight.

    It is the cross-entropy to the soft labels, each row by its weight, and for words in a mention also
    that of the begin. Sums are divided by what a batch of this size weighs on average, so that a document
    with little evidence stays a light one. Tasks without any weight in training are left out.
    """
    found: dict[str, Tensor] = {}
    for task in tasks:
        balance = balances[task.name]
        if balance.mass == 0:
            continue
        parts = [rows(document, task) for document in documents]
        said = _of(logits, task)
        labels, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
        sure = torch.from_numpy(trusted(labels, weight, task, confidence)).to(said.device)
        wanted = torch.from_numpy(labels).to(said.device)
        total = (sure * _row_losses(said, wanted, task, balance)).sum()
        if task.kind == "entity":
            edges = [begins(document, task) for document in documents]
            start, inside = (torch.from_numpy(np.concatenate(e)) for e in zip(*edges, strict=True))
            total = total + binary_cross_entropy_with_logits(
                logits.begins[task.name],
                start.to(said.device),
                sure * inside.to(said.device),
                reduction="sum",
            )
        found[task.name] = total / (balance.mass * len(documents))
    return found


def _row_losses(logits: Tensor, labels: Tensor, task: Task, balance: Balance) -> Tensor:
    """Return the loss of each row, float32[n]."""
    factors = balance.factors.to(logits.device)
    if task.exclusive:
        return -(labels * factors * log_softmax(logits, dim=1)).sum(dim=1)
    raised = binary_cross_entropy_with_logits(logits, labels, pos_weight=factors, reduction="none")
    return raised.sum(dim=1)


def _of(logits: Logits, task: Task) -> Tensor:
    kinds = {"entity": logits.entities, "relation": logits.relations, "document": logits.topics}
    return kinds[task.kind][task.name]


def _unlabeled(n: int, k: int) -> tuple[Floats, Floats]:
    return np.zeros((n, k), dtype=np.float32), np.zeros(n, dtype=np.float32)
