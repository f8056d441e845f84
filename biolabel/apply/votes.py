"""Votes with their evidence, as the engine makes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.columns import Column, lift
from biolabel.apply.scene import Frame
from biolabel.compile.plan import RulePlan
from biolabel.data.labels import LabelMatrix, Task

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RuleVotes:
    """The votes of one labeling function, sorted by candidate.

    candidate: int32[v]; mask: int64[v]; evidence: int32[v, 2], half-open rows: the span that an
    entity rule found, the stretch from one argument to the other of the first pair of mentions for
    which a relation rule fired, or the document's rows.
    """

    candidate: Ints
    mask: NDArray[np.int64]
    evidence: Ints


def gather(
    task: Task, rules: Sequence[RulePlan], found: Sequence[RuleVotes], n: int
) -> tuple[LabelMatrix, Ints]:
    """Return the votes of all labeling functions of a task as one matrix, with each vote's evidence."""
    sizes = [len(votes.candidate) for votes in found]
    lf = np.repeat(np.arange(len(found)), sizes)
    candidate = np.concatenate([v.candidate for v in found] or [np.empty(0, np.int32)])
    mask = np.concatenate([v.mask for v in found] or [np.empty(0, np.int64)])
    evidence = np.concatenate([v.evidence for v in found] or [np.empty((0, 2), np.int32)])
    order = np.lexsort((lf, candidate))
    matrix = LabelMatrix(
        task,
        tuple(rule.lf for rule in rules),
        n,
        candidate[order].astype(np.int32),
        lf[order].astype(np.int16),
        mask[order].astype(np.int64),
    )
    return matrix, evidence[order]


def votes_of_columns(
    rule: RulePlan, frame: Frame, cases: Sequence[tuple[int, Column]], *, exclusive: bool
) -> RuleVotes:
    """Return what a rule votes, given where each of its votes' conditions holds.

    With an exclusive task the first case that holds decides; otherwise every case adds its label.
    `else:` votes where all conditions are known to be false.
    """
    n = frame.n_candidates
    mask = np.zeros(n, dtype=np.int64)
    row = np.full(n, -1, dtype=np.int64)
    false = np.ones(n, dtype=bool)
    for bits, column in cases:
        lifted = lift(column, frame)
        fresh = lifted.true & (mask == 0) if exclusive else lifted.true
        mask[fresh] |= bits
        rows = np.flatnonzero(column.true)[::-1]
        first = np.full(n, -1, dtype=np.int64)
        first[frame.candidate[rows]] = rows
        row = np.where(fresh & (row < 0), first, row)
        false &= lifted.false
    if rule.otherwise is not None:
        any_row = np.full(n, -1, dtype=np.int64)
        any_row[frame.candidate[::-1]] = np.arange(len(frame))[::-1]
        mask[false] = rule.otherwise
        row = np.where(false, any_row, row)
    candidate = np.flatnonzero(mask)
    return RuleVotes(
        candidate.astype(np.int32), mask[candidate], evidence_rows(frame, row[candidate])
    )


def evidence_rows(frame: Frame, rows: NDArray[np.int64]) -> Ints:
    """Return the stretch of text behind each row of a frame: int32[n, 2], empty for documents."""
    if not frame.sides:
        return np.zeros((len(rows), 2), dtype=np.int32)
    first = np.min([side.first[rows] for side in frame.sides.values()], axis=0)
    end = np.max([side.end[rows] for side in frame.sides.values()], axis=0)
    return np.stack([first, end], axis=1).astype(np.int32)
