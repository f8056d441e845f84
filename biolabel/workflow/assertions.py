"""Stage: the fused predictions to assertions with their evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from biolabel.curation.assertions import Assertion, build_assertions, surface_names
from biolabel.curation.evidence import Parts
from biolabel.curation.table import read_assertions, write_assertions
from biolabel.data.documents import Document
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.data.words import key_of
from biolabel.evaluation.temperature import fit_temperature
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.applied import read_probabilities, read_votes
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which
from biolabel.workflow.known import known_pairs
from biolabel.workflow.predict import predict
from biolabel.workflow.relations import relation_name
from biolabel.workflow.settings import Gold


def assertions(bench: Bench, which: Which) -> StageNote:
    """Gather the relations of all documents into assertions, a TSV file for each relation task."""
    predicted = predict(bench, which)
    inputs = {"predicted": predicted.key, **bench.knowledge_inputs()}

    def make(folder: Path) -> None:
        documents = list(pubtator.read(predicted.folder / "fused.own.pubtator", Rejects()))
        votes = read_votes(predicted.folder / "own")
        names = concept_names(bench, documents)
        parts, temperatures = _parts(predicted.folder / "own", votes)
        for name, found in votes.items():
            task = found.matrix.task
            if task.kind != "relation":
                continue
            gold = bench.job.task.task.gold
            own = [_of_task(document, task, gold) for document in documents]
            known = known_pairs(bench, task)
            built = build_assertions(
                own,
                found,
                bench.corpus(which),
                names=names,
                known=known,
                temperature=temperatures[name],
                parts=parts[name],
            )
            write_assertions(folder / f"{name}.tsv", built)

    return bench.job.stage("assertions", inputs, make)


def _parts(own: Path, votes: Mapping[str, TaskVotes]) -> tuple[dict[str, Parts], dict[str, float]]:
    """Return what label model and end model say of each relation task, and the temperature of both fused.

    Nobody has labeled these documents, so the fused probabilities are held against the soft labels of the
    same candidates, those on which rules voted: the label model is what is estimated to be calibrated.
    """
    parts, temperatures = {}, {}
    systems = ("fused", "label_model", "end_model")
    fused, rules, text = (read_probabilities(own, f"{system}.npz") for system in systems)
    for name, found in votes.items():
        task = found.matrix.task
        if task.kind == "relation":
            parts[name] = Parts(rules[name], text.get(name))
            labels = [i for i, label in enumerate(task.labels) if label != "none"]
            covered = np.unique(found.matrix.candidate)
            said, target = (rows[covered][:, labels] for rows in (fused[name], rules[name]))
            temperatures[name] = fit_temperature(said.ravel(), target.ravel())
    return parts, temperatures


def open_assertions(note: StageNote, task: str) -> tuple[Assertion, ...]:
    """Return the assertions of a relation task."""
    return tuple(read_assertions(note.folder / f"{task}.tsv"))


def _of_task(document: Document, task: Task, gold: dict[str, Gold]) -> Document:
    """Return a document with the relations of one task, under the task's own names."""
    labels = {relation_name(task.name, label, gold): label for label in task.labels}
    relations = tuple(
        replace(r, task=task.name, label=labels[r.label])
        for r in document.relations
        if r.label in labels
    )
    return replace(document, relations=relations)


def concept_names(bench: Bench, documents: Sequence[Document]) -> dict[str, str]:
    """Return what to call each concept: as the documents write it most often, if that is a name of it.

    Else the first name that the task's ontologies have for it, if they have any.
    """
    written = surface_names(documents)
    called: dict[str, str] = {}
    for index in bench.knowledge.ontologies.values():
        for concept, texts in index.ontology.names.items():
            text = written.get(concept, "")
            known = text and key_of(text) in {key_of(name) for name in texts}
            called.setdefault(concept, texts[0])
            if known:
                called[concept] = text
    return written | called
