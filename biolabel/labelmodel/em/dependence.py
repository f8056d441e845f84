"""How much two labeling functions say the same beyond what the label explains, in nats.

For two functions, the table of what they say together, silence included, is compared to the table
that they would have if they were independent given the label (and the pace) under the current soft
labels. The sum of n log(n / expected) over its cells is the log likelihood that a joint table wins.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from biolabel.labelmodel.moments.moments import indicators
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols


@dataclass(frozen=True, slots=True)
class Pairs:
    """What functions say together, from all rows.

    shown: float64[p, s], which row shows which symbol; count: float64[p]; lf: int64[s + m], the
    function of each symbol, then of each silence; twice: float64[s + m, s + m], on how many rows two
    of them meet.
    """

    shown: sparse.csr_matrix
    count: Floats
    lf: Ints
    twice: Floats

    @classmethod
    def of(cls, patterns: Patterns, found: Symbols, m: int) -> "Pairs":
        """Return the pairs of the symbols of m functions."""
        shown = indicators(patterns, len(found.lf))
        weighed = shown.copy()
        weighed.data = np.repeat(patterns.count, np.diff(shown.indptr))
        both = (weighed.T @ shown).toarray()
        own = _sum_by_function(found.lf, m)
        once, rows = both.diagonal(), patterns.count.sum()
        speaks = own @ once
        silent = once[None] - own @ both
        neither = rows - speaks[:, None] - speaks[None] + own @ both @ own.T
        twice = np.block([[both, silent.T], [silent, neither]])
        return cls(shown, patterns.count, np.concatenate([found.lf, np.arange(m)]), twice)

    def gains(self, joint: Floats) -> Floats:
        """Return the nats that a joint table of two functions wins less its cost, float64[m, m].

        joint: float64[p, k, l], the current P(label, pace | row). A function with itself has -inf.
        The cost is half the logarithm of the rows for each of its numbers (Schwarz 1978).
        """
        states = joint.reshape(len(joint), joint.shape[1] * joint.shape[2]) * self.count[:, None]
        rows = states.sum(axis=0)
        m = len(self.lf) - self.shown.shape[1]
        own = _sum_by_function(self.lf[: self.shown.shape[1]], m)
        rate = (np.asarray(self.shown.T @ states) + 1e-3) / (rows + 2e-3)
        rate = np.vstack([rate, np.maximum(1 - own @ rate, 1e-9)])
        expected = np.maximum((rate * rows) @ rate.T, 1e-12)
        seen = np.maximum(self.twice, 0)
        nats = np.where(seen > 0, seen * np.log(np.maximum(seen, 1e-12) / expected), 0.0)
        every = _sum_by_function(self.lf, m)
        kinds = np.asarray(own.sum(axis=1)).ravel()
        labels = joint.shape[1]
        cost = 0.5 * labels * np.outer(kinds, kinds) * np.log(max(self.count.sum(), 1.0))
        gains = np.asarray(every @ nats @ every.T) - cost
        np.fill_diagonal(gains, -np.inf)
        return gains


def _sum_by_function(lf: Ints, m: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(lf)), (lf, np.arange(len(lf)))), shape=(m, len(lf)))
