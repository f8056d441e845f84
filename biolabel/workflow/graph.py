"""The tasks of a plan as the label model sees them, and the mentions that it makes of votes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.mentions import decode_mentions
from biolabel.apply.terms import TermFinder
from biolabel.compile.plan import Plan, TaskPlan
from biolabel.data.labels import Constraint, TaskGraph
from biolabel.data.mentions import MentionTable, joined
from biolabel.data.votes import TaskVotes
from biolabel.lang.tree import RelationDecl
from biolabel.workflow.arguments import arguments_of


def entities(plan: Plan) -> tuple[str, ...]:
    """Return the entity tasks of a plan, whose rules make it find mentions of its own."""
    return tuple(task.task.name for task in plan.tasks if task.task.kind == "entity")


def wants_given(task: TaskPlan) -> bool:
    """Return whether a task is a relation that says `mentions: given`."""
    declared = task.declaration
    if not isinstance(declared, RelationDecl) or declared.mentions is None:
        return False
    return declared.mentions.text == "given"


def task_graph(
    plan: Plan,
    votes: Mapping[str, TaskVotes],
    n_documents: int,
    mentions: MentionTable | None = None,
    sentences: NDArray[np.int32] | None = None,
) -> TaskGraph:
    """Return the task graph of the tasks with votes; constraints on other tasks are left out.

    mentions: those that the candidates are between, once they are found; sentences: int32[rows], the
    sentence of each word, without which words do not know their neighbors.
    """
    constraints = constraints_on(plan, votes)
    return TaskGraph(
        tasks=tuple(task.task for task in plan.tasks if task.task.name in votes),
        constraints=constraints,
        n_documents=n_documents,
        documents={name: found.documents for name, found in votes.items()},
        arguments=arguments_of(constraints, votes, mentions),
        follows={} if sentences is None else _follows(votes, sentences),
    )


def _follows(
    votes: Mapping[str, TaskVotes], sentences: NDArray[np.int32]
) -> dict[str, NDArray[np.bool_]]:
    """Return, for each task on words, whether a word follows the one before it in its sentence."""
    follows = np.r_[False, sentences[1:] == sentences[:-1]] if len(sentences) else sentences > 0
    return {
        name: follows
        for name, found in votes.items()
        if found.matrix.task.kind == "entity" and found.spans is None
    }


def constraints_on(
    plan: Plan, tasks: Mapping[str, object] | frozenset[str]
) -> tuple[Constraint, ...]:
    """Return the constraints that speak of no other tasks than these."""
    return tuple(c for c in plan.constraints if _tasks_of(c) <= set(tasks))


def _tasks_of(constraint: Constraint) -> set[str]:
    parts = (*constraint.condition, *constraint.consequence)
    return {term.task for conjunction in parts for term in conjunction}


def decoded(
    finder: TermFinder, plan: Plan, votes: Mapping[str, TaskVotes], model: Path
) -> MentionTable:
    """Return the mentions that entity rules make together, as the label model in a folder weighs them."""
    # Torch takes a second to import, and most edits leave the mentions as they are.
    from biolabel.labelmodel.model import predict
    from biolabel.labelmodel.store import load

    matrices = {name: found.matrix for name, found in votes.items()}
    corpus = finder.corpus
    graph = task_graph(plan, votes, len(corpus.ids), sentences=corpus.row_sentence)
    soft = predict(load(model), matrices, graph)
    return joined([decode_mentions(finder, soft[name], found) for name, found in votes.items()])
