"""The label model beside the majority vote: how often they agree, and the rows where they part most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.votes import weighed
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints

_TIE = 1e-6
"""Probabilities of the majority vote that are this close are a tie, with which any side agrees."""

_DIGITS = 4
"""Digits to which two rows must have the same soft labels to be shown as one."""

_KEPT = 1000
"""Kinds of rows that are kept of a shard: a hundred times as many as are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row where the two part: the candidate, how many rows are like it, and both soft labels.

    distance: the total variation distance, half the sum of the absolute differences; of tasks that
    pick many labels, the largest difference of a label.
    """

    candidate: int
    alike: int
    distance: float
    model: tuple[float, ...]
    majority: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The share of covered rows on which the label model agrees with the majority vote.

    They agree where the likeliest label is the same, or the majority vote is tied and the label
    model decides for one of the tied; of tasks that pick many, where the same labels pass one half.
    agreement: 1 without covered rows; differences: the rows that part most, each kind once.
    """

    covered: int
    agreement: float
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows that are alike: the key that tells, their decision's being the same, and the first of them."""

    key: bytes
    same: bool
    first: Difference


@dataclass(frozen=True, slots=True)
class Compared:
    """What `beside` needs of one shard: covered rows, those where both agree, and kinds of rows.

    candidates: how many the shard has; kinds: those that part most, more than are shown of all shards.
    """

    candidates: int
    covered: int
    agreed: int
    kinds: tuple[Kind, ...]


def beside(matrix: LabelMatrix, model: SoftLabels, majority: SoftLabels, most: int = 10) -> Beside:
    """Compare the soft labels of a task's label model with those of its majority vote."""
    return together([compared(matrix, model, majority)], most)


def compared(matrix: LabelMatrix, model: SoftLabels, majority: SoftLabels) -> Compared:
    """Return what `together` needs of one shard."""
    rows = np.unique(weighed(matrix).candidate).astype(np.int64)
    own, base = (soft.probabilities[rows].astype(np.float64) for soft in (model, majority))
    if not len(rows):
        return Compared(matrix.n_candidates, 0, 0, ())
    if matrix.task.exclusive:
        tied = base >= base.max(axis=1, keepdims=True) - _TIE
        same = tied[np.arange(len(rows)), own.argmax(axis=1)]
        distance = np.abs(own - base).sum(axis=1) / 2
    else:
        same = ((own > 0.5) == (base > 0.5)).all(axis=1)
        distance = np.abs(own - base).max(axis=1)
    kinds = _kinds(rows, own, base, distance, same)
    return Compared(matrix.n_candidates, len(rows), int(np.count_nonzero(same)), kinds)


def together(shards: Sequence[Compared], most: int) -> Beside:
    """Return the comparison over all shards, whose candidates are numbered through.

    A kind that parts as much as few others do so in each shard, so that none lacks any of its rows.
    """
    found: dict[bytes, Kind] = {}
    before = 0
    for shard in shards:
        for kind in shard.kinds:
            other = found.get(kind.key)
            first = replace(kind.first, candidate=before + kind.first.candidate)
            if other is not None:
                first = replace(other.first, alike=other.first.alike + first.alike)
            found[kind.key] = replace(other or kind, first=first)
        before += shard.candidates
    order = sorted(found.values(), key=_most_apart)[:most]
    covered = sum(shard.covered for shard in shards)
    agreed = sum(shard.agreed for shard in shards)
    return Beside(
        covered, agreed / covered if covered else 1.0, tuple(kind.first for kind in order)
    )


def _most_apart(kind: Kind) -> tuple[bool, float, int]:
    """Return what sorts kinds: those with another decision first, then by distance."""
    return kind.same, -kind.first.distance, kind.first.candidate


def _kinds(
    rows: Ints, own: Floats, base: Floats, distance: Floats, same: Flags
) -> tuple[Kind, ...]:
    """Return the kinds of rows that part most, each with its first row."""
    keys = np.concatenate([own, base], axis=1).round(_DIGITS) + 0.0  # no kind of its own for -0
    _, first, count = np.unique(keys, axis=0, return_index=True, return_counts=True)
    order = np.lexsort((first, -distance[first], same[first]))[:_KEPT]
    return tuple(
        Kind(
            keys[at].tobytes(),
            bool(same[at]),
            Difference(
                int(rows[at]),
                int(count[kind]),
                float(distance[at]),
                tuple(own[at].tolist()),
                tuple(base[at].tolist()),
            ),
        )
        for kind, at in ((kind, first[kind]) for kind in order.tolist())
        if distance[at] > 0
    )
