"""The engine: all rules of a task over a corpus."""

from collections.abc import Collection, Iterable, Mapping
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
from biolabel.apply.conditions import Evaluator, evaluator
from biolabel.apply.failing import choosing, tried, without_failed
from biolabel.apply.faults import Failed, Fault
from biolabel.apply.said import Cases, Masks, Said, said_of_cases
from biolabel.apply.scene import Frame, Scene
from biolabel.apply.spans import distinct_spans, entity_votes, votes_on_words
from biolabel.apply.votes import (
    Listing,
    RuleVotes,
    gather,
    votes_of_cases,
)
from biolabel.compile.plan import Ballot, RulePlan, TaskPlan, fired_by
from biolabel.data.corpus import Corpus
from biolabel.data.labels import Task
from biolabel.data.progress import Progress, silent
from biolabel.data.votes import TaskVotes, weighed
from biolabel.errors import ModelError
from biolabel.lang import tree

Voted = Mapping[tuple[str, str], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Judged:
    """The rules of a relation or document task, judged over its candidates.

    judge: evaluates further conditions over the same rows, those that name fired rules too; pairs:
    the candidates of a relation; rules: those that were judged, in the plan's order; cases and
    brought: what `cases_of` and `brought_by_models` say of each of them; failed: where each failed.
    """

    judge: Evaluator
    pairs: PairCandidates | None
    rules: tuple[RulePlan, ...]
    cases: tuple[Cases, ...]
    brought: tuple[Mapping[Ballot, Masks], ...]
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True, eq=False)
class Candidates:
    """The candidates of a relation or document task: the rows of conditions, and pairs of a relation.

    faults: those that could not be chosen because what `when:` asks failed.
    """

    frame: Frame
    pairs: PairCandidates | None = None
    faults: tuple[Fault, ...] = ()

    def listing(self) -> Listing:
        """Return which candidates there are."""
        if self.pairs is None:
            return Listing(self.frame.doc)
        return Listing(self.pairs.doc, self.pairs.named())


def candidates_of(plan: TaskPlan, scene: Scene, voted: Voted) -> Candidates:
    """Return the candidates of a relation or document task."""
    match plan.declaration:
        case tree.RelationDecl():
            return _pairs(plan, plan.declaration, scene, voted)
        case tree.DocumentDecl(unit="sentence"):
            return Candidates(sentence_frame(scene.corpus))
        case _:
            return Candidates(document_frame(scene.corpus))


def judge_task(
    plan: TaskPlan,
    scene: Scene,
    voted: Voted,
    progress: Progress = silent,
    *,
    names: Collection[str] | None = None,
    candidates: Candidates | None = None,
) -> Judged:
    """Return where each vote of each rule of a relation or document task holds.

    names: only these rules and those that they ask, else all; candidates: those of the task, if
    they are known already.
    """
    found = candidates or candidates_of(plan, scene, voted)
    asked = plan.rules if names is None else asking(plan, names)
    rules = progress(asked, name=f"rules of {plan.task.name}", total=len(asked))
    judge, cases, brought, failed = _judged(plan.task, rules, scene, found.frame, voted)
    return Judged(judge, found.pairs, asked, cases, brought, failed)


def asking(plan: TaskPlan, names: Collection[str]) -> tuple[RulePlan, ...]:
    """Return rules of a task and those that they ask, directly or not, in the order of the plan."""
    needed = set(names)
    for rule in reversed(plan.rules):
        needed |= set(rule.fires) if rule.lf.name in needed else set()
    return tuple(rule for rule in plan.rules if rule.lf.name in needed)


def _judged(
    task: Task, rules: Iterable[RulePlan], scene: Scene, frame: Frame, voted: Voted
) -> tuple[Evaluator, tuple[Cases, ...], tuple[Mapping[Ballot, Masks], ...], tuple[Failed, ...]]:
    said_by: dict[str, Said] = {}
    judge = evaluator(scene, frame, said_by, voted)
    judged: list[Cases] = []
    brought: list[Mapping[Ballot, Masks]] = []
    failed: dict[str, Failed] = {}
    for rule in rules:
        cases, models, failed[rule.lf.name] = tried(rule, judge, task, {}, failed)
        brought.append(models)
        judged.append(cases)
        said_by[rule.lf.name] = said_of_cases(cases, rule.otherwise, frame, models, task)
    return judge, tuple(judged), tuple(brought), tuple(failed.values())


def columns_of(
    plan: TaskPlan,
    scene: Scene,
    voted: Voted,
    progress: Progress = silent,
    *,
    names: Collection[str] | None = None,
    candidates: Candidates | None = None,
) -> dict[str, RuleVotes]:
    """Return the votes of rules of a task, by name; arguments as for `judge_task`.

    The votes of an entity rule are on the spans that it finds, whatever the unit of its task.
    """
    wanted = {rule.lf.name for rule in plan.rules} if names is None else set(names)
    task = plan.task
    if isinstance(plan.declaration, tree.EntityDecl):
        asked = asking(plan, wanted)
        rules = progress(asked, name=f"rules of {task.name}", total=len(asked))
        on_spans = entity_votes(scene, task, rules, voted)
        found = {r.lf.name: v for r, v in zip(asked, on_spans, strict=True)}
    else:
        judged = judge_task(plan, scene, voted, progress, names=wanted, candidates=candidates)
        frame = judged.judge.frame
        found = {
            rule.lf.name: without_failed(
                rule,
                votes_of_cases(
                    cases, rule.otherwise, frame, exclusive=task.exclusive, brought=brought
                ),
                failed,
                cases,
                scene.corpus,
                frame,
            )
            for rule, cases, brought, failed in zip(
                judged.rules, judged.cases, judged.brought, judged.failed, strict=True
            )
            if rule.lf.name in wanted
        }
    return {name: votes for name, votes in found.items() if name in wanted}


def gathered(
    plan: TaskPlan, corpus: Corpus, columns: Mapping[str, RuleVotes], listing: Listing | None
) -> TaskVotes:
    """Return the votes of all rules of a task together.

    columns: those of each rule (`columns_of`); listing: the candidates of a relation or document
    task, None for entities, whose candidates are words, or the spans that its rules found.
    """
    task = plan.task
    found = [columns[rule.lf.name] for rule in plan.rules]
    if listing is not None:
        matrix, evidence = gather(task, plan.rules, found, len(listing.documents))
        subjects, objects, *others = listing.arguments or ((), ())
        return TaskVotes(matrix, evidence, listing.documents, subjects, objects, tuple(others))
    if isinstance(plan.declaration, tree.EntityDecl) and plan.declaration.unit == "span":
        on_spans, spans = distinct_spans(corpus, found)
        matrix, evidence = gather(task, plan.rules, on_spans, len(spans))
        return TaskVotes(matrix, evidence, corpus.row_doc[spans[:, 0]], spans=spans)
    on_words = [votes_on_words(votes) for votes in found]
    matrix, evidence = gather(task, plan.rules, on_words, len(corpus.row_start))
    return TaskVotes(matrix, evidence, corpus.row_doc)


def apply_task(
    plan: TaskPlan,
    scene: Scene,
    voted: Voted,
    progress: Progress = silent,
    faults: list[Fault] | None = None,
) -> TaskVotes:
    """Run all labeling functions of a task.

    voted: task and label to int64[documents], the votes of earlier tasks (`counts_of_votes`); faults:
    where to put the candidates on which rules failed.

    Raises:
        ModelError: the first fault, where there is no place for faults.
    """
    entity = isinstance(plan.declaration, tree.EntityDecl)
    candidates = None if entity else candidates_of(plan, scene, voted)
    columns = columns_of(plan, scene, voted, progress, candidates=candidates)
    found = [*(candidates.faults if candidates else ())]
    found += [fault for votes in columns.values() for fault in votes.faults]
    if faults is None and found:
        raise ModelError(found[0].code, found[0].message)
    if faults is not None:
        faults += found
    return gathered(plan, scene.corpus, columns, candidates.listing() if candidates else None)


def _pairs(
    plan: TaskPlan, declaration: tree.RelationDecl, scene: Scene, voted: Voted
) -> Candidates:
    """Return the candidates that fulfil `when:`; rules that it names are asked of all of them."""
    pairs = pair_candidates(scene.corpus, scene.mentions, declaration)
    if declaration.when is None:
        return Candidates(pairs.frame, pairs)
    asked = asking(plan, fired_by(declaration.when))
    judge, _, _, behind = _judged(plan.task, asked, scene, pairs.frame, voted)
    before = {rule.lf.name: failed for rule, failed in zip(asked, behind, strict=True)}
    chosen, faults = choosing(plan.task, declaration.when, judge, before)
    found = narrowed(pairs, chosen)
    return Candidates(found.frame, found, faults)


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
