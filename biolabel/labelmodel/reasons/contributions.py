"""What each labeling function, or group of them, adds to the soft labels of a row.

A source adds the change of the log odds of a label of the row when its votes are taken away:
for functions that are independent given the label, log(P(votes | label) / P(votes | other labels)),
and for others what they add to the rest. So it holds for every estimator, and functions of one group,
which say the same, are taken away together. Constraints between tasks are left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.data.votes import weighed
from biolabel.labelmodel.model import predict
from biolabel.labelmodel.params import LabelModelParams
from biolabel.labelmodel.reasons.bonds import sources
from biolabel.labelmodel.votes import Floats

_LEAST = 1e-9
"""Probabilities beyond which log odds stop: soft labels are float32."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """Labeling functions that voted, the labels of their votes, and the log odds they add, in nats."""

    lfs: tuple[str, ...]
    labels: tuple[str, ...]
    log_odds: float


@dataclass(frozen=True, slots=True)
class RowReasons:
    """Why a candidate has its soft labels: a label of it, and what each source adds to that.

    log_odds: of the label, all told; contributions: the largest first.
    """

    candidate: int
    label: str
    log_odds: float
    contributions: tuple[Contribution, ...]


def row_reasons(
    params: LabelModelParams,
    matrix: LabelMatrix,
    candidates: Sequence[int],
    labels: Sequence[int] | None = None,
) -> tuple[RowReasons, ...]:
    """Return the reasons of some candidates of a task, in their order.

    labels: of each candidate, the number of the label that is explained; else the likeliest.

    Raises:
        ModelError: as `predict`.
    """
    matrix = weighed(matrix)
    known = sources(params.tasks[matrix.task.name])
    source = [known[function.name] for function in matrix.lfs]
    parts = [_votes_of(matrix, at) for at in candidates]
    lacking = [[-1, *dict.fromkeys(source[lf] for lf, _ in votes)] for votes in parts]
    rows = [
        [(lf, mask) for lf, mask in votes if source[lf] != without]
        for votes, left_out in zip(parts, lacking, strict=True)
        for without in left_out
    ]
    found = iter(_soft(params, matrix, rows))
    soft = [np.stack([next(found) for _ in left_out]) for left_out in lacking]
    explained = labels or [int(own[0].argmax()) for own in soft]
    return tuple(
        _reasons(matrix, at, label, votes, source, left_out, own)
        for at, label, votes, left_out, own in zip(
            candidates, explained, parts, lacking, soft, strict=True
        )
    )


def _votes_of(matrix: LabelMatrix, candidate: int) -> list[tuple[int, int]]:
    low, high = matrix.candidate.searchsorted([candidate, candidate + 1])
    return list(zip(matrix.lf[low:high].tolist(), matrix.mask[low:high].tolist(), strict=True))


def _soft(
    params: LabelModelParams, matrix: LabelMatrix, rows: Sequence[Sequence[tuple[int, int]]]
) -> Floats:
    """Return the soft labels of rows of votes, float64[r, k]."""
    votes = [(row, lf, mask) for row, own in enumerate(rows) for lf, mask in own]
    table = np.array(votes, dtype=np.int64).reshape(-1, 3)
    small = replace(
        matrix,
        n_candidates=len(rows),
        candidate=table[:, 0].astype(np.int32),
        lf=table[:, 1].astype(np.int16),
        mask=table[:, 2],
        times=None,
    )
    task = matrix.task
    documents = {task.name: np.arange(len(rows), dtype=np.int32)}
    graph = TaskGraph((task,), (), len(rows), documents)
    found = predict(params, {task.name: small}, graph)[task.name]
    return found.probabilities.astype(np.float64)


def _reasons(
    matrix: LabelMatrix,
    candidate: int,
    label: int,
    votes: Iterable[tuple[int, int]],
    source: Sequence[int],
    left_out: Sequence[int],
    soft: Floats,
) -> RowReasons:
    odds = [log_odds(float(own[label])) for own in soft]
    of_source: dict[int, list[tuple[int, int]]] = {number: [] for number in left_out[1:]}
    for lf, mask in votes:
        of_source[source[lf]].append((lf, mask))
    names = matrix.task.labels
    contributions = [
        Contribution(
            tuple(matrix.lfs[lf].name for lf, _ in of_source[number]),
            tuple(
                name
                for bit, name in enumerate(names)
                if any(mask >> bit & 1 for _, mask in of_source[number])
            ),
            odds[0] - without,
        )
        for number, without in zip(left_out[1:], odds[1:], strict=True)
    ]
    contributions.sort(key=lambda it: -abs(it.log_odds))
    return RowReasons(candidate, names[label], odds[0], tuple(contributions))


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, in nats, finite also at 0 and 1."""
    inside = min(max(probability, _LEAST), 1 - _LEAST)
    return float(np.log(inside) - np.log1p(-inside))
