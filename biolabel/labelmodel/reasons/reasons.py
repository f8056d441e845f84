"""Why the label model believes what it does: a line a labeling function, and what looks wrong."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from biolabel.labelmodel.params import Estimate, TaskParams
from biolabel.labelmodel.pooling import Flags, allowed
from biolabel.labelmodel.votes import Floats

_FEW = 3
"""Labeling functions below which agreement tells nothing: two cannot say which of them is wrong."""

_CARRIES = 0.5
"""Share of rows that one function alone votes on, from which the task is that function."""

_SEEN, _MARGIN = 20, 0.1
"""Votes from which, and by how much, agreement below chance is worth a warning.

With 20 votes its standard error is about .1; rows with several votes are also no fair sample.
"""

_BOUND = 0.001
"""Class prior below which a label has vanished."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What the label model makes of one labeling function.

    label: the label for a task that may pick many, else empty; accuracy: the probability that a
    vote of it contains the true label; agreement: the same from the other votes on its rows alone,
    NaN where there are none; coverage: the share of candidates it votes on; alone: the share of
    rows with votes where it is the only one; weight: the mean log odds in nats that a vote adds for
    its labels, before dependency groups are counted once.
    """

    lf: str
    label: str
    votes: int
    accuracy: float
    agreement: float
    coverage: float
    alone: float
    weight: float


@dataclass(frozen=True, slots=True)
class Concern:
    """A warning about a task: its code in the catalogue, and what was found."""

    code: str
    message: str


def reasons(params: TaskParams) -> tuple[Reason, ...]:
    """Return a reason for each labeling function that voted, in their order, label by label."""
    return tuple(
        reason
        for label, estimate in zip(_labels(params), params.estimates, strict=True)
        for reason in _of_estimate(params, label, estimate)
    )


def concerns(params: TaskParams) -> tuple[Concern, ...]:
    """Return the warnings of a task: BL811 to BL815."""
    return tuple(
        concern
        for label, estimate in zip(_labels(params), params.estimates, strict=True)
        for concern in _concerns(params, label, estimate)
    )


def _labels(params: TaskParams) -> tuple[str, ...]:
    return ("",) if params.task.exclusive else params.task.labels


def _of_estimate(params: TaskParams, label: str, estimate: Estimate) -> Iterator[Reason]:
    holds = allowed(estimate.symbol_mask, len(estimate.prior))
    right = _inside(estimate.table, holds)
    chance = _inside(np.broadcast_to(estimate.reference, holds.shape), holds)
    some = ~holds.all(axis=1)
    odds = np.zeros(len(holds))
    odds[some] = _logit(right[some]) - _logit(chance[some])
    for lf, function in enumerate(params.lfs):
        own = estimate.symbol_lf == lf
        votes = int(estimate.votes[own].sum())
        if votes:
            share = np.where(own, estimate.votes, 0) / votes
            seen = own & ~np.isnan(estimate.agreement)
            yield Reason(
                lf=function.name,
                label=label,
                votes=votes,
                accuracy=float(share @ right),
                agreement=float(share[seen] @ estimate.agreement[seen] / share[seen].sum())
                if seen.any()
                else math.nan,
                coverage=votes / params.n_candidates,
                alone=int(estimate.alone[own].sum()) / estimate.rows,
                weight=float(share @ odds),
            )


def _concerns(params: TaskParams, label: str, estimate: Estimate) -> Iterator[Concern]:
    name = f"`{params.task.name}`" + (f" ({label})" if label else "")
    found = list(_of_estimate(params, label, estimate))
    if len(found) < _FEW:
        yield Concern("BL811", f"{name} has votes of {len(found)} labeling functions, too few")
    for reason in found:
        own = estimate.symbol_lf == [lf.name for lf in params.lfs].index(reason.lf)
        holds = allowed(estimate.symbol_mask[own], len(estimate.prior))
        chance = float(estimate.votes[own] @ (holds @ estimate.prior)) / reason.votes
        if reason.votes >= _SEEN and reason.agreement < chance - _MARGIN:
            yield Concern(
                "BL812",
                f"`{reason.lf}` agrees with the other votes on {reason.agreement:.0%} of its rows, "
                f"below the {chance:.0%} of chance",
            )
        if len(found) > 1 and reason.alone > _CARRIES:
            yield Concern(
                "BL814", f"`{reason.lf}` is the only vote on {reason.alone:.0%} of rows of {name}"
            )
    if estimate.rows and estimate.prior.min() < _BOUND:
        least = int(estimate.prior.argmin())
        gone = params.task.labels[least] if not label else ("absence", "presence")[least]
        yield Concern("BL813", f"the class prior of {name} leaves no room for `{gone}`")
    if not estimate.converged:
        yield Concern("BL815", f"{name} did not converge in {estimate.iterations} steps")


def _inside(table: Floats, holds: Flags) -> Floats:
    return np.asarray((table * holds).sum(axis=1))


def _logit(share: Floats) -> Floats:
    return np.log(share) - np.log1p(-share)
