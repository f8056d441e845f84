"""Stage: soft labels, augmented, to an end model."""

import json
from pathlib import Path

import numpy as np

from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.store import load as load_model
from biolabel.endmodel.store import save
from biolabel.endmodel.train import train as train_model
from biolabel.workflow.augment import augment, augment_settings, open_augmented, soft_documents
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.fit import fit


def train(bench: Bench) -> StageNote:
    """Train the end model on the soft labels of the corpus and on new versions of its documents."""
    fitted, augmented = fit(bench), augment(bench)
    settings = bench.job.task.task.end_model
    inputs = {
        "fit": fitted.key,
        "augmented": augmented.key,
        "settings": settings.model_dump(),
        "encoder": bench.encoder_files,
        "seed": bench.job.seed,
        **bench.knowledge_inputs(),
    }

    def make(folder: Path) -> None:
        documents = soft_documents(bench)
        share, pool = augment_settings(bench).share, open_augmented(augmented)
        first = documents[0]
        learned = {*first.entities, *first.relations, *first.topics}

        def picked(document: LabeledDocument, generator: np.random.Generator) -> LabeledDocument:
            return pool.pick(document, share, generator)

        model = train_model(
            documents,
            [task.task for task in bench.plan.tasks if task.task.name in learned],
            Settings(
                encoder=settings.encoder,
                epochs=settings.epochs,
                updates=settings.updates,
                rate=settings.rate,
                head_rate=settings.head_rate,
            ),
            np.random.default_rng(bench.job.seed),
            augment=picked if pool.variants else None,
            progress=bench.job.progress,
        )
        save(model, folder / "model")
        losses = [{"training": e.training, "held_out": e.held_out} for e in model.epochs]
        (folder / "losses.json").write_text(json.dumps(losses, indent=1), encoding="utf-8")

    return bench.job.stage("train", inputs, make)


def open_trained(note: StageNote) -> EndModel:
    """Return the end model that a train stage made."""
    return load_model(note.folder / "model")
