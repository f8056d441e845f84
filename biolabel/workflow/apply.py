"""Stage: rules to votes, and the mentions that relation rules speak of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.engine import apply_task, counts_of_votes
from biolabel.apply.mentions import decode_mentions
from biolabel.apply.scene import Scene
from biolabel.apply.store import load_mentions, load_votes, save_mentions, save_votes
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.labels import Constraint, LabelMatrix, TaskGraph
from biolabel.data.mentions import MentionTable, given_mentions, joined, without_types
from biolabel.data.progress import Progress
from biolabel.data.votes import TaskVotes
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import LabelModelParams, Settings
from biolabel.labelmodel.store import load, save
from biolabel.lang.tree import RelationDecl
from biolabel.workflow.bench import Bench
from biolabel.workflow.cache import StageNote
from biolabel.workflow.job import Which

Source = Literal["found", "given"]
"""Where the arguments of relations come from: the task's own entity rules, or the documents."""
Weigh = Callable[[Mapping[str, LabelMatrix], TaskGraph], LabelModelParams]


@dataclass(frozen=True, slots=True)
class Applied:
    """Votes of all tasks over a corpus and the mentions that relations are between."""

    votes: Mapping[str, TaskVotes]
    mentions: MentionTable


def apply(bench: Bench, which: Which, source: Source = "found") -> StageNote:
    """Run all rules over the corpus or dev.

    Mentions are found by the entity rules as the label model weighs them; that part of the label model
    is fitted on the corpus and used on dev. Relations with `mentions: given`, and everything in a task
    without entity rules, speak of given mentions whatever the source.
    """
    first = apply(bench, "corpus", "found") if (which, source) != ("corpus", "found") else None
    inputs = {
        "corpus": bench.ingested(which).key,
        "rules": bench.rules.digest,
        "mentions": source,
        "fitted": first.key if first else "",
        "method": bench.job.task.task.label_model.method,
        **bench.knowledge_inputs(),
    }

    def make(folder: Path) -> None:
        finder, plan = bench.finder(which), bench.plan
        fitted = load(first.folder / "entities") if first is not None else None
        settings = Settings(method=bench.job.task.task.label_model.method)

        def weigh(votes: Mapping[str, LabelMatrix], graph: TaskGraph) -> LabelModelParams:
            return fitted or fit(votes, graph, settings)

        entities = apply_entities(finder, plan, bench.job.progress, weigh)
        matrices = {name: votes.matrix for name, votes in entities.items()}
        graph = task_graph(plan, entities, len(finder.corpus.ids))
        params = weigh(matrices, graph)
        if first is None:
            save(params, folder / "entities")
        if source == "given" or not entities:
            mentions = given_mentions(finder.corpus)
        else:
            mentions = found_mentions(finder, entities, params, graph)
        votes = apply_others(finder, plan, mentions, entities, bench.job.progress)
        save_votes(folder, votes)
        save_mentions(folder / "mentions.arrow", mentions)

    return bench.job.stage("apply", inputs, make)


def open_applied(note: StageNote) -> Applied:
    """Return what an apply stage made."""
    return Applied(load_votes(note.folder), load_mentions(note.folder / "mentions.arrow"))


def has_entities(plan: Plan) -> bool:
    """Return whether a plan has entity tasks, and so mentions of its own."""
    return any(task.task.kind == "entity" for task in plan.tasks)


def wants_given(task: TaskPlan) -> bool:
    """Return whether a task is a relation that says `mentions: given`."""
    declared = task.declaration
    if not isinstance(declared, RelationDecl) or declared.mentions is None:
        return False
    return declared.mentions.text == "given"


def given_apart(bench: Bench, which: Which) -> StageNote | None:
    """Return the stage with all relations between given mentions, None where there is no such other."""
    if not has_entities(bench.plan) or not len(bench.corpus(which).mention_doc):
        return None
    return apply(bench, which, "given")


def quiet_tasks(note: StageNote) -> dict[str, int]:
    """Return the tasks on which no rule of an apply stage voted, with their numbers of candidates."""
    votes = open_applied(note).votes
    return {n: v.matrix.n_candidates for n, v in votes.items() if not len(v.matrix.mask)}


def apply_entities(
    finder: TermFinder, plan: Plan, progress: Progress, weigh: Weigh = fit
) -> dict[str, TaskVotes]:
    """Return the votes of the entity rules.

    Most see no mentions yet. Those that name an entity type see the mentions of the entity tasks that
    label it, which were applied before, or given ones if no task does; `weigh` returns the label model
    that decides on them. Other tasks whose votes entity rules ask for are applied for that alone.
    """
    corpus, n = finder.corpus, len(finder.corpus.ids)
    given = without_types(given_mentions(corpus), plan.types)
    scenes: dict[frozenset[str], Scene] = {}
    votes: dict[str, TaskVotes] = {}
    voted: dict[tuple[str, str], NDArray[np.int64]] = {}
    kinds = [task.task.kind for task in plan.tasks]
    last = max((i for i, kind in enumerate(kinds) if kind == "entity"), default=-1)
    for task in plan.tasks[: last + 1]:
        if task.sees not in scenes:
            before = {name: votes[name] for name in votes if name in task.sees}
            graph = task_graph(plan, before, n)
            matrices = {name: found.matrix for name, found in before.items()}
            params = weigh(matrices, graph) if before else None
            found = [found_mentions(finder, before, params, graph)] if params else []
            scenes[task.sees] = Scene(corpus, plan, finder, joined([given, *found]))
        votes[task.task.name] = apply_task(task, scenes[task.sees], voted, progress)
        voted.update(counts_of_votes(votes[task.task.name], n))
    return {name: v for name, v in votes.items() if v.matrix.task.kind == "entity"}


def found_mentions(
    finder: TermFinder,
    entities: Mapping[str, TaskVotes],
    params: LabelModelParams,
    graph: TaskGraph,
) -> MentionTable:
    """Return the mentions that the entity rules make together."""
    matrices = {name: votes.matrix for name, votes in entities.items()}
    soft = predict(params, matrices, graph)
    return joined([decode_mentions(finder, soft[name], votes) for name, votes in entities.items()])


def apply_others(
    finder: TermFinder,
    plan: Plan,
    mentions: MentionTable,
    entities: Mapping[str, TaskVotes],
    progress: Progress,
) -> dict[str, TaskVotes]:
    """Return the votes of all tasks: relations and documents over the given mentions."""
    n = len(finder.corpus.ids)
    scene = Scene(finder.corpus, plan, finder, mentions)
    beside = Scene(finder.corpus, plan, finder, given_mentions(finder.corpus))
    votes = dict(entities)
    voted: dict[tuple[str, str], NDArray[np.int64]] = {}
    for task in plan.tasks:
        if task.task.name not in votes:
            seen = beside if wants_given(task) else scene
            votes[task.task.name] = apply_task(task, seen, voted, progress)
        voted.update(counts_of_votes(votes[task.task.name], n))
    return {task.task.name: votes[task.task.name] for task in plan.tasks}


def task_graph(plan: Plan, votes: Mapping[str, TaskVotes], n_documents: int) -> TaskGraph:
    """Return the task graph of the tasks with votes; constraints on other tasks are left out."""
    return TaskGraph(
        tasks=tuple(task.task for task in plan.tasks if task.task.name in votes),
        constraints=tuple(c for c in plan.constraints if _tasks_of(c) <= set(votes)),
        n_documents=n_documents,
        documents={name: found.documents for name, found in votes.items()},
    )


def _tasks_of(constraint: Constraint) -> set[str]:
    parts = (*constraint.condition, *constraint.consequence)
    return {term.task for conjunction in parts for term in conjunction}
