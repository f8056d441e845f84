"""Structure: which labeling functions repeat each other beyond what the label explains.

Given the label, independent functions vote together as often as their rates multiply. Pairs that do
so more often are edges of the dependency graph. Rows differ in more than their label, though: in
long sentences all rules match more often, and no estimate of the label is exact. So the null is
empirical (Efron, "Large-scale simultaneous hypothesis testing", JASA 2004): all pairs share a
background lift, and lifts spread around it by more than chance; an edge stands out of both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.special import betainc, chdtri, gammainc

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.moments.moments import Moments
from biolabel.labelmodel.pooling import Flags, anchors
from biolabel.labelmodel.votes import Floats, Ints, Patterns

if TYPE_CHECKING:
    from biolabel.labelmodel.moments.completion import Completion

LEAST = 0.1
"""The least excess correlation of an edge: below it, counting both votes does no harm."""

_TELLING = 5.0
"""Expected joint votes from which a pair says something about the background."""

_ENOUGH = 10
"""Telling pairs from which the background is estimated; of fewer, copies may be most."""

_ROUNDS = 8
"""Completions of one discovery; planted votes need one to five."""

_SETTLED = 1.2
"""Factor by which the misfit may still fall when discovery ends."""

_BISECTIONS = 40

_RATES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.65, 0.8, 0.9, 0.95, 0.98)
"""Shares of the second of two labels at which stated precisions are compared to lifts."""

_MEDIAN = float(chdtri(1, 0.5))


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Two labeling functions that vote together more often than the label explains.

    first, second: their numbers, first < second; strength: the excess of the correlation of the two
    votes that depend most, at most 1; chance: the p-value, corrected for the number of their
    symbols.
    """

    first: int
    second: int
    strength: float
    chance: float


def dependencies(
    moments: Moments, emission: Emission, fdr: float = 0.01, least: float = LEAST
) -> tuple[Edge, ...]:
    """Return the pairs of labeling functions that depend on each other given the label, sorted.

    The symbols of the emission are those of the moments; whether it counts abstains does not
    matter. fdr: the share of independent pairs expected among those returned (Benjamini and
    Hochberg, JRSS B 1995); least: the least strength, because among 10^7 rows everything is
    significant.
    """
    first, second = np.nonzero(moments.lf[:, None] < moments.lf[None, :])
    if not len(first):
        return ()
    shared = background(moments, emission)
    seen, mean = moments.twice[first, second], _expected(moments, emission)[first, second]
    mean = np.maximum(mean * shared.lift, 1e-12)
    chance = _tail(seen, mean, shared.spread)
    size = np.sqrt(moments.once[first] * moments.once[second])
    strength = (seen - mean) / np.maximum(size, 1e-12)
    pairs, at = np.unique(
        np.stack([moments.lf[first], moments.lf[second]]), axis=1, return_inverse=True
    )
    best, strongest = np.ones(pairs.shape[1]), np.full(pairs.shape[1], -1.0)
    np.minimum.at(best, at, chance)
    np.maximum.at(strongest, at, strength)
    best = np.minimum(1.0, best * np.bincount(at))
    kept = _discoveries(best, fdr) & (strongest >= least)
    return tuple(
        Edge(int(one), int(other), min(1.0, float(excess)), float(p))
        for one, other, excess, p in zip(*pairs[:, kept], strongest[kept], best[kept], strict=True)
    )


@dataclass(frozen=True, slots=True)
class Background:
    """The lift that all pairs share, and the variance of the logarithms of lifts around it."""

    lift: float
    spread: float


@dataclass(frozen=True, slots=True)
class Structure:
    """What discovery found: the edges, and the completion that leaves dependent pairs out.

    misfit: how much the lifts of the other pairs spread around what the completion explains, as the
    variance of their logarithms: 0 where votes are as independent as they are taken to be, 2 or
    more where an estimate from agreement is not to be trusted.
    """

    edges: tuple[Edge, ...]
    completion: "Completion"
    misfit: float


def discover(
    patterns: Patterns,
    moments: Moments,
    holds: Flags,
    precision: Floats,
    declared: nx.Graph | None = None,
    fdr: float = 0.01,
    least: float = LEAST,
) -> Structure:
    """Return which labeling functions depend on each other, told neither labels nor class prior.

    Completion explains pairs that are independent, for which its loss saturates where pairs are
    not; what it leaves unexplained are edges, which it then leaves out, until nothing changes (and
    at most `_ROUNDS` times). It starts from what stated precisions leave unexplained (`believed`),
    and trusts lifts as far as these explain them, then as far as the last completion did: where no
    table explains the votes, the stated precisions stand. holds: bool[s, k]; precision: float64[s];
    declared: a dependency graph whose edges are left out too (and found only if the votes show them).
    """
    # Torch takes 200 MB, and who only reads dependencies needs none.
    from biolabel.labelmodel.moments.completion import complete, single, triples
    from biolabel.labelmodel.moments.deviance import SLACK

    counted = triples(patterns, moments, holds)
    space = single(holds.shape[1], len(holds))
    known = set(declared.edges if declared is not None else ())
    emission = believed(moments, holds, precision)
    found = dependencies(moments, emission, fdr, least)
    misfit = background(moments, emission).spread
    for _ in range(_ROUNDS):
        before, slack = found, max(SLACK, misfit)
        linked = known | {(edge.first, edge.second) for edge in found}
        apart = independent(moments.lf, linked)
        completion = complete(moments, counted, space, holds, precision, apart, slack=slack)
        emission = completion.emissions[0]
        found = dependencies(moments, emission, fdr, least)
        misfit = background(moments, emission).spread
        same = [(edge.first, edge.second) for edge in before] == [
            (edge.first, edge.second) for edge in found
        ]
        if same and slack <= _SETTLED * max(SLACK, misfit):
            break
    return Structure(found, completion, misfit)


def believed(moments: Moments, holds: Flags, precision: Floats) -> Emission:
    """Return the tables that stated precisions mean, at the class prior that suits them best.

    Of a few priors, the one at which the lifts of pairs spread least around what the tables explain.
    """
    k = holds.shape[1]
    share = (moments.once / holds.sum(axis=1)) @ holds + 1
    priors = [np.full(k, 1 / k), share / share.sum()]
    if k == 2:
        priors += [np.array([1 - rate, rate]) for rate in _RATES]
    tried = [
        Emission(prior, anchors(holds, precision, prior) / prior, abstains=True) for prior in priors
    ]
    return min(tried, key=lambda emission: background(moments, emission).spread)


def independent(lf: Ints, linked: Iterable[tuple[int, int]]) -> Flags:
    """Return bool[s, s]: which symbols are of different functions that no pair links.

    lf: int64[s], the function of each symbol.
    """
    m = int(lf.max(initial=-1)) + 1
    apart = ~np.eye(m, dtype=np.bool_)
    for first, second in linked:
        if first < m and second < m:  # functions that never vote have no symbols
            apart[first, second] = apart[second, first] = False
    return apart[np.ix_(lf, lf)]


def dependency_graph(lfs: Sequence[LabelingFunction], edges: Iterable[Edge] = ()) -> nx.Graph:
    """Return the dependency graph: nodes are numbers of functions, edges are known or learned.

    Functions that share a group of the rule file depend on each other with strength 1.
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(len(lfs)))
    for edge in edges:
        graph.add_edge(edge.first, edge.second, strength=edge.strength)
    for group in sorted({group for function in lfs for group in function.groups}):
        members = [at for at, function in enumerate(lfs) if group in function.groups]
        graph.add_edges_from(nx.complete_graph(members).edges, strength=1.0)
    return graph


def _expected(moments: Moments, emission: Emission) -> Floats:
    """Return how often each two symbols meet by the label alone, float64[s, s].

    The rates are scaled to the observed counts, so that only the shape of the emission counts.
    """
    joint = emission.table * emission.prior
    joint = joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-300)
    given = joint * moments.once[:, None]
    prior = np.maximum(emission.prior, 1e-300) * max(moments.rows, 1.0)
    return (given / prior) @ given.T


def background(moments: Moments, emission: Emission) -> Background:
    """Return what all pairs of functions share beyond what an emission explains.

    The spread is where the median of the squared log lifts is that of chance; with fewer than ten
    pairs that should meet five times there is nothing to tell, so no lift and no spread.
    """
    first, second = np.nonzero(moments.lf[:, None] < moments.lf[None, :])
    seen, mean = moments.twice[first, second], _expected(moments, emission)[first, second]
    telling = mean >= _TELLING
    if telling.sum() < _ENOUGH:
        return Background(1.0, 0.0)
    log_lift = np.log(seen[telling] + 0.5) - np.log(mean[telling] + 0.5)
    center = float(np.median(log_lift))
    own = 1 / mean[telling]
    square = (log_lift - center) ** 2
    low, high = 0.0, float(square.max()) / _MEDIAN
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if np.median(square / (own + middle)) > _MEDIAN:
            low = middle
        else:
            high = middle
    return Background(float(np.exp(center)), low)


def _tail(seen: Floats, mean: Floats, spread: float) -> Floats:
    """Return P(count >= seen): Poisson, with the mean varying by `spread` (a gamma's variance)."""
    if spread < 1e-9:
        found = gammainc(seen, mean)
    else:
        found = betainc(seen, 1 / spread, spread * mean / (1 + spread * mean))
    return np.where(seen > 0, found, 1.0)


def _discoveries(chance: Floats, fdr: float) -> Flags:
    """Return which p-values Benjamini and Hochberg's procedure keeps."""
    order = np.sort(chance)
    passing = np.flatnonzero(order <= fdr * np.arange(1, len(order) + 1) / len(order))
    return chance <= (order[passing[-1]] if len(passing) else -1.0)
