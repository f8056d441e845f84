"""Votes with their evidence, as the engine makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Values, where_known
from biolabel.apply.conditions import Evaluator
from biolabel.apply.faults import Fault
from biolabel.apply.frames import Frame
from biolabel.apply.models import label_masks
from biolabel.apply.truths import Judgement, conjunction, shared, truth_of
from biolabel.compile.plan import Ballot, RulePlan
from biolabel.data.labels import LabelMatrix, Task
from biolabel.lang import tree

Ints = NDArray[np.int32]
Masks = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RuleVotes:
    """The votes of one labeling function, sorted by candidate.

    candidate: int32[v]; mask: int64[v]; evidence: int32[v, 2], half-open rows: the span that an
    entity rule found, the stretch from one argument to the other of the first pair of mentions for
    which a relation rule fired, or the sentence; empty for documents. faults: the candidates that it
    could not judge; it has no vote on them.
    """

    candidate: Ints
    mask: NDArray[np.int64]
    evidence: Ints
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The candidates of a relation or document task.

    documents: int32[n], the document of each; arguments: for a relation, the names of each argument
    in every candidate, as `data.votes.TaskVotes` has them.
    """

    documents: Ints
    arguments: tuple[tuple[str, ...], ...] = ()


def gather(
    task: Task, rules: Sequence[RulePlan], found: Sequence[RuleVotes], n: int
) -> tuple[LabelMatrix, Ints]:
    """Return the votes of all labeling functions of a task as one matrix, with each vote's evidence."""
    sizes = [len(votes.candidate) for votes in found]
    lf = np.repeat(np.arange(len(found), dtype=np.int16), sizes)
    candidate = np.concatenate([v.candidate for v in found] or [np.empty(0, np.int32)])
    mask = np.concatenate([v.mask for v in found] or [np.empty(0, np.int64)])
    evidence = np.concatenate([v.evidence for v in found] or [np.empty((0, 2), np.int32)])
    # Each function's candidates ascend already, and a stable sort merges such runs.
    order = np.argsort(candidate, kind="stable")
    matrix = LabelMatrix(
        task,
        tuple(rule.lf for rule in rules),
        n,
        np.take(candidate, order),
        np.take(lf, order),
        np.take(mask, order),
    )
    return matrix, np.take(evidence, order, axis=0)


def brought_by_models(rule: RulePlan, judge: Evaluator, task: Task) -> dict[Ballot, Masks]:
    """Return, for each model whose word a rule takes, the mask that it gives each candidate."""
    ballots = (rule.mask, rule.otherwise, *(case.mask for case in rule.cases))
    return {
        name: label_masks(judge.answers(name), task, judge.least(name), judge.frame)
        for name in dict.fromkeys(ballots)
        if isinstance(name, str)
    }


def cases_of(
    rule: RulePlan, judge: Evaluator, brought: Mapping[Ballot, Masks]
) -> list[tuple[Ballot, Judgement]]:
    """Return each vote of a rule with the rows where its condition holds, and no `unless`.

    An `unless` blocks a candidate if it holds for any of its mention pairs. Where a model whose word
    would be the vote is silent, it is unknown whether the condition holds.
    """
    whole = [rule.when] if rule.when is not None else []
    shared = (*whole, *(tree.Not(condition) for condition in rule.unless))
    conditions = [(case.mask, (*shared, case.when)) for case in rule.cases]
    return [
        (ballot, _spoken(judge.judgement(tree.And(parts)), ballot, brought))
        for ballot, parts in conditions or [(rule.mask, shared)]
    ]


def _spoken(found: Judgement, ballot: Ballot, brought: Mapping[Ballot, Masks]) -> Judgement:
    if not isinstance(ballot, str):
        return found
    spoken = brought[ballot] > 0
    truth = shared(found.frame.whole, where_known(spoken, spoken))
    return Judgement(found.frame, conjunction([found.truth, truth], found.frame))


def votes_of_cases(
    cases: Sequence[tuple[Ballot, Values]],
    otherwise: Ballot | None,
    frame: Frame,
    *,
    exclusive: bool,
    brought: Mapping[Ballot, Masks] = MappingProxyType({}),
) -> RuleVotes:
    """Return what a rule votes, given where the condition of each of its votes holds.

    With an exclusive task the first case that holds decides; otherwise every case adds its label.
    A candidate's rows are one as soon as a condition holds for any of them, for `none` too: asking
    that all rows hold costs votes for nothing (`benchmarks/lifting.py`).
    `otherwise`, the mask of `else:`, votes where all conditions are known to be false. brought:
    for `found type` (0) and for models the mask that each candidate brings, int64[n].
    """
    if len(cases) == 1 and otherwise is None:
        ((ballot, values),) = cases
        candidate, first = Judgement(frame, truth_of(values)).first_rows()
        voted = _masks(ballot, brought, candidate)
        candidate, first, voted = (column[voted != 0] for column in (candidate, first, voted))
        return RuleVotes(candidate.astype(np.int32), voted, evidence_rows(frame, first))
    n = frame.n_candidates
    mask = np.zeros(n, dtype=np.int64)
    row = np.full(n, -1, dtype=np.int32)
    false = np.ones(n, dtype=bool)
    for ballot, values in cases:
        found = Judgement(frame, truth_of(values))
        candidate, first = found.first_rows()
        if exclusive:
            fresh = mask[candidate] == 0
            candidate, first = candidate[fresh], first[fresh]
        voted = _masks(ballot, brought, candidate)
        row[candidate] = np.where((voted != 0) & (row[candidate] < 0), first, row[candidate])
        mask[candidate] |= voted
        if otherwise is not None:
            false &= found.lifted.false
    if otherwise is not None:
        candidate = np.flatnonzero(false)
        mask[candidate] = _masks(otherwise, brought, candidate)
        row[candidate] = frame.first_row[candidate]
    candidate = np.flatnonzero(mask)
    return RuleVotes(
        candidate.astype(np.int32), mask[candidate], evidence_rows(frame, row[candidate])
    )


def _masks(
    ballot: Ballot, brought: Mapping[Ballot, Masks], candidate: NDArray[np.integer[Any]]
) -> Masks:
    """Return what a ballot leaves possible for some candidates."""
    if isinstance(ballot, str) or ballot == 0:
        return brought[ballot][candidate]
    return np.full(len(candidate), ballot, dtype=np.int64)


def evidence_rows(frame: Frame, rows: NDArray[np.integer[Any]]) -> Ints:
    """Return the stretch of text behind each row of a frame: int32[n, 2], empty for documents."""
    return np.take(frame.stretch, rows, axis=0)
