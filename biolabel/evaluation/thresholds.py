"""Decision thresholds: what a model's own probabilities suggest, and what known labels do."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.evaluation.calibration import check_probabilities

Doubles = NDArray[np.float64]


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


def expected_f1_thresholds(above: Callable[[Doubles], Doubles], n: int) -> Doubles:
    """Return the threshold of `expected_f1_threshold` for n labels whose probabilities lie in parts.

    above: takes float64[n], a limit for each label, and returns float64[2, n]: how many probabilities
    are at least that, and their sum. It is asked some times, until the largest expected F1 stays what
    it is: with a guess of it, most is gained with all that are more probable than its half.

    Source: Dinkelbach 1967, "On nonlinear fractional programming", Management Science 13, for the
    ratio of theorem 1 of Lipton, Elkan, Naryanaswamy 2014.
    """
    count, total = above(np.zeros(n))
    best = _ratio(2 * total, count + total)
    while True:
        number, taken = above(best / 2)
        better = _ratio(2 * taken, number + total)
        if (better <= best).all():
            return np.where(total > 0, best / 2, 0.5)
        best = np.maximum(best, better)


def _ratio(over: Doubles, under: Doubles) -> Doubles:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0)


def best_threshold(
    probabilities: NDArray[np.floating[Any]], right: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the threshold with the largest F1 on candidates whose truth is known, and that F1.

    probabilities: float[n]; right: bool[n]. It lies in the middle between two probabilities; of equally
    good ones it is the lowest, so that nothing is left out without need. Without a true candidate it
    is 0, and so is F1.

    Raises:
        ModelError: BL880 for probabilities outside [0, 1].
    """
    values = np.asarray(probabilities, dtype=np.float64)
    check_probabilities(values)
    order = np.argsort(-values, kind="stable")
    values, true = values[order], np.cumsum(np.asarray(right, dtype=bool)[order])
    if not len(values) or not true[-1]:
        return 0.0, 0.0
    f1 = 2 * true / (np.arange(1, len(values) + 1) + true[-1])
    ends = np.flatnonzero(np.append(values[1:] < values[:-1], True))
    last = int(ends[len(ends) - 1 - np.argmax(f1[ends][::-1])])
    below = values[last + 1] if last + 1 < len(values) else 0.0
    return float(values[last] + below) / 2, float(f1[last])
