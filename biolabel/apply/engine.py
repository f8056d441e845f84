"""The engine: all rules of a task over a corpus."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.candidates import (
    PairCandidates,
    document_frame,
    narrowed,
    pair_candidates,
    sentence_frame,
)
from biolabel.apply.columns import lift
from biolabel.apply.conditions import Evaluator, evaluator
from biolabel.apply.said import Cases, Masks, Said, said_of_cases
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.spans import distinct_spans, entity_votes, votes_on_words
from biolabel.apply.votes import brought_by_models, cases_of, gather, votes_of_cases
from biolabel.compile.plan import Ballot, RulePlan, TaskPlan, fired_by
from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.data.votes import TaskVotes, weighed
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
    cases: tuple[Cases, ...]
    brought: tuple[Mapping[Ballot, Masks], ...]


def judge_task(plan: TaskPlan, scene: Scene, voted: Voted, progress: Progress = silent) -> Judged:
    """Return where each vote of each rule of a relation or document task holds."""
    pairs = None
    match plan.declaration:
        case tree.RelationDecl():
            pairs = _pairs(plan, plan.declaration, scene, voted)
            frame = pairs.frame
        case tree.DocumentDecl(unit="sentence"):
            frame = sentence_frame(scene.corpus)
        case _:
            frame = document_frame(scene.corpus)
    rules = progress(plan.rules, name=f"rules of {plan.task.name}", total=len(plan.rules))
    judge, cases, brought = _judged(plan.task, rules, scene, frame, voted)
    return Judged(judge, pairs, cases, brought)


def _judged(
    task: Task, rules: Iterable[RulePlan], scene: Scene, frame: Frame, voted: Voted
) -> tuple[Evaluator, tuple[Cases, ...], tuple[Mapping[Ballot, Masks], ...]]:
    said_by: dict[str, Said] = {}
    judge = evaluator(scene, frame, said_by, voted)
    judged: list[Cases] = []
    brought: list[Mapping[Ballot, Masks]] = []
    for rule in rules:
        brought.append(brought_by_models(rule, judge, task))
        judged.append(cases_of(rule, judge, brought[-1]))
        said_by[rule.lf.name] = said_of_cases(judged[-1], rule.otherwise, frame, brought[-1], task)
    return judge, tuple(judged), tuple(brought)


def apply_task(
    plan: TaskPlan, scene: Scene, voted: Voted, progress: Progress = silent
) -> TaskVotes:
    """Run all labeling functions of a task.

    voted: task and label to int64[documents], the votes of earlier tasks (`counts_of_votes`).
    """
    corpus, task = scene.corpus, plan.task
    if isinstance(plan.declaration, tree.EntityDecl):
        rules = progress(plan.rules, name=f"rules of {task.name}", total=len(plan.rules))
        on_spans = entity_votes(scene, task, rules, voted)
        if plan.declaration.unit == "span":
            on_spans, spans = distinct_spans(corpus, on_spans)
            matrix, evidence = gather(task, plan.rules, on_spans, len(spans))
            return TaskVotes(matrix, evidence, corpus.row_doc[spans[:, 0]], spans=spans)
        on_words = [votes_on_words(votes) for votes in on_spans]
        matrix, evidence = gather(task, plan.rules, on_words, len(corpus.row_start))
        return TaskVotes(matrix, evidence, corpus.row_doc)
    judged = judge_task(plan, scene, voted, progress)
    pairs, frame = judged.pairs, judged.judge.frame
    found = [
        votes_of_cases(cases, rule.otherwise, frame, exclusive=task.exclusive, brought=brought)
        for rule, cases, brought in zip(plan.rules, judged.cases, judged.brought, strict=True)
    ]
    matrix, evidence = gather(task, plan.rules, found, frame.n_candidates)
    if pairs is None:
        return TaskVotes(matrix, evidence, frame.doc)
    subjects, objects, *others = pairs.named()
    return TaskVotes(matrix, evidence, pairs.doc, subjects, objects, tuple(others))


def _pairs(
    plan: TaskPlan, declaration: tree.RelationDecl, scene: Scene, voted: Voted
) -> PairCandidates:
    """Return the candidates that fulfil `when:`; rules that it names are asked of all of them."""
    pairs = pair_candidates(scene.corpus, scene.mentions, declaration)
    if declaration.when is None:
        return pairs
    needed = set(fired_by(declaration.when))
    for rule in reversed(plan.rules):
        needed |= set(rule.fires) if rule.lf.name in needed else set()
    asked = [rule for rule in plan.rules if rule.lf.name in needed]
    judge, _, _ = _judged(plan.task, asked, scene, pairs.frame, voted)
    return narrowed(pairs, lift(judge.column(declaration.when), pairs.frame).true)


def counts_of_votes(votes: TaskVotes, n_documents: int) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Return, for each label of a task, how many candidates of each document got exactly that vote.

    The votes of drafts do not count.
    """
    matrix = weighed(votes.matrix)
    counts = {}
    for bit, label in enumerate(matrix.task.labels):
        voted = np.unique(matrix.candidate[matrix.mask == 1 << bit])
        counts[matrix.task.name, label] = np.bincount(votes.documents[voted], minlength=n_documents)
    return counts
