"""Which labeling functions are one source: dependency groups and soft labels, each from the other.

Groups cannot be read off soft labels that copies have already bent, and soft labels need the groups.
So both grow together: from functions that are all independent on, EM, then the pairs that say the
same far more often than the labels explain are joined, then EM again, from the majority vote where
each group counts once. Of all partitions on the way, and the one that the rule file declares, the one
whose model makes the rows most probable is kept (`emissions.score`): joining what is independent
costs parameters and wins nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.em.dependence import Pairs
from biolabel.labelmodel.em.emissions import Anchor, Fit, Rows, begin, converge, score
from biolabel.labelmodel.em.sources import counted_once, gather
from biolabel.labelmodel.majority import majority as majority_vote
from biolabel.labelmodel.moments.structure import dependency_graph
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols

_PATIENCE = 2
"""Rounds of joining on end that may find nothing better."""

_STRONGEST = 0.5
"""Pairs join that depend on each other at least this much as strongly as the strongest pair."""

_LARGEST = 8
"""Functions in a learned group at most: its joint symbols are counted, and must repeat."""

_DECLARED = 20
"""Functions in a declared group at most; larger ones share too much to be copies."""

_ROUGH, _STEPS = 1e-3, 60
"""Tolerance and iterations of EM while searching, where only the better partition is asked for."""

_TOLD = 10.0
"""Nats by which declared groups may be worse than none: few rows cannot pay for their tables."""

_PACED = 10.0
"""Nats of evidence from which rows are taken to differ in pace (two parameters)."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best model: its sources, rows and fit, its score, and whether rows differ in pace."""

    rows: Rows
    fit: Fit
    score: float
    paces: bool


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of an exclusive task as all models of it see them.

    holds: bool[s, k] and precision: float64[s], of each symbol; gold: see `mixture.posterior`.
    """

    patterns: Patterns
    found: Symbols
    holds: Flags
    precision: Floats
    lfs: tuple[LabelingFunction, ...]
    anchor: Anchor
    gold: Floats | None = None


def search(votes: Votes) -> Found:
    """Return the best of the models that joining dependent functions passes through.

    There are two paths: with one pace, from the pairs that the majority vote does not explain, and
    with several, from those that EM with paces does not explain. The first finds copies even where
    EM without groups would take their source for the label, the second copies among rows on which
    everything matches. Both start from the groups that the rule file declares, unless the rows speak
    against these. Where EM explains all pairs at once, nothing is searched for.
    """
    alone = np.arange(len(votes.lfs))
    start, declared = _fitted(votes, alone, paces=False), _declared(votes.lfs)
    if declared.max(initial=-1) + 1 < len(alone):
        told = _fitted(votes, declared, paces=False)
        start = told if told.score > start.score - _TOLD else start
    of_lf = start.rows.sources.of_lf
    pairs = Pairs.of(votes.patterns, votes.found, len(alone))
    if _apart(of_lf, pairs.gains(start.fit.posterior.joint)).max(initial=0.0) <= 0:
        return start
    paced = _fitted(votes, of_lf, paces=True)
    majority = first(votes, of_lf)[:, :, None]
    passed = [start, *_path(votes, pairs, start, pairs.gains(majority))]
    if paced.score > start.score + _PACED:
        passed += [paced, *_path(votes, pairs, paced, pairs.gains(paced.fit.posterior.joint))]
    best = max(passed, key=lambda found: found.score)
    other = _fitted(votes, best.rows.sources.of_lf, not best.paces)
    plain, paced = (best, other) if other.paces else (other, best)
    return paced if paced.score > plain.score + _PACED else plain


def _path(votes: Votes, pairs: Pairs, start: Found, gains: Floats) -> Iterator[Found]:
    """Yield the models on the way from one, as the pairs that gain most join in each round.

    It ends where nothing is left to join, or two rounds on end have not found a better model.
    """
    latest, best, since = start, start.score, 0
    while since < _PATIENCE:
        of_lf = _joined(latest.rows.sources.of_lf, gains)
        if of_lf is None:
            return
        latest = _fitted(votes, of_lf, latest.paces)
        yield latest
        since = 0 if latest.score > best else since + 1
        best = max(best, latest.score)
        gains = pairs.gains(latest.fit.posterior.joint)


def _fitted(votes: Votes, of_lf: Ints, paces: bool) -> Found:
    rows = rows_of(votes, of_lf)
    fit = converge(rows, begin(rows, first(votes, of_lf), paces), _ROUGH, _STEPS)
    return Found(rows, fit, score(rows, fit), paces)


def _declared(lfs: Sequence[LabelingFunction]) -> Ints:
    """Return the sources that the rule file declares: functions that share a group, int64[m].

    Groups that share members are one source, unless it is too large.
    """
    kept = [
        part for part in nx.connected_components(dependency_graph(lfs)) if len(part) <= _DECLARED
    ]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(lfs)))
    for part in kept:
        nx.add_path(graph, sorted(part))
    return _numbered(graph)


def _joined(of_lf: Ints, gains: Floats) -> Ints | None:
    """Return the sources after the strongest pairs have joined, None where nothing is left to join."""
    gains = _apart(of_lf, gains)
    strongest = gains.max(initial=0.0)
    if strongest <= 0:
        return None
    one, other = np.nonzero(gains >= _STRONGEST * strongest)
    joined = of_lf.copy()
    for at in np.argsort(-gains[one, other], kind="stable"):
        mine, theirs = joined[one[at]], joined[other[at]]
        together = np.isin(joined, (mine, theirs))
        if mine != theirs and together.sum() <= _LARGEST:
            joined[together] = mine
    return None if len(np.unique(joined)) == len(np.unique(of_lf)) else _compact(joined)


def _apart(of_lf: Ints, gains: Floats) -> Floats:
    """Return the gains of pairs of different sources, once each, and 0 elsewhere."""
    return np.where(np.triu(of_lf[:, None] != of_lf[None, :], 1), gains, 0.0)


def _numbered(graph: nx.Graph) -> Ints:
    of_lf = np.zeros(len(graph), dtype=np.int64)
    for number, part in enumerate(nx.connected_components(graph)):
        of_lf[list(part)] = number
    return of_lf


def _compact(of_lf: Ints) -> Ints:
    return np.unique(of_lf, return_inverse=True)[1].ravel()


def rows_of(votes: Votes, of_lf: Ints) -> Rows:
    """Return the rows of votes as the joint symbols of a partition of the functions."""
    sources, shown = gather(votes.patterns, votes.found, of_lf)
    one = sources.member[sources.start[:-1]]
    return Rows(
        votes.found, sources, shown, votes.patterns.count, votes.holds[one],
        votes.precision[one], votes.anchor, votes.gold,
    )  # fmt: skip


def first(votes: Votes, of_lf: Ints) -> Floats:
    """Return the majority vote where each source counts once, float64[p, k]."""
    weight = counted_once(votes.patterns, votes.found, of_lf)
    soft = majority_vote(replace(votes.patterns, weight=weight), votes.holds, votes.precision).soft
    return soft if votes.gold is None else clamped(soft, votes.gold)


def clamped(soft: Floats, gold: Floats) -> Floats:
    """Return soft labels that are sure where gold is known."""
    known = soft * np.exp(gold)
    return np.asarray(known / known.sum(axis=1, keepdims=True))
