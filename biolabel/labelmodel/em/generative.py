"""One exclusive task with silence as evidence: from distinct rows of votes to a source model."""

from dataclasses import dataclass, replace

import numpy as np

from biolabel.labelmodel.em.emissions import Fit, converge
from biolabel.labelmodel.em.mixture import posterior_of
from biolabel.labelmodel.em.search import Votes, search
from biolabel.labelmodel.em.sources import counted_once
from biolabel.labelmodel.emission import SourceModel
from biolabel.labelmodel.moments.moments import indicators
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.pooling import Pooled, anchors, pooled
from biolabel.labelmodel.votes import Floats, Patterns


@dataclass(frozen=True, slots=True)
class Learned:
    """The source model, and what its votes amount to without silence.

    patterns: the distinct rows that were given, with votes weighed by the learned sources; pooled:
    P(label | symbol) of each symbol, the class prior, and the soft labels of the patterns; unvoted:
    float64[k], P(label) of a row without votes.
    """

    model: SourceModel
    patterns: Patterns
    pooled: Pooled
    unvoted: Floats
    iterations: int
    converged: bool


def learn(votes: Votes, silent: Floats, settings: Settings) -> Learned:
    """Return what the distinct rows of votes, and rows without votes, come from.

    silent: float64[k + 1], how many rows have no votes, by known label, those with an unknown one
    last.
    """
    seen = _with_silent(votes, silent)
    found = search(seen)
    rows = found.rows
    fit = converge(rows, found.fit.posterior.joint, settings.tolerance, settings.max_iterations)
    model = SourceModel(rows.sources, fit.mixture)
    weight = counted_once(votes.patterns, votes.found, rows.sources.of_lf)
    patterns = replace(votes.patterns, weight=weight)
    state = pooled(patterns, _of_symbols(seen, fit), fit.mixture.prior)
    nothing = posterior_of(fit.mixture, np.zeros((1, len(silent) - 1)), np.zeros(1, dtype=np.int64))
    return Learned(model, patterns, state, nothing.soft[0], fit.iterations, fit.converged)


def _with_silent(votes: Votes, silent: Floats) -> Votes:
    """Return the votes with a row more for each kind of rows without votes, and what gold says."""
    k = votes.holds.shape[1]
    kinds = np.flatnonzero(silent)
    count = np.concatenate([votes.patterns.count, silent[kinds]])
    patterns = replace(votes.patterns, count=count)
    if votes.patterns.gold is None:
        return replace(votes, patterns=patterns)
    gold = np.concatenate([votes.patterns.gold, np.where(kinds < k, kinds, -1)])
    possible = (gold[:, None] < 0) | (gold[:, None] == np.arange(k))
    return replace(votes, patterns=patterns, gold=np.where(possible, 0.0, -np.inf))


def _of_symbols(votes: Votes, fit: Fit) -> Floats:
    """Return P(label | symbol), drawn toward the stated precision as in the fit: float64[s, k]."""
    soft = fit.posterior.soft * votes.patterns.count[:, None]
    mass = np.asarray(indicators(votes.patterns, len(votes.holds)).T @ soft)
    voted = mass.sum(axis=1, keepdims=True)
    pseudo = votes.anchor.share * voted + votes.anchor.votes
    believed = anchors(votes.holds, votes.precision, fit.mixture.prior)
    return np.asarray((mass + pseudo * believed) / (voted + pseudo))
