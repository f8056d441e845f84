"""The engine: all rules of a task over a corpus."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import (
    PairCandidates,
    document_frame,
    narrowed,
    pair_candidates,
)
from biolabel.apply.columns import Column, lift
from biolabel.apply.conditions import Evaluator, evaluator
from biolabel.apply.scene import Scene
from biolabel.apply.spans import entity_votes
from biolabel.apply.votes import Masks, brought_by_models, cases_of, gather, votes_of_cases
from biolabel.compile.plan import Ballot, TaskPlan
from biolabel.data.progress import Progress, silent
from biolabel.data.votes import TaskVotes
from biolabel.lang import tree

Voted = Mapping[tuple[str, str], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Judged:
    """The rules of a relation or document task, judged over its candidates.

    judge: evaluates further conditions over the same rows, those that name fired rules too; pairs:
    the candidates of a relation; cases and brought: what `cases_of` and `brought_by_models` say of
    each rule, in the plan's order.
    """

    judge: Evaluator
    pairs: PairCandidates | None
    cases: tuple[list[tuple[Ballot, Column]], ...]
    brought: tuple[Mapping[Ballot, Masks], ...]


def judge_task(plan: TaskPlan, scene: Scene, voted: Voted, progress: Progress = silent) -> Judged:
    """Return where each vote of each rule of a relation or document task holds."""
    declaration, pairs = plan.declaration, None
    frame = document_frame(scene.corpus)
    if isinstance(declaration, tree.RelationDecl):
        pairs = _pairs(scene, declaration, voted)
        frame = pairs.frame
    fired: dict[str, Column] = {}
    judge = evaluator(scene, frame, fired, voted)
    judged: list[list[tuple[Ballot, Column]]] = []
    brought: list[Mapping[Ballot, Masks]] = []
    for rule in progress(plan.rules, name=f"rules of {plan.task.name}", total=len(plan.rules)):
        brought.append(brought_by_models(rule, judge, plan.task))
        cases = cases_of(rule, judge, brought[-1])
        fired[rule.lf.name] = _fired(cases)
        judged.append(cases)
    return Judged(judge, pairs, tuple(judged), tuple(brought))


def apply_task(
    plan: TaskPlan, scene: Scene, voted: Voted, progress: Progress = silent
) -> TaskVotes:
    """Run all labeling functions of a task.

    voted: task and label to int64[documents], the votes of earlier tasks (`counts_of_votes`).
    """
    if isinstance(plan.declaration, tree.EntityDecl):
        n = len(scene.corpus.row_start)
        rules = progress(plan.rules, name=f"rules of {plan.task.name}", total=len(plan.rules))
        found = [entity_votes(scene, plan.task, rule) for rule in rules]
        matrix, evidence = gather(plan.task, plan.rules, found, n)
        return TaskVotes(matrix, evidence, scene.corpus.row_doc)
    judged = judge_task(plan, scene, voted, progress)
    pairs, frame = judged.pairs, judged.judge.frame
    found = [
        votes_of_cases(cases, rule.otherwise, frame, exclusive=plan.task.exclusive, brought=brought)
        for rule, cases, brought in zip(plan.rules, judged.cases, judged.brought, strict=True)
    ]
    matrix, evidence = gather(plan.task, plan.rules, found, frame.n_candidates)
    if pairs is None:
        return TaskVotes(matrix, evidence, frame.doc)
    subjects = tuple(pairs.names[i] for i in pairs.subject)
    objects = tuple(pairs.names[i] for i in pairs.object)
    return TaskVotes(matrix, evidence, pairs.doc, subjects, objects)


def _pairs(scene: Scene, declaration: tree.RelationDecl, voted: Voted) -> PairCandidates:
    pairs = pair_candidates(scene.corpus, scene.mentions, declaration)
    if declaration.when is None:
        return pairs
    held = evaluator(scene, pairs.frame, {}, voted).column(declaration.when)
    return narrowed(pairs, lift(held, pairs.frame).true)


def _fired(cases: list[tuple[Ballot, Column]]) -> Column:
    true = np.logical_or.reduce([column.true for _, column in cases])
    false = np.logical_and.reduce([column.false for _, column in cases])
    return Column(true, true | false)


def counts_of_votes(votes: TaskVotes, n_documents: int) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Return, for each label of a task, how many candidates of each document got exactly that vote."""
    matrix = votes.matrix
    counts = {}
    for bit, label in enumerate(matrix.task.labels):
        voted = np.unique(matrix.candidate[matrix.mask == 1 << bit])
        counts[matrix.task.name, label] = np.bincount(votes.documents[voted], minlength=n_documents)
    return counts
