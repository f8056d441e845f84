"""Stage: soft labels, augmented, to an end model."""

import json
from pathlib import Path

import numpy as np

from biolabel.augment.synonyms import swap_synonyms
from biolabel.data.training import LabeledDocument
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.store import load as load_model
from biolabel.endmodel.store import save
from biolabel.endmodel.train import train as train_model
from biolabel.workflow.apply import apply, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.documents import labeled_documents
from biolabel.workflow.fit import fit, open_fitted, soft_labels


def train(bench: Bench) -> StageNote:
    """Train the end model on the soft labels of the corpus."""
    fitted = fit(bench)
    settings = bench.job.task.task.end_model
    inputs = {
        "fit": fitted.key,
        "settings": settings.model_dump(),
        "encoder": bench.encoder_files,
        "seed": bench.job.seed,
        **bench.knowledge_inputs(),
    }

    def make(folder: Path) -> None:
        applied = open_applied(apply(bench, "corpus"))
        params = open_fitted(fitted).model
        soft = soft_labels(bench, params, applied.votes, "corpus", applied.mentions)
        documents = labeled_documents(
            bench.corpus("corpus"), applied.votes, soft, applied.mentions, settings.uncovered
        )
        names = concept_names(bench)
        first = documents[0]
        learned = {*first.entities, *first.relations, *first.topics}

        def renamed(document: LabeledDocument, generator: np.random.Generator) -> LabeledDocument:
            return swap_synonyms(document, lambda c: names.get(c, ()), settings.synonyms, generator)

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
            augment=renamed if settings.synonyms else None,
            progress=bench.job.progress,
        )
        save(model, folder / "model")
        losses = [{"training": e.training, "held_out": e.held_out} for e in model.epochs]
        (folder / "losses.json").write_text(json.dumps(losses, indent=1), encoding="utf-8")

    return bench.job.stage("train", inputs, make)


def open_trained(note: StageNote) -> EndModel:
    """Return the end model that a train stage made."""
    return load_model(note.folder / "model")


def concept_names(bench: Bench) -> dict[str, tuple[str, ...]]:
    """Return the names of every concept in the task's ontologies, those that rules may use."""
    names: dict[str, tuple[str, ...]] = {}
    for index in bench.knowledge.ontologies.values():
        for concept, texts in index.ontology.names.items():
            names[concept] = (*names.get(concept, ()), *texts)
    return names
