"""What soft labels are worth against the truth: the measures of `label_model.py`."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LEAST = 1e-6
"""The smallest probability that log loss counts, so that one sure error is not infinite."""


def f1(truth: Flags, said: Flags) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * float(np.sum(truth & said)) / max(1.0, float(np.sum(truth) + np.sum(said)))


def macro_f1(truth: Ints, probabilities: Floats) -> float:
    """Return the mean F1 of the labels that occur, each row as its likeliest label."""
    said = probabilities.argmax(axis=1)
    return float(np.mean([f1(truth == label, said == label) for label in np.unique(truth)]))


def accuracy(truth: Ints, probabilities: Floats) -> float:
    """Return the share of rows whose likeliest label is true."""
    return float(np.mean(probabilities.argmax(axis=1) == truth))


def average_precision(truth: Flags, score: Floats) -> float:
    """Return the area under precision and recall, ties taken together."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    right = np.cumsum(truth[order])[last]
    precision = right / (np.flatnonzero(last) + 1)
    return float(np.diff(right, prepend=0) @ precision / max(1, truth.sum()))


def log_loss(truth: Ints, probabilities: Floats) -> float:
    """Return the mean of -log P(true label), in nats."""
    own = probabilities[np.arange(len(probabilities)), truth]
    return float(-np.log(np.maximum(own, _LEAST)).mean())


def calibration_error(truth: Ints, probabilities: Floats) -> float:
    """Return the expected calibration error of the likeliest label, in ten bins."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((top * 10).astype(np.int64), 9)
    gaps = np.bincount(bins, weights=right - top, minlength=10)
    return float(np.abs(gaps).sum() / max(1, len(top)))


def mean_ranks(
    result: Mapping[str, Mapping[str, float | None]],
) -> tuple[dict[str, float], int]:
    """Return the mean rank of each method by a measure, and over how many sets: those of all methods.

    Failing counts as last; methods that are equal to a thousandth share their ranks.
    """
    methods = list(dict.fromkeys(it for found in result.values() for it in found))
    total, sets = np.zeros(len(methods)), 0
    for found in result.values():
        if not all(name in found for name in methods):
            continue
        values = np.array([found[name] or 0.0 for name in methods]).round(3)
        better = (values[None, :] > values[:, None]).sum(axis=1)
        total += 1 + better + ((values[None, :] == values[:, None]).sum(axis=1) - 1) / 2
        sets += 1
    return dict(zip(methods, (total / max(sets, 1)).tolist(), strict=True)), sets
