"""Anchored EM: soft labels and what each symbol is worth, each estimated from the other.

The table P(label | symbol) becomes the mean soft label of the rows that show the symbol, drawn
toward its anchor in proportion to how often it was voted (a Dirichlet prior of `anchor`
pseudo-votes a vote), the reference the mean soft label, drawn toward equal shares by `balance`
pseudo-rows a row. The table is kept as P(label | symbol), which Bayes' rule turns into
P(symbol | label): this form needs no statement about abstains. They are no evidence here, because
with them EM on one-class rules drifts to another latent variable ("many patterns matched").
Nothing is clipped: how rare a symbol is does not enter its table.
"""

import numpy as np
import torch

from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.pooling import Flags, Pooled, anchors, clamped, pooled
from biolabel.labelmodel.votes import Floats, Patterns


def refine(
    patterns: Patterns, holds: Flags, precision: Floats, start: Pooled, settings: Settings
) -> tuple[Pooled, int, bool]:
    """Return the estimate that `start` leads to, the number of steps, and whether it converged.

    It has converged when no soft label moves by more than `settings.tolerance` in a step.
    """
    state, change, steps = start, np.inf, 0
    while change > settings.tolerance and steps < settings.max_iterations:
        following = _step(patterns, holds, precision, clamped(patterns, state.soft), settings)
        change = float((following.soft - state.soft).abs().max())
        state, steps = following, steps + 1
    return state, steps, change <= settings.tolerance


def _step(
    patterns: Patterns, holds: Flags, precision: Floats, soft: torch.Tensor, settings: Settings
) -> Pooled:
    """Return the table and the reference that soft labels imply, and the soft labels of those."""
    s, k = holds.shape
    expected = soft * torch.from_numpy(patterns.count)[:, None]
    shares = expected.sum(0).numpy() / patterns.count.sum()
    reference = (shares + settings.balance / k) / (1 + settings.balance)
    mass = torch.zeros(s, k, dtype=torch.float64).index_add_(
        0,
        torch.from_numpy(patterns.symbol),
        expected.index_select(0, torch.from_numpy(patterns.row)),
    )
    mean = mass.numpy() / mass.numpy().sum(1, keepdims=True)
    believed = anchors(holds, precision, reference)
    table = (mean + settings.anchor * believed) / (1 + settings.anchor)
    return pooled(patterns, table, reference)
