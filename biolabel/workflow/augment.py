"""Stage: soft labels to new versions of their documents, which the rules have judged."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from biolabel.apply.faults import Fault
from biolabel.apply.terms import TermFinder
from biolabel.augment.choice import RATES
from biolabel.augment.learn import Gain, learn
from biolabel.augment.pool import Pool, make_pool
from biolabel.augment.settings import Settings
from biolabel.augment.store import load, save
from biolabel.augment.transformations import Material, material, transformations
from biolabel.augment.verify import Ground, Read, Reading, ground
from biolabel.augment.version import versions_of
from biolabel.compile.plan import Plan
from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.training import LabeledDocument
from biolabel.labelmodel.model import predict
from biolabel.labelmodel.params import LabelModelParams
from biolabel.lang.steps import mark_of_step
from biolabel.workflow.apply import apply, apply_others, open_applied
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.documents import labeled_documents
from biolabel.workflow.faults import write_faults
from biolabel.workflow.fit import fit, open_fitted, soft_labels
from biolabel.workflow.graph import task_graph

_GAINS = "gains.json"
_READERS = frozenset({mark_of_step("tagger"), mark_of_step("parser")})


def augment(bench: Bench) -> StageNote:
    """Make new versions of the corpus's documents; rules that fail on them are in `faults.tsv`."""
    fitted = fit(bench)
    settings = augment_settings(bench)
    inputs = {
        "fit": fitted.key,
        "settings": bench.job.task.task.augment.model_dump(),
        "uncovered": bench.job.task.task.end_model.uncovered,
        "seed": bench.job.seed,
        **bench.knowledge_inputs(),
    }

    def make(folder: Path) -> None:
        documents = soft_documents(bench)
        versions = versions_of(bench.corpus("corpus"), documents)
        known = transformations(task_material(bench), settings.rates)
        generator = np.random.default_rng(bench.job.seed)
        faults: list[Fault] = []
        checked: Ground | None = None
        if settings.verify and settings.policy != "none":
            read = reader(bench, open_fitted(fitted).model, faults)
            checked = ground(versions, read, looking(bench.plan))
        progress, probabilities = bench.job.progress, settings.mean_field()
        if settings.policy == "learned":
            learned = learn(versions, known, checked, generator, progress)
            probabilities = learned.probabilities
            gains = {name: asdict(gain) for name, gain in learned.gains.items()}
            (folder / _GAINS).write_text(json.dumps(gains, indent=1), encoding="utf-8")
        pool = make_pool(versions, known, settings, probabilities, generator, checked, progress)
        save(pool, folder)
        write_faults(folder, faults)

    return bench.job.stage("augment", inputs, make)


def open_augmented(note: StageNote) -> Pool:
    """Return the pool that an augment stage made."""
    return load(note.folder)


def open_gains(note: StageNote) -> dict[str, Gain]:
    """Return what the learned policy of an augment stage measured, nothing for another policy."""
    path = note.folder / _GAINS
    found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {name: Gain(**gain) for name, gain in found.items()}


def augment_settings(bench: Bench) -> Settings:
    """Return the settings of task.toml.

    Raises:
        ModelError: BL840 to BL842 for values that fit together badly.
    """
    found = bench.job.task.task.augment
    return Settings(
        policy=found.policy,
        rates={name: found.rates.get(name, RATES[name]) for name in found.transformations},
        probabilities=found.probabilities,
        length=found.length,
        copies=found.copies,
        share=found.share,
        verify=found.verify,
    )


def soft_documents(bench: Bench) -> list[LabeledDocument]:
    """Return the documents of the corpus with the soft labels that training starts from."""
    applied = open_applied(apply(bench, "corpus"))
    params = open_fitted(fit(bench)).model
    soft = soft_labels(bench, params, applied.votes, "corpus", applied.mentions)
    uncovered = bench.job.task.task.end_model.uncovered
    corpus = bench.corpus("corpus")
    return labeled_documents(corpus, applied.votes, soft, applied.mentions, uncovered)


def task_material(bench: Bench) -> Material:
    """Return what transformations may put into texts: names and pairs of the task's own knowledge."""
    plan, knowledge = bench.plan, bench.knowledge
    indices = [knowledge.ontologies[name] for name in plan.ontologies]
    bases = {name: knowledge.pairs[name] for name in plan.kbs}
    return material(plan, [(index.type, index.ontology) for index in indices], bases)


def reader(bench: Bench, params: LabelModelParams, faults: list[Fault]) -> Read:
    """Return what applies the rules and the label model to changed documents.

    Rules that ask a file of votes are left out: it speaks of the old texts only. faults: where to put
    the candidates on which rules failed.
    """
    plan = without_files(bench.plan)

    def read(corpus: Corpus, mentions: MentionTable) -> Reading:
        finder = TermFinder(corpus, bench.knowledge)
        votes = apply_others(finder, plan, mentions, {}, bench.reading("corpus"), faults)
        graph = task_graph(plan, votes, len(corpus.ids), mentions, corpus.row_sentence)
        soft = predict(params, {name: found.matrix for name, found in votes.items()}, graph)
        return Reading(votes, soft)

    return read


def without_files(plan: Plan) -> Plan:
    """Return a plan without the rules that ask files of votes, but where these choose the candidates."""
    files = {
        name
        for name, declaration in plan.models.items()
        if declaration.source is not None and declaration.source.format == "file"
    }
    tasks = (
        task
        if task.uses & files
        else replace(task, rules=tuple(rule for rule in task.rules if not rule.uses & files))
        for task in plan.tasks
    )
    return replace(plan, tasks=tuple(tasks)) if files else plan


def looking(plan: Plan) -> dict[str, frozenset[str]]:
    """Return the rules of each task that look something up beside the text, or ask models or Python."""
    return {
        task.task.name: frozenset(rule.lf.name for rule in task.rules if rule.uses - _READERS)
        for task in plan.tasks
    }
