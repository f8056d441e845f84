"""Training the end model on soft-labeled documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from time import perf_counter
from zlib import crc32

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.checks import check_document, check_tasks
from biolabel.endmodel.encoder import load_encoder, longest_window
from biolabel.endmodel.features import buckets
from biolabel.endmodel.model import EndModel, Epoch
from biolabel.endmodel.network import Network
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.targets import Balance, losses, measure, prior_logits
from biolabel.errors import ModelError

Augment = Callable[[LabeledDocument, np.random.Generator], LabeledDocument]


def train(
    documents: Sequence[LabeledDocument],
    tasks: Sequence[Task],
    settings: Settings,
    generator: np.random.Generator,
    *,
    augment: Augment | None = None,
    held_out: Sequence[LabeledDocument] | None = None,
    progress: Progress = silent,
) -> EndModel:
    """Train the encoder and one head a task, and keep the epoch with the least held-out loss.

    Without `held_out` documents a tenth of the training documents is held out, by a hash of their ids;
    under 10 documents none is, and the last epoch is kept. `augment` changes each training document anew in
    every epoch. The same input, settings and generator give the same weights on the same machine.

    Raises:
        ModelError: BL820 to BL823 as settings and encoder do, BL824 and BL825 for tasks and documents
            that do not fit, BL826 when no row of any task has a weight.
    """
    check_tasks(tasks)
    for document in [*documents, *(held_out or ())]:
        check_document(document, tasks)
    kept, held = split(documents) if held_out is None else (list(documents), list(held_out))
    balances = {task.name: measure(kept, task, settings.balance) for task in tasks}
    if not any(balance.mass for balance in balances.values()):
        raise ModelError(
            "BL826",
            f"{len(kept)} training documents, but no word, pair or document with a label",
            hint="look at the coverage of the rules: biolabel analyze",
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(generator.integers(2**31)))
        model = _fresh(tasks, settings)
        model.network.start_from(
            {task.name: prior_logits(task, balances[task.name].prior) for task in tasks}
        )
        model.network.freeze(settings.frozen_layers)
        return _fit(model, kept, held, balances, generator, augment, progress)


def split(
    documents: Sequence[LabeledDocument],
) -> tuple[list[LabeledDocument], list[LabeledDocument]]:
    """Return training documents and a held-out tenth, chosen by a hash of the ids."""
    order = sorted(documents, key=lambda document: (crc32(document.id.encode()), document.id))
    held = {document.id for document in order[: len(documents) // 10]}
    return (
        [document for document in documents if document.id not in held],
        [document for document in documents if document.id in held],
    )


def _fresh(tasks: Sequence[Task], settings: Settings) -> EndModel:
    encoder, tokenizer = load_encoder(settings.encoder)
    return EndModel(
        network=Network(encoder, int(tokenizer.pad_token_id or 0), tasks, settings.dropout),
        tokenizer=tokenizer,
        tasks=tuple(tasks),
        settings=settings,
        window=longest_window(encoder, tokenizer, settings.window),
    )


def _fit(
    model: EndModel,
    documents: Sequence[LabeledDocument],
    held_out: Sequence[LabeledDocument],
    balances: Mapping[str, Balance],
    generator: np.random.Generator,
    augment: Augment | None,
    progress: Progress,
) -> EndModel:
    """Run the epochs and return the model with the best epoch's weights, ready to predict."""
    settings, network = model.settings, model.network
    optimizer = _optimizer(network, settings)
    peaks = [group["lr"] for group in optimizer.param_groups]
    history: list[Epoch] = []
    best: dict[str, Tensor] = {}
    kept, number, count = 0, 0, settings.epochs
    while number < count:
        began = perf_counter()
        texts = [augment(document, generator) for document in documents] if augment else documents
        features = [model.read(document) for document in texts]
        batches = buckets([one.pieces for one in features], settings.batch_pieces, generator)
        count = max(settings.epochs, ceil(settings.updates / len(batches)))
        network.train()
        sums: dict[str, float] = {}
        name = f"end model, epoch {number + 1} of {count}"
        for step, batch in enumerate(progress(batches, name=name, total=len(batches))):
            share = (number + (step + 1) / len(batches)) / count
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * _schedule(share, settings.warm_up)
            logits = network([features[i] for i in batch])
            found = losses(logits, [texts[i] for i in batch], model.tasks, balances)
            optimizer.zero_grad()
            _descend(_weighed(found, settings))
            clip_grad_norm_(network.parameters(), settings.clip)
            optimizer.step()
            for task, loss in found.items():
                sums[task] = sums.get(task, 0.0) + loss.item() * len(batch) / len(documents)
        held = evaluate(model, held_out, balances)
        history.append(Epoch(sums, held, perf_counter() - began))
        if _total(held, settings) <= _total(history[kept].held_out, settings):
            kept = number
            best = {key: value.clone() for key, value in network.state_dict().items()}
        number += 1
    network.load_state_dict(best)
    network.eval()
    return replace(model, epochs=tuple(history), kept=kept)


def evaluate(
    model: EndModel, documents: Sequence[LabeledDocument], balances: Mapping[str, Balance]
) -> dict[str, float]:
    """Return the mean losses by task of documents, empty if there are none."""
    features = [model.read(document) for document in documents]
    sums: dict[str, float] = {}
    model.network.eval()
    with torch.inference_mode():
        for batch in buckets([one.pieces for one in features], model.settings.batch_pieces):
            logits = model.network([features[i] for i in batch])
            found = losses(logits, [documents[i] for i in batch], model.tasks, balances)
            for task, loss in found.items():
                sums[task] = sums.get(task, 0.0) + loss.item() * len(batch) / len(documents)
    return sums


def _optimizer(network: Network, settings: Settings) -> torch.optim.AdamW:
    encoder = [each for each in network.encoder.parameters() if each.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": settings.rate},
            {"params": list(network.heads.parameters()), "lr": settings.head_rate},
        ],
        weight_decay=settings.decay,
    )


def _schedule(share: float, warm_up: float) -> float:
    """Return the factor of the learning rate after a share of the training: up, then down to 0."""
    return share / warm_up if share < warm_up else (1 - share) / max(1 - warm_up, 1e-9)


def _descend(loss: Tensor) -> None:
    if not torch.isfinite(loss):
        raise ModelError(
            "BL827",
            f"the loss of the end model became {loss.item()}",
            hint="lower `rate` and `head_rate` in the end model's settings",
        )
    torch.autograd.backward(loss)


def _weighed(found: Mapping[str, Tensor], settings: Settings) -> Tensor:
    weights = settings.task_weights
    return torch.stack([weights.get(task, 1.0) * loss for task, loss in found.items()]).sum()


def _total(found: Mapping[str, float], settings: Settings) -> float:
    return sum(settings.task_weights.get(task, 1.0) * loss for task, loss in found.items())
