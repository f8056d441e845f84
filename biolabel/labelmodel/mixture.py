"""The posterior of rows under a mixture: which label and which pace they have.

The pace is what long sentences have: rules of all labels match more often. Without it, EM that counts
silence as evidence takes it for the label. It enters by the number of symbols of a row alone, so it
costs next to nothing.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse

from biolabel.labelmodel.emission import Emission, Mixture
from biolabel.labelmodel.votes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Posterior:
    """What a mixture makes of rows.

    joint: float64[p, k, l], P(label, pace | row); evidence: float64[p], log P(row).
    """

    joint: torch.Tensor
    evidence: torch.Tensor

    @property
    def soft(self) -> torch.Tensor:
        """P(label | row): float64[p, k]."""
        return self.joint.sum(dim=2)


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
    joint = torch.from_numpy(evidence)[:, :, None] + torch.from_numpy(mixture.constant)
    if len(mixture.factor) > 1:
        pace = torch.from_numpy(size.astype(np.float64))[:, None] * torch.from_numpy(
            np.log(mixture.factor)
        )
        joint += pace[:, None]
    total = joint.flatten(1).logsumexp(dim=1)
    return Posterior(torch.exp(joint - total[:, None, None]), total)


def independent(emission: Emission, lf: Ints, m: int) -> Mixture:
    """Return the mixture of one pace in which each function is a source: how an emission pools.

    lf: int64[s], the function of each symbol, of m. Only for an emission whose silence is evidence.
    """
    voiced = np.stack([np.bincount(lf, column, m) for column in emission.table.T], axis=1)
    silent = np.maximum(1 - voiced, 1e-12)
    weight = np.log(np.maximum(emission.table, 1e-300)) - np.log(silent[lf])
    return Mixture(emission.prior, np.ones(1), np.ones(1), weight, voiced / silent)
