"""The decision threshold that a model's own probabilities suggest, without gold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.evaluation.calibration import check_probabilities


def expected_f1_threshold(probabilities: NDArray[np.floating[Any]], floor: float = 0.0) -> float:
    """Return the probability from which on to predict, for the largest expected F1.

    probabilities: float[n], of the same label for every candidate that could have it. With the
    i most probable of them predicted, F1 is expected to be 2 * (p_1 + ... + p_i) / (i + p_1 + ... +
    p_n), and the best threshold is half of the largest such value. The ratio of the expectations
    stands for the expectation of the ratio, which is close for many candidates. The threshold is at
    least `floor`, and 0.5 at the least where no candidate has any probability.

    Source: Lipton, Elkan, Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1
    measure", theorem 1.

    Raises:
        ModelError: BL880 for probabilities outside [0, 1].
    """
    values = np.sort(np.asarray(probabilities, dtype=np.float64))[::-1]
    check_probabilities(values)
    total = values.sum()
    if not total:
        return max(floor, 0.5)
    expected = 2 * np.cumsum(values) / (np.arange(1, len(values) + 1) + total)
    return max(float(expected.max()) / 2, floor)
