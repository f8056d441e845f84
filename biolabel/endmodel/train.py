"""Training the end model on soft-labeled documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from time import monotonic, perf_counter
from zlib import crc32

import numpy as np
import torch

from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.calibration import measure_quality
from biolabel.endmodel.checkpoints import (
    Checkpoints,
    Progressed,
    fingerprint,
    load_checkpoint,
    save_checkpoint,
)
from biolabel.endmodel.checks import check_document, check_tasks
from biolabel.endmodel.descent import Descent, Texts
from biolabel.endmodel.devices import choose, seeded
from biolabel.endmodel.encoder import load_encoder, longest_window
from biolabel.endmodel.features import buckets
from biolabel.endmodel.model import EndModel, Epoch
from biolabel.endmodel.network import Network
from biolabel.endmodel.predict import predict
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
    checkpoints: Checkpoints | None = None,
    progress: Progress = silent,
) -> EndModel:
    """Train the encoder and one head a task, and keep the epoch with the least held-out loss.

    Without `held_out` documents a tenth of the training documents is held out, by a hash of their ids;
    under 10 documents none is, and the last epoch is kept. `augment` changes each training document anew in
    every epoch. The same input, settings and generator give the same weights on the same machine, also
    where a training was killed and goes on from its `checkpoints`; the file is left to the caller.

    Raises:
        ModelError: BL820 to BL823 as settings and encoder do, BL824 and BL825 for tasks and documents
            that do not fit, BL826 when no row of any task has a weight and BL837 when none of one has,
            BL827 and BL833 as the descent does, BL830 and BL832 as checkpoints do, BL831 when the
            device is not there.
    """
    check_tasks(tasks)
    for document in [*documents, *(held_out or ())]:
        check_document(document, tasks)
    kept, held = split(documents) if held_out is None else (list(documents), list(held_out))
    balances = {
        task.name: measure(kept, task, settings.balance, settings.confidence) for task in tasks
    }
    if not any(balance.mass for balance in balances.values()):
        raise ModelError(
            "BL826",
            f"{len(kept)} training documents, but no word, pair or document with a label",
            hint="look at the coverage of the rules: biolabel analyze",
        )
    unlabeled = [name for name, balance in balances.items() if not balance.mass]
    if unlabeled:
        raise ModelError(
            "BL837",
            f"no training document has a label of task {unlabeled[0]!r}",
            hint="leave the task out, or write rules that vote on these documents",
        )
    of = fingerprint(kept, held, tasks, settings, generator) if checkpoints else ""
    with seeded(choose(settings.device), int(generator.integers(2**31))):
        model = _fresh(tasks, settings)
        model.network.start_from(
            {task.name: prior_logits(task, balances[task.name].prior) for task in tasks}
        )
        model.network.freeze(settings.frozen_layers)
        run = _Run(model, kept, held, balances, augment, checkpoints, of)
        return run.fit(generator, progress)


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


def labeled_tasks(documents: Sequence[LabeledDocument], tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks of which some document that is trained on has a label, so one that can be learned."""
    kept, _ = split(documents)
    return [task for task in tasks if measure(kept, task, 0.0).mass > 0]


def _fresh(tasks: Sequence[Task], settings: Settings) -> EndModel:
    encoder, tokenizer = load_encoder(settings.encoder)
    network = Network(encoder, int(tokenizer.pad_token_id or 0), tasks, settings.dropout)
    return EndModel(
        network=network.to(choose(settings.device)),
        tokenizer=tokenizer,
        tasks=tuple(tasks),
        settings=settings,
        window=longest_window(encoder, tokenizer, settings.window),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same over the epochs of a training."""

    model: EndModel
    documents: Sequence[LabeledDocument]
    held_out: Sequence[LabeledDocument]
    balances: Mapping[str, Balance]
    augment: Augment | None
    checkpoints: Checkpoints | None
    of: str

    def fit(self, generator: np.random.Generator, progress: Progress) -> EndModel:
        """Run the epochs and return the model with the best epoch's weights, ready to predict."""
        settings, network = self.model.settings, self.model.network
        descent = Descent(network, self.model.tasks, settings, self.balances)
        done = Progressed(generator.bit_generator.state, settings.epochs)
        found = load_checkpoint(self.checkpoints, self.of) if self.checkpoints else None
        if found is not None:
            done, state = found
            generator.bit_generator.state = done.generator
            descent.restore(state)
        left = self._epochs(descent, done, generator)
        more = next(
            left, 0
        )  # how many steps an epoch has, and there are epochs, only the first tells
        for _ in progress(left, name=f"end model, {done.epochs} epochs", total=more):
            pass
        network.load_state_dict(done.best)
        network.eval()
        made = replace(self.model, epochs=tuple(done.history), kept=done.kept, split=done.split)
        if not self.held_out:
            return made
        scores = predict(made, self.held_out)
        return replace(made, quality=measure_quality(made.tasks, self.held_out, scores))

    def _epochs(
        self, descent: Descent, done: Progressed, generator: np.random.Generator
    ) -> Iterator[int]:
        """Run the epochs; yield after each step how many are left, if all epochs have as many."""
        while done.epoch < done.epochs and not self._stands_still(done):
            began = perf_counter()
            yield from self._epoch(descent, done, generator)
            held = evaluate(self.model, self.held_out, self.balances)
            done.history.append(Epoch(done.sums, held, perf_counter() - began))
            if self._total(held) <= self._total(done.history[done.kept].held_out):
                done.kept = done.epoch
                done.best = {
                    k: value.cpu().clone() for k, value in self.model.network.state_dict().items()
                }
            done.epoch, done.steps, done.sums = done.epoch + 1, 0, {}
            done.generator = generator.bit_generator.state
            self._save(descent, done)

    def _epoch(
        self, descent: Descent, done: Progressed, generator: np.random.Generator
    ) -> Iterator[int]:
        """Go through the documents once, from where the epoch was left."""
        settings, augment = self.model.settings, self.augment
        documents = [augment(d, generator) for d in self.documents] if augment else self.documents
        texts = Texts(documents, [self.model.read(document) for document in documents])
        lengths = [one.pieces for one in texts.features]
        batches = buckets(lengths, settings.batch_pieces, generator)
        several = range(0, len(batches), settings.accumulate)
        steps = [batches[first : first + settings.accumulate] for first in several]
        done.epochs = max(settings.epochs, ceil(settings.updates / len(steps)))
        self.model.network.train()
        saved = monotonic()
        for number, step in enumerate(steps, start=1):
            if number <= done.steps:
                continue
            share = (done.epoch + number / len(steps)) / done.epochs
            found, halved = descent.step(texts, step, share)
            for task, loss in found.items():
                done.sums[task] = done.sums.get(task, 0.0) + loss / len(documents)
            done.steps, done.split = number, done.split + halved
            if self.checkpoints and monotonic() - saved >= self.checkpoints.seconds:
                self._save(descent, done)
                saved = monotonic()
            yield (done.epochs - done.epoch) * len(steps) - number

    def _save(self, descent: Descent, done: Progressed) -> None:
        if self.checkpoints:
            save_checkpoint(self.checkpoints, self.of, done, descent.state())

    def _stands_still(self, done: Progressed) -> bool:
        patience = self.model.settings.patience
        return bool(patience and self.held_out) and done.epoch - 1 - done.kept >= patience

    def _total(self, found: Mapping[str, float]) -> float:
        weights = self.model.settings.task_weights
        return sum(weights.get(task, 1.0) * loss for task, loss in found.items())


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
            labeled = [documents[i] for i in batch]
            found = losses(logits, labeled, model.tasks, balances, model.settings.confidence)
            for task, loss in found.items():
                sums[task] = sums.get(task, 0.0) + loss.item() * len(batch) / len(documents)
    return sums
