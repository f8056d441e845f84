"""Rule analysis: what each labeling function of a task says, alone and beside the others.

A vote is a set of labels. Two votes on a candidate conflict if no label is in both, and a vote is
right if a gold label is in it. Everything is computed from the sparse votes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix, SoftLabels, Task
from biolabel.evaluation.company import Pair, in_conflict, pairs_of, repeated
from biolabel.evaluation.metrics import Interval

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measure:
    """What gold says of some votes.

    right of the `judged` votes, those on candidates with gold, contain gold; base is the precision
    that the same votes would have on any candidates with gold: the base rate of their labels.
    """

    judged: int
    right: int
    base: float

    @property
    def precision(self) -> float:
        """The share of right votes."""
        return self.right / self.judged

    @property
    def interval(self) -> Interval:
        """The 95 % Wilson score interval of the precision."""
        return wilson_interval(self.right, self.judged)

    @property
    def verdict(self) -> Literal["better", "worse", "open"]:
        """Whether the whole interval lies above the base rate, below it, or neither."""
        interval = self.interval
        if interval.low > self.base:
            return "better"
        return "worse" if interval.high < self.base else "open"


@dataclass(frozen=True, slots=True)
class BallotAnalysis:
    """The votes of a labeling function for one set of labels; measure: None without gold on them."""

    labels: tuple[str, ...]
    votes: int
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """The labeling function that gives most of another's votes too: how many, and their share."""

    name: str
    shared: int
    share: float


@dataclass(frozen=True, slots=True)
class RuleAnalysis:
    """One labeling function of a task.

    coverage, overlap, conflict: the shares of candidates on which it votes, another votes too, and
    another's vote conflicts with its own. labels: the polarity, all labels of its votes; ballots:
    its votes for each set of labels, most first. alone: candidates on which no other votes;
    repeated: votes that another gives too, with the same labels; twin: the one that gives most of
    them, None if none is. measure: what gold says of its votes, None without gold on them.
    """

    name: str
    votes: int
    coverage: float
    overlap: float
    conflict: float
    labels: tuple[str, ...]
    measure: Measure | None = None
    alone: int = 0
    repeated: int = 0
    twin: Twin | None = None
    ballots: tuple[BallotAnalysis, ...] = ()
    draft: bool = False

    @property
    def precision(self) -> float | None:
        """The share of right votes, None without gold on them."""
        return None if self.measure is None else self.measure.precision

    @property
    def redundancy(self) -> float:
        """The share of its votes that another gives too, with the same labels."""
        return self.repeated / self.votes if self.votes else 0.0


@dataclass(frozen=True, slots=True)
class GoldReach:
    """How far the votes reach what gold says.

    judged: candidates with gold; positive: those with a gold label other than `none`; of these,
    uncovered have no vote, and opposed have votes, but none with a gold label.
    """

    judged: int
    positive: int
    uncovered: int
    opposed: int


@dataclass(frozen=True, slots=True)
class MatrixAnalysis:
    """All labeling functions of a task, in the order of its label matrix.

    coverage, overlap, conflict: the shares of candidates with a vote, several votes, and two votes
    that conflict; uncovered: the number without a vote; voters: the numbers of candidates with 0, 1,
    2, ... votes; pairs: those that vote on common candidates, most conflicts first; gold: None
    where no candidate has gold.
    """

    task: str
    candidates: int
    coverage: float
    overlap: float
    conflict: float
    uncovered: int
    rules: tuple[RuleAnalysis, ...]
    pairs: tuple[Pair, ...] = ()
    voters: tuple[int, ...] = ()
    gold: GoldReach | None = None

    @property
    def clashes(self) -> tuple[Pair, ...]:
        """The pairs that conflict, most first."""
        return tuple(pair for pair in self.pairs if pair.conflicts)

    @property
    def votes(self) -> int:
        """The number of votes."""
        return sum(rule.votes for rule in self.rules)

    def pairs_with(self, name: str) -> tuple[Pair, ...]:
        """Return the pairs of one labeling function, most common candidates first."""
        own = [pair for pair in self.pairs if name in (pair.first, pair.second)]
        return tuple(sorted(own, key=lambda pair: -pair.together))


def analyze_rules(matrix: LabelMatrix, gold: Ints | None = None) -> MatrixAnalysis:
    """Return the analysis of a task's labeling functions.

    gold: int64[n], the labels of each candidate, -1 where they are unknown (`gold_labels`).
    """
    m, n = len(matrix.lfs), matrix.n_candidates
    rows = max(n, 1)
    voters = np.bincount(matrix.candidate, minlength=n)
    company = voters[matrix.candidate]
    clash = in_conflict(matrix)
    votes, overlap, conflict, alone, again = (
        np.bincount(matrix.lf[some], minlength=m).tolist()
        for some in (slice(None), company > 1, clash, company == 1, repeated(matrix))
    )
    pairs = pairs_of(matrix)
    twins = _twins(pairs, {f.name: votes[lf] for lf, f in enumerate(matrix.lfs)})
    truth = np.full(n, -1, dtype=np.int64) if gold is None else gold
    ballots = _ballots(matrix, truth)
    covered = int(np.count_nonzero(voters))
    return MatrixAnalysis(
        task=matrix.task.name,
        candidates=n,
        coverage=covered / rows,
        overlap=int(np.count_nonzero(voters > 1)) / rows,
        conflict=int(np.count_nonzero(np.diff(matrix.candidate[clash], prepend=-1))) / rows,
        uncovered=n - covered,
        rules=tuple(
            RuleAnalysis(
                name=function.name,
                votes=votes[lf],
                coverage=votes[lf] / rows,
                overlap=overlap[lf] / rows,
                conflict=conflict[lf] / rows,
                labels=_names(matrix.task, reduce(or_, ballots[lf], 0)),
                measure=_together(tuple(ballots[lf].values())),
                alone=alone[lf],
                repeated=again[lf],
                twin=twins.get(function.name),
                ballots=tuple(ballots[lf].values()),
                draft=function.draft,
            )
            for lf, function in enumerate(matrix.lfs)
        ),
        pairs=pairs,
        voters=tuple(np.bincount(voters).tolist()),
        gold=_reach(matrix, truth, voters > 0),
    )


def _names(task: Task, mask: int) -> tuple[str, ...]:
    return tuple(label for bit, label in enumerate(task.labels) if mask >> bit & 1)


def _twins(pairs: Sequence[Pair], votes: Mapping[str, int]) -> dict[str, Twin]:
    """Return the twin of each labeling function; of equals the one with fewer votes is nearer."""
    found: dict[str, Twin] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.same, -pair.jaccard)):
        for name in (pair.first, pair.second) if pair.same else ():
            twin = Twin(pair.other(name), pair.same, pair.same / votes[name])
            found.setdefault(name, twin)
    return found


def _ballots(matrix: LabelMatrix, gold: Ints) -> list[dict[int, BallotAnalysis]]:
    """Return the votes of each labeling function by their mask, most first; gold: int64[n]."""
    masks, kind = np.unique(matrix.mask, return_inverse=True)
    k, m = len(masks), len(matrix.lfs)
    truth = gold[matrix.candidate]
    judged = truth >= 0
    right = judged & (matrix.mask & truth != 0)
    cell = matrix.lf.astype(np.int64) * k + kind
    counts = [
        np.bincount(cell[some], minlength=m * k).reshape(m, k).tolist()
        for some in (slice(None), judged, right)
    ]
    known = gold[gold >= 0]
    base = [float(np.mean(known & mask != 0)) if len(known) else 0.0 for mask in masks.tolist()]
    found: list[dict[int, BallotAnalysis]] = []
    for votes, seen, hits in zip(*counts, strict=True):
        order = sorted((at for at in range(k) if votes[at]), key=lambda at: -votes[at])
        found.append(
            {
                int(masks[at]): BallotAnalysis(
                    _names(matrix.task, int(masks[at])),
                    votes[at],
                    Measure(seen[at], hits[at], base[at]) if seen[at] else None,
                )
                for at in order
            }
        )
    return found


def _together(ballots: Sequence[BallotAnalysis]) -> Measure | None:
    measures = [ballot.measure for ballot in ballots if ballot.measure is not None]
    judged = sum(each.judged for each in measures)
    if not judged:
        return None
    base = sum(each.base * each.judged for each in measures) / judged
    return Measure(judged, sum(each.right for each in measures), base)


def _reach(matrix: LabelMatrix, gold: Ints, covered: NDArray[np.bool_]) -> GoldReach | None:
    judged = int(np.count_nonzero(gold >= 0))
    if not judged:
        return None
    positive = positives(matrix.task, gold)
    right = np.zeros(len(gold), dtype=bool)
    right[matrix.candidate[matrix.mask & np.maximum(gold, 0)[matrix.candidate] != 0]] = True
    counts = (positive, positive & ~covered, positive & covered & ~right)
    return GoldReach(judged, *(int(np.count_nonzero(some)) for some in counts))


def positives(task: Task, gold: Ints) -> NDArray[np.bool_]:
    """Return which candidates have a gold label other than `none`: bool[n]; gold: int64[n]."""
    none = 1 << task.labels.index("none") if "none" in task.labels else 0
    return np.asarray((gold > 0) & (gold & ~none != 0))


def wilson_interval(right: int, judged: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share of at least one trial.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = right / judged, z * z / judged
    center = share + spread / 2
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4)
    low, high = ((center + sign * half) / (1 + spread) for sign in (-1, 1))
    return Interval(low if right else 0.0, high if right < judged else 1.0)


def votes_of(matrix: LabelMatrix, lf: str) -> SoftLabels:
    """Return what one labeling function alone would predict, as certain labels.

    Its votes for a single label are covered; everything else is `none`, or equally every label
    where the task has no `none`.
    """
    labels = matrix.task.labels
    k, n = len(labels), matrix.n_candidates
    at = [function.name for function in matrix.lfs].index(lf)
    single = (matrix.mask & (matrix.mask - 1)) == 0
    own = (matrix.lf == at) & single
    candidate = matrix.candidate[own]
    rest = [float(label == "none") for label in labels] if "none" in labels else [1 / k] * k
    probabilities = np.tile(np.array(rest, dtype=np.float32), (n, 1))
    probabilities[candidate] = 0.0
    probabilities[candidate, np.log2(matrix.mask[own]).astype(np.int64)] = 1.0
    covered = np.zeros(n, dtype=np.bool_)
    covered[candidate] = True
    return SoftLabels(matrix.task, probabilities, covered)
