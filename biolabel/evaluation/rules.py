"""Rule analysis: what each labeling function of a task says, alone and beside the others.

A vote is a set of labels. Two votes on a candidate conflict if no label is in both, and a vote is
right if a gold label is in it. Everything is computed from the sparse votes.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from scipy import sparse
from scipy.stats import binomtest

from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.evaluation.metrics import Interval

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RuleAnalysis:
    """One labeling function of a task.

    coverage, overlap, conflict: the shares of candidates on which it votes, another votes too, and
    another's vote conflicts with its own. labels: the polarity, all labels of its votes. right of
    its `judged` votes, those on candidates with gold, contain gold; precision is their share, with
    its 95 % Wilson score interval, None without such votes. base is the precision that the same
    votes would have on any candidates with gold: the base rate of their labels.

    Source of the interval: Wilson 1927, "Probable inference, the law of succession, and statistical
    inference".
    """

    name: str
    votes: int
    coverage: float
    overlap: float
    conflict: float
    labels: tuple[str, ...]
    judged: int
    right: int
    precision: float | None
    interval: Interval | None
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Two labeling functions that conflict: on how many candidates, of those where both vote."""

    first: str
    second: str
    conflicts: int
    together: int


@dataclass(frozen=True, slots=True)
class MatrixAnalysis:
    """All labeling functions of a task, in the order of its label matrix.

    coverage, overlap, conflict: the shares of candidates with a vote, several votes, and two votes
    that conflict; uncovered: the number without a vote; clashes: pairs that conflict, most first.
    """

    task: str
    candidates: int
    coverage: float
    overlap: float
    conflict: float
    uncovered: int
    rules: tuple[RuleAnalysis, ...]
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, eq=False)
class _Symbols:
    """The distinct votes (labeling function, mask) of a matrix, and who casts them where.

    lf, mask: int64[s]; cast: csr[n, s], 1 for each vote; together: coo[s, s], on how many candidates
    two symbols stand together; disjoint: bool, of the entries of `together`, whether they conflict.
    """

    lf: Ints
    mask: Ints
    cast: sparse.csr_array
    together: sparse.coo_array
    disjoint: NDArray[np.bool_]


def analyze_rules(matrix: LabelMatrix, gold: NDArray[np.int64] | None = None) -> MatrixAnalysis:
    """Return the analysis of a task's labeling functions.

    gold: int64[n], the labels of each candidate, -1 where they are unknown (`gold_labels`).
    """
    m, n = len(matrix.lfs), matrix.n_candidates
    rows = max(n, 1)
    symbols = _symbols(matrix)
    clash = _clash(symbols)
    voters = np.bincount(matrix.candidate, minlength=n)
    votes = np.bincount(matrix.lf, minlength=m)
    overlap = np.bincount(matrix.lf[voters[matrix.candidate] > 1], minlength=m)
    conflict = np.bincount(symbols.lf, weights=clash.count_nonzero(axis=0), minlength=m)
    truth = np.full(n, -1, dtype=np.int64) if gold is None else gold
    labels = truth[matrix.candidate]
    judged = np.bincount(matrix.lf[labels >= 0], minlength=m)
    right = np.bincount(matrix.lf[(labels >= 0) & (matrix.mask & labels != 0)], minlength=m)
    base = _base(matrix, labels >= 0, truth[truth >= 0])
    polarity = np.zeros(m, dtype=np.int64)
    np.bitwise_or.at(polarity, matrix.lf, matrix.mask)
    covered = int(np.count_nonzero(voters))
    return MatrixAnalysis(
        task=matrix.task.name,
        candidates=n,
        coverage=covered / rows,
        overlap=float(np.count_nonzero(voters > 1) / rows),
        conflict=float(np.count_nonzero(clash.count_nonzero(axis=1)) / rows),
        uncovered=n - covered,
        rules=tuple(
            RuleAnalysis(
                name=function.name,
                votes=int(votes[lf]),
                coverage=float(votes[lf] / rows),
                overlap=float(overlap[lf] / rows),
                conflict=float(conflict[lf] / rows),
                labels=tuple(
                    label for bit, label in enumerate(matrix.task.labels) if polarity[lf] >> bit & 1
                ),
                judged=int(judged[lf]),
                right=int(right[lf]),
                precision=float(right[lf] / judged[lf]) if judged[lf] else None,
                interval=wilson_interval(int(right[lf]), int(judged[lf])) if judged[lf] else None,
                base=float(base[lf] / judged[lf]) if judged[lf] else None,
            )
            for lf, function in enumerate(matrix.lfs)
        ),
        clashes=tuple(_clashes(matrix, symbols)),
    )


def _base(matrix: LabelMatrix, counted: NDArray[np.bool_], gold: Ints) -> NDArray[np.float64]:
    """Return, for each function, how many of its counted votes any candidates would make right.

    counted: bool[votes]; gold: int64[candidates with gold], not empty if a vote counts.
    """
    masks, which = np.unique(matrix.mask[counted], return_inverse=True)
    rates = np.array([np.mean(gold & mask != 0) for mask in masks.tolist()], dtype=np.float64)
    weighed = np.bincount(matrix.lf[counted], weights=rates[which], minlength=len(matrix.lfs))
    return weighed.astype(np.float64)


def wilson_interval(right: int, judged: int, level: float = 0.95) -> Interval:
    """Return the Wilson score interval of a share of at least one trial."""
    found = binomtest(right, judged).proportion_ci(level, method="wilson")
    return Interval(float(found.low), float(found.high))


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


def rules_table(analysis: MatrixAnalysis) -> Table:
    """Return the analysis as a table for the terminal."""
    table = Table(title=f"{analysis.task}: {analysis.coverage:.1%} of candidates covered")
    table.add_column("labeling function")
    table.add_column("labels")
    for name in ("votes", "coverage", "overlap", "conflict", "precision", "95% interval"):
        table.add_column(name, justify="right")
    for rule in analysis.rules:
        interval, precision = rule.interval, rule.precision
        table.add_row(
            rule.name,
            ", ".join(rule.labels),
            str(rule.votes),
            *(f"{share:.2%}" for share in (rule.coverage, rule.overlap, rule.conflict)),
            "" if precision is None else f"{precision:.3f}",
            "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}",
        )
    return table


def to_json(analysis: MatrixAnalysis) -> dict[str, object]:
    """Return the analysis as plain values, names as in the dataclasses."""
    return asdict(analysis)


def _symbols(matrix: LabelMatrix) -> _Symbols:
    pairs = np.stack([matrix.lf.astype(np.int64), matrix.mask], axis=1)
    kinds, symbol = np.unique(pairs, axis=0, return_inverse=True)
    ones = np.ones(len(pairs), dtype=np.int64)
    cast = sparse.csr_array(
        (ones, (matrix.candidate, symbol.reshape(-1))), shape=(matrix.n_candidates, len(kinds))
    )
    together = (cast.T @ cast).tocoo()
    mask = kinds[:, 1]
    disjoint = (mask[together.row] & mask[together.col]) == 0
    return _Symbols(kinds[:, 0], mask, cast, together, disjoint)


def _clash(symbols: _Symbols) -> sparse.csr_array:
    """Return csr[n, s]: for each vote, with how many votes on its candidate it conflicts."""
    together, disjoint = symbols.together, symbols.disjoint
    ones = np.ones(np.count_nonzero(disjoint), dtype=np.int64)
    against = sparse.csr_array(
        (ones, (together.row[disjoint], together.col[disjoint])), shape=together.shape
    )
    return (symbols.cast @ against).multiply(symbols.cast).tocsr()


def _clashes(matrix: LabelMatrix, symbols: _Symbols) -> Iterator[Clash]:
    together, lf = symbols.together, symbols.lf
    first, second = lf[together.row], lf[together.col]
    m = len(matrix.lfs)
    both = sparse.csr_array((together.data, (first, second)), shape=(m, m))
    against = sparse.csr_array((together.data * symbols.disjoint, (first, second)), shape=(m, m))
    found = sparse.triu(against, k=1).tocoo()
    order = np.lexsort((found.col, found.row, -found.data))
    for at in order[found.data[order] > 0].tolist():
        one, other = int(found.row[at]), int(found.col[at])
        yield Clash(
            matrix.lfs[one].name, matrix.lfs[other].name, int(found.data[at]), int(both[one, other])
        )
