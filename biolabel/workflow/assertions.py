"""Stage: the fused predictions to assertions with their evidence."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from biolabel.apply.store import load_votes
from biolabel.curation.assertions import Assertion, build_assertions, surface_names
from biolabel.curation.known import Known
from biolabel.curation.table import read_assertions, write_assertions
from biolabel.data.documents import Document
from biolabel.data.labels import Task
from biolabel.data.words import key_of
from biolabel.lang.tree import InKb
from biolabel.lang.walk import nodes
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which
from biolabel.workflow.predict import predict
from biolabel.workflow.settings import Gold
from biolabel.workflow.systems import relation_name


def assertions(bench: Bench, which: Which) -> StageNote:
    """Gather the relations of all documents into assertions, a TSV file for each relation task."""
    predicted = predict(bench, which)
    inputs = {"predicted": predicted.key, **bench.knowledge_inputs()}

    def make(folder: Path) -> None:
        documents = list(pubtator.read(predicted.folder / "fused.own.pubtator", Rejects()))
        votes = load_votes(predicted.folder / "own")
        names = concept_names(bench, documents)
        for name, found in votes.items():
            task = found.matrix.task
            if task.kind != "relation":
                continue
            gold = bench.job.task.task.gold
            own = [_of_task(document, task, gold) for document in documents]
            known = known_pairs(bench, task)
            write_assertions(
                folder / f"{name}.tsv",
                build_assertions(own, found, bench.corpus(which), names=names, known=known),
            )

    return bench.job.stage("assertions", inputs, make)


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


def known_pairs(bench: Bench, task: Task) -> Known | None:
    """Return the knowledge bases that rules take as evidence for a label, None without any.

    A knowledge base that is only evidence for `none`, such as a list of therapies, does not make a
    pair known.
    """
    none = 1 << task.labels.index("none") if "none" in task.labels else 0
    plans = [plan for plan in bench.plan.tasks if plan.task == task]
    rules = [
        rule
        for plan in plans
        for rule in plan.rules
        if isinstance(rule.mask, int) and rule.mask and not rule.mask & none
    ]
    names = {
        node.kb.text
        for rule in rules
        for node in nodes(rule.when)
        if isinstance(node, InKb) and not node.negated
    }
    return Known({name: bench.knowledge.pairs[name] for name in sorted(names)}) if names else None


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
