"""Stage: the fused predictions to assertions with their evidence, shard by shard."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import TypeVar

import numpy as np

from biolabel.apply.ontologies import OntologyIndex
from biolabel.apply.store import load_votes
from biolabel.curation.assertions import Assertion, surfaces, told, told_elsewhere
from biolabel.curation.evidence import Parts
from biolabel.curation.ledger import Ledger, new_ledger, reading_ledger
from biolabel.curation.table import read_assertions, write_assertions
from biolabel.data.documents import Document
from biolabel.data.files import replacing_file
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.data.words import key_of
from biolabel.evaluation.temperature import Spread, fit_temperature, spread, spread_temperature
from biolabel.text.formats import pubtator
from biolabel.text.rejects import Rejects
from biolabel.workflow.applied import Floats, load_probabilities, shard_folders
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which
from biolabel.workflow.known import known_pairs
from biolabel.workflow.predict import fused_texts, predict
from biolabel.workflow.relations import relation_name
from biolabel.workflow.settings import Gold
from biolabel.workflow.site import Plot, Site, each_shard

Result = TypeVar("Result")


def assertions(bench: Bench, which: Which) -> StageNote:
    """Gather the relations of all documents into assertions, a TSV file for each relation task.

    Each shard writes down what its documents say; what is said of all claims is gathered on disk.
    """
    predicted = predict(bench, which)
    inputs = {"predicted": predicted.key, **bench.knowledge_inputs()}

    def make(folder: Path) -> None:
        count = len(bench.store(which).shards)
        aside = folder / "aside"
        aside.mkdir()
        gold = bench.job.task.task.gold
        places = zip(
            shard_folders(predicted.folder / "own", count),
            fused_texts(predicted, count),
            strict=True,
        )
        orders = [_Order(shard, *each, aside, gold) for shard, each in enumerate(places)]
        ontologies = list(bench.knowledge.ontologies.values())
        tasks = [plan.task for plan in bench.plan.tasks if plan.task.kind == "relation"]
        with ExitStack() as stack:
            ledgers = {
                task.name: stack.enter_context(new_ledger(_whole(aside, task.name)))
                for task in tasks
            }
            temperatures = _gather(bench, which, orders, ledgers)
            for task in tasks:
                ledger = ledgers[task.name]
                found = ledger.assertions(
                    names=partial(_name, ontologies, ledger),
                    known=known_pairs(bench, task),
                    temperature=temperatures[task.name],
                )
                write_assertions(folder / f"{task.name}.tsv", found)
        shutil.rmtree(aside)

    return bench.job.stage("assertions", inputs, make)


@dataclass(frozen=True, slots=True)
class _Order:
    """A shard to gather from: its votes and probabilities, its fused predictions, where ledgers go."""

    shard: int
    own: Path
    texts: Path
    aside: Path
    gold: Mapping[str, Gold]

    def ledger(self, task: str, part: str) -> Path:
        """Return where a shard's ledger of a task lies."""
        return self.aside / f"{task}.{self.shard:05}.{part}.sqlite"


def _whole(aside: Path, task: str) -> Path:
    return aside / f"{task}.sqlite"


def _gather(
    bench: Bench, which: Which, orders: Sequence[_Order], ledgers: Mapping[str, Ledger]
) -> dict[str, float]:
    """Put what all shards say into the ledgers of the tasks; return the temperature of each task.

    Nobody has labeled these documents, so the fused probabilities are held against the soft labels of the
    same candidates, those on which rules voted: the label model is what is estimated to be calibrated.
    """
    site, plot = bench.site(which, "found"), bench.plot(which, "found")
    spreads = list(_each(bench, _tell, orders, site, plot))
    _merge(orders, ledgers, "predicted")
    # From here on nobody adds to the ledgers until all have looked up what is claimed.
    for _ in _each(bench, _tell_elsewhere, orders, site, plot):
        pass
    _merge(orders, ledgers, "elsewhere")
    if len(orders) > 1:
        return {
            name: spread_temperature(reduce(add, (s[name] for s in spreads))) for name in ledgers
        }
    return {name: fit_temperature(*both) for name, both in _against(orders[0].own).items()}


def _each(
    bench: Bench,
    function: Callable[[Site, _Order], Result],
    orders: Sequence[_Order],
    site: Site,
    plot: Plot,
) -> Iterator[Result]:
    done = each_shard(function, orders, site, plot, bench.job.executor)
    if len(orders) == 1:
        return done
    return bench.job.progress(done, name="assertions of shards", total=len(orders))


def _merge(orders: Sequence[_Order], ledgers: Mapping[str, Ledger], part: str) -> None:
    for name, ledger in ledgers.items():
        for order in orders:
            ledger.merge(order.ledger(name, part), before=order.shard << 32)


def _tell(site: Site, order: _Order) -> dict[str, Spread]:
    """Write down what a shard's documents say of the claims that are predicted in them."""
    corpus = site.run(order.shard, {}).corpus
    documents = list(pubtator.read(order.texts, Rejects()))
    for votes, parts in _relations(order.own):
        task = votes.matrix.task
        own = [_of_task(document, task, order.gold) for document in documents]
        with (
            replacing_file(order.ledger(task.name, "predicted")) as temporary,
            new_ledger(temporary) as ledger,
        ):
            ledger.add(told(own, votes, corpus, parts))
            ledger.call(surfaces(documents))
    return {name: spread(*both) for name, both in _against(order.own).items()}


def _tell_elsewhere(site: Site, order: _Order) -> None:
    """Write down what a shard's documents say of claims that are predicted in others alone."""
    corpus = site.run(order.shard, {}).corpus
    for votes, parts in _relations(order.own):
        name = votes.matrix.task.name
        with (
            reading_ledger(order.ledger(name, "predicted")) as here,
            reading_ledger(_whole(order.aside, name)) as everywhere,
            replacing_file(order.ledger(name, "elsewhere")) as temporary,
            new_ledger(temporary) as ledger,
        ):
            said = told_elsewhere(everywhere.labels, here.sure(), votes, corpus, parts)
            ledger.add(said)


def _relations(own: Path) -> Iterator[tuple[TaskVotes, Parts]]:
    """Yield the votes of each relation task of a shard with what label model and end model say."""
    rules, text = (load_probabilities(own / f"{name}.npz") for name in ("label_model", "end_model"))
    for name, votes in load_votes(own).items():
        if votes.matrix.task.kind == "relation":
            yield votes, Parts(rules[name], text.get(name))


def _against(own: Path) -> dict[str, tuple[Floats, Floats]]:
    """Return, by relation task, the fused probabilities of a shard's covered rows, and soft labels."""
    fused = load_probabilities(own / "fused.npz")
    found = {}
    for votes, parts in _relations(own):
        task = votes.matrix.task
        labels = [i for i, label in enumerate(task.labels) if label != "none"]
        covered = np.unique(votes.matrix.candidate)
        both = (rows[covered][:, labels].ravel() for rows in (fused[task.name], parts.rules))
        found[task.name] = (next(both), next(both))
    return found


def open_assertions(note: StageNote, task: str) -> tuple[Assertion, ...]:
    """Return the assertions of a relation task."""
    return tuple(read_assertions(note.folder / f"{task}.tsv"))


def _of_task(document: Document, task: Task, gold: Mapping[str, Gold]) -> Document:
    """Return a document with the relations of one task, under the task's own names."""
    labels = {relation_name(task.name, label, gold): label for label in task.labels}
    relations = tuple(
        replace(r, task=task.name, label=labels[r.label])
        for r in document.relations
        if r.label in labels
    )
    return replace(document, relations=relations)


def _name(ontologies: Sequence[OntologyIndex], ledger: Ledger, concept: str) -> str | None:
    return concept_name(ontologies, concept, ledger.written(concept))


def concept_name(
    ontologies: Iterable[OntologyIndex], concept: str, written: str | None
) -> str | None:
    """Return what to call a concept: as the documents write it most often, if that is a name of it.

    Else the first name that the task's ontologies have for it, if they have any.
    """
    found = [texts for o in ontologies if (texts := o.ontology.names.get(concept))]
    if not found:
        return written
    key = key_of(written) if written else ""
    if key and any(key == key_of(name) for texts in found for name in texts):
        return written
    return found[0][0]
