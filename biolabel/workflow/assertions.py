"""Stage: the fused predictions to assertions with their evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from biolabel.apply.store import load_votes
from biolabel.compile.plan import TaskPlan
from biolabel.curation.assertions import Assertion, build_assertions, surface_names
from biolabel.curation.known import Base, Known
from biolabel.curation.table import read_assertions, write_assertions
from biolabel.data.documents import Document
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.data.words import key_of
from biolabel.evaluation.temperature import fit_temperature
from biolabel.lang.tree import And, InKb, KOf, Not, Or
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which
from biolabel.workflow.predict import predict
from biolabel.workflow.relations import relation_name
from biolabel.workflow.settings import Gold


def assertions(bench: Bench, which: Which) -> StageNote:
    """Gather the relations of all documents into assertions, a TSV file for each relation task."""
    predicted = predict(bench, which)
    inputs = {"predicted": predicted.key, **bench.knowledge_inputs()}

    def make(folder: Path) -> None:
        documents = list(pubtator.read(predicted.folder / "fused.own.pubtator", Rejects()))
        votes = load_votes(predicted.folder / "own")
        names = concept_names(bench, documents)
        temperatures = _temperatures(predicted.folder / "own", votes)
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
            )
            write_assertions(folder / f"{name}.tsv", built)

    return bench.job.stage("assertions", inputs, make)


def _temperatures(own: Path, votes: Mapping[str, TaskVotes]) -> dict[str, float]:
    """Return the temperature of each relation task's fused probabilities, for the calibrated maximum.

    Nobody has labeled these documents, so the fused probabilities are held against the soft labels of the
    same candidates, those on which rules voted: the label model is what is estimated to be calibrated.
    """
    found = {}
    with np.load(own / "fused.npz") as fused, np.load(own / "label_model.npz") as soft:
        for name, of_task in votes.items():
            task = of_task.matrix.task
            if task.kind == "relation":
                labels = [i for i, label in enumerate(task.labels) if label != "none"]
                covered = np.unique(of_task.matrix.candidate)
                said, target = (rows[name][covered][:, labels].ravel() for rows in (fused, soft))
                found[name] = fit_temperature(said, target)
    return found


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
    """Return the knowledge bases that rules take as evidence for or against labels, None without any.

    A knowledge base, or a part of one, is about the labels that rules which ask for its pairs vote for.
    One that is only evidence for `none`, such as a list of therapies, is against all labels.
    """
    none = 1 << task.labels.index("none") if "none" in task.labels else 0
    labels: dict[str, set[str]] = {}
    asked: dict[str, InKb] = {}
    for mask, node in _looked_up(plan for plan in bench.plan.tasks if plan.task == task):
        if mask & none and mask != none:
            continue
        name = f"{node.kb.text}.{node.subset}" if node.subset else node.kb.text
        both = node.both_ways or (name in asked and asked[name].both_ways)
        asked[name] = replace(node, both_ways=both)
        about = labels.setdefault(name, set())
        about.update(label for i, label in enumerate(task.labels) if mask & ~none & 1 << i)
    if not asked:
        return None
    above: dict[str, frozenset[str]] = {}
    for ontology in bench.knowledge.ontologies.values():
        for concept, parents in ontology.ontology.above.items():
            above[concept] = above.get(concept, frozenset()) | parents
    bases = {}
    for name, node in sorted(asked.items()):
        index = bench.knowledge.pairs[node.kb.text]
        bases[name] = Base(index, node.subset or "", frozenset(labels[name]), node.both_ways)
    return Known(bases, above)


def _looked_up(plans: Iterable[TaskPlan]) -> Iterator[tuple[int, InKb]]:
    """Yield the votes of rules with each look-up of a pair that must be there for them."""
    for plan in plans:
        for rule in plan.rules:
            parts = [(rule.mask, rule.when), *((case.mask, case.when) for case in rule.cases)]
            for mask, condition in parts:
                if isinstance(mask, int) and mask:
                    yield from ((mask, node) for node in _present(condition, True))


def _present(condition: object, wanted: bool) -> Iterator[InKb]:
    """Yield the look-ups below a condition that must find the pair if it is to hold, or not to hold."""
    match condition:
        case InKb():
            if condition.negated != wanted:
                yield condition
        case Not():
            yield from _present(condition.part, not wanted)
        case KOf(bound="at most", number=0):
            for part in condition.parts:
                yield from _present(part, not wanted)
        case And() | Or() | KOf(bound="at least"):
            for part in condition.parts:
                yield from _present(part, wanted)


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
