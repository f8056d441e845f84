"""Stage: soft labels, augmented, to an end model."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from biolabel.data.labels import Task
from biolabel.data.sums import tell_of_damage
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.checkpoints import Checkpoints
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.store import load as load_model
from biolabel.endmodel.store import save
from biolabel.endmodel.train import labeled_tasks
from biolabel.endmodel.train import train as train_model
from biolabel.errors import ModelError, RunError
from biolabel.workflow.apply import apply, given_apart, open_applied
from biolabel.workflow.augment import augment, augment_settings, open_augmented, soft_documents
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.documents import gold_labels_as_soft, labeled_documents
from biolabel.workflow.fit import fit
from biolabel.workflow.marks import digest

_DAMAGED = "BL832"
_STATES = "training"
"""Where a workspace keeps how far a training is, until it is done."""


def train(bench: Bench) -> StageNote:
    """Train the end model on the soft labels of the corpus and on new versions of its documents.

    A training that was killed goes on where it was, from the start where what it kept is damaged (BL932).

    Raises:
        RunError: BL907 when training is to stop on dev and there is none with annotations.
    """
    fitted, augmented = fit(bench), augment(bench)
    settings = bench.job.task.task.end_model
    gold = _gold(bench) if settings.stop_on == "dev" else None
    inputs = {
        "fit": fitted.key,
        "augmented": augmented.key,
        "settings": settings.model_dump(),
        "gold": gold.key if gold else "",
        "encoder": bench.encoder_files,
        "seed": bench.job.seed,
        **bench.knowledge_inputs(),
    }
    states = bench.job.workspace / _STATES

    def make(folder: Path) -> None:
        bench.job.dismiss()
        documents = soft_documents(bench)
        share, pool = augment_settings(bench).share, open_augmented(augmented)

        def picked(document: LabeledDocument, generator: np.random.Generator) -> LabeledDocument:
            return pool.pick(document, share, generator)

        possible = _tasks(bench, documents)
        place = Checkpoints(states / digest(bench.job.code, inputs))

        def trained() -> EndModel:
            return train_model(
                documents,
                labeled_tasks(documents, possible) or possible,
                settings.settings(),
                np.random.default_rng(bench.job.seed),
                augment=picked if pool.variants else None,
                held_out=_gold_documents(bench, gold) if gold else None,
                checkpoints=place,
                progress=bench.job.progress,
            )

        try:
            model = trained()
        except ModelError as error:
            if error.code != _DAMAGED:
                raise
            tell_of_damage(error.message)
            place.path.unlink()
            model = trained()
        files = bench.rules.files.values()
        rules = {Path(file.path).name: sha256(file.text.encode()).hexdigest() for file in files}
        save(replace(model, rules=rules), folder / "model")
        losses = [{"training": e.training, "held_out": e.held_out} for e in model.epochs]
        (folder / "losses.json").write_text(json.dumps(losses, indent=1), encoding="utf-8")

    note = bench.job.stage("train", inputs, make)
    if not note.reused:
        shutil.rmtree(states, ignore_errors=True)
    return note


def unlearned(bench: Bench, model: EndModel) -> list[str]:
    """Return the tasks that the end model could have and has not: no rule voted on their rows."""
    known = {task.name for task in model.tasks}
    documents = soft_documents(bench)
    return [task.name for task in _tasks(bench, documents) if task.name not in known]


def _tasks(bench: Bench, documents: Sequence[LabeledDocument]) -> list[Task]:
    """Return the tasks that an end model can have: not those on sentences or on more than two arguments."""
    first = documents[0]
    possible = {*first.entities, *first.relations, *first.topics}
    return [plan.task for plan in bench.plan.tasks if plan.task.name in possible]


def _gold(bench: Bench) -> StageNote:
    if "dev" not in bench.job.files:
        raise RunError(
            "BL907", "training is to stop on dev, and there is none", hint="name gold: --dev FILE"
        )
    return given_apart(bench, "dev") or apply(bench, "dev")


def _gold_documents(bench: Bench, note: StageNote) -> list[LabeledDocument]:
    """Return the documents of dev with what they came with."""
    found, corpus = open_applied(note), bench.corpus("dev")
    known = {name: gold.names for name, gold in bench.job.task.task.gold.items()}
    soft = gold_labels_as_soft(corpus, found.votes, known)
    return labeled_documents(corpus, found.votes, soft, found.mentions, 0.0)


def open_trained(note: StageNote) -> EndModel:
    """Return the end model that a train stage made."""
    return load_model(note.folder / "model")
