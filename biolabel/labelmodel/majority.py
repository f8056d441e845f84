"""The weighted, grouped majority vote: every report's baseline, and where EM starts."""

import numpy as np

from biolabel.labelmodel.pooling import Flags, Pooled, anchors, pooled
from biolabel.labelmodel.votes import Floats, Patterns


def majority(patterns: Patterns, holds: Flags, precision: Floats) -> Pooled:
    """Return the soft labels where each vote counts with its believed precision.

    With equal precisions, the label with the most group-weighted votes is the likeliest one, and
    a tie stays a tie. holds: bool[s, k], the labels of each symbol; precision: float64[s].
    """
    k = holds.shape[1]
    equal = np.full(k, 1 / k)
    return pooled(patterns, anchors(holds, precision, equal), equal)
