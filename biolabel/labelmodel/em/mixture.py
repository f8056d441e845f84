"""The posterior of rows under a mixture: which label and which pace they have.

The pace is what long sentences have: rules of all labels match more often. Without it, EM that counts
silence as evidence takes it for the label. It enters by the number of symbols of a row alone, so it
costs next to nothing.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from biolabel.labelmodel.emission import Emission, Mixture
from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Posterior:
    """What a mixture makes of rows.

    joint: float64[p, k, l], P(label, pace | row); evidence: float64[p], log P(row).
    """

    joint: Floats
    evidence: Floats

    @property
    def soft(self) -> Floats:
        """P(label | row): float64[p, k]."""
        return one_pace(self.joint)


def one_pace(joint: Floats) -> Floats:
    """Return P(label | row), float64[p, k], of P(label, pace | row), float64[p, k, l]."""
    return joint[:, :, 0] if joint.shape[2] == 1 else joint.sum(axis=2)


def posterior(mixture: Mixture, shown: sparse.csr_matrix, gold: Floats | None = None) -> Posterior:
    """Return the posterior of rows.

    shown: float64[p, j], which row shows which joint symbol; gold: float64[p, k], 0 for labels that a
    row can have and -inf for those that it cannot, None where nothing is known.
    """
    evidence = shown @ mixture.weight
    return posterior_of(
        mixture, evidence if gold is None else evidence + gold, np.diff(shown.indptr)
    )


def posterior_of(mixture: Mixture, evidence: Floats, size: Ints) -> Posterior:
    """Return the posterior of rows with the sum of their symbols' weights, and how many they are.

    evidence: float64[n, k]; size: int64[n].
    """
    # Labels and paces first: sums over a short last axis are ten times slower. Numpy, not torch, whose
    # threads wait for each other on arrays of this size.
    log = evidence.T[:, None] + mixture.constant[..., None]
    if len(mixture.factor) > 1:
        log += np.log(mixture.factor)[:, None] * size
    highest = log.max(axis=(0, 1)) if log.size else np.zeros(log.shape[2])
    joint = np.exp(np.subtract(log, highest, out=log), out=log)
    total = joint.sum(axis=(0, 1))
    joint /= total
    return Posterior(joint.transpose(2, 0, 1), highest + np.log(total))


def independent(emission: Emission, lf: Ints, m: int) -> Mixture:
    """Return the mixture of one pace in which each function is a source: how an emission pools.

    lf: int64[s], the function of each symbol, of m. Only for an emission whose silence is evidence.
    """
    voiced = np.stack([np.bincount(lf, column, m) for column in emission.table.T], axis=1)
    silent = np.maximum(1 - voiced, 1e-12)
    weight = np.log(np.maximum(emission.table, 1e-300)) - np.log(silent[lf])
    return Mixture(emission.prior, np.ones(1), np.ones(1), weight, voiced / silent)
