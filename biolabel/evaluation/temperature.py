"""One temperature for the log-odds of probabilities, so that they mean what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.evaluation.calibration import check_probabilities

_BINS = 1 << 14
"""Bins of log-odds: .0025 wide, which moves a temperature by less than its sixth digit."""
Floats = NDArray[np.floating[Any]]

_COLDEST, _HOTTEST = 0.05, 20.0
"""No temperature outside makes a difference: beyond them all is 0 and 1, or all is 1/2."""


def fit_temperature(probabilities: Floats, target: Floats | NDArray[np.bool_]) -> float:
    """Return the temperature at which probabilities, float[n], are closest to others, float[n].

    The targets are what came true (0 or 1) or probabilities themselves; closest is the least cross
    entropy, which has one minimum. Without any rows, or where all probabilities are alike certain, the
    temperature is 1.

    Source: Guo et al. 2017, "On calibration of modern neural networks", section 4.2, for two classes.

    Raises:
        ModelError: BL880 for numbers outside [0, 1].
    """
    found, wanted = np.asarray(probabilities, np.float64), np.asarray(target, np.float64)
    for values in (found, wanted):
        check_probabilities(values)
    odds = log_odds(found)
    if not np.any(odds):
        return 1.0

    def entropy(log_temperature: float) -> float:
        scaled = odds / np.exp(log_temperature)
        return float(np.mean(np.logaddexp(0, scaled) - wanted * scaled))

    return _coolest(entropy)


@dataclass(frozen=True, slots=True)
class Spread:
    """What fitting a temperature needs of many probabilities and their targets; those of parts add up.

    number: float64[b], how many log-odds are in each of so many bins between the least and the
    greatest; odds: float64[b], their sum; pulled: the sum of log-odds times targets.
    """

    number: NDArray[np.float64]
    odds: NDArray[np.float64]
    pulled: float

    def __add__(self, other: "Spread") -> "Spread":
        """Return what two parts are together."""
        pulled = self.pulled + other.pulled
        return Spread(self.number + other.number, self.odds + other.odds, pulled)


def spread(probabilities: Floats, target: Floats | NDArray[np.bool_]) -> Spread:
    """Return what fitting needs of probabilities, float[n], and their targets.

    Raises:
        ModelError: BL880 for numbers outside [0, 1].
    """
    found, wanted = np.asarray(probabilities, np.float64), np.asarray(target, np.float64)
    for values in (found, wanted):
        check_probabilities(values)
    odds = log_odds(found)
    most = float(log_odds(np.ones(1))[0])
    at = np.clip((odds + most) / (2 * most) * _BINS, 0, _BINS - 1).astype(np.int64)
    number = np.bincount(at, minlength=_BINS).astype(np.float64)
    total = np.bincount(at, odds, _BINS).astype(np.float64)
    return Spread(number, total, float(odds @ wanted))


def spread_temperature(found: Spread) -> float:
    """Return the temperature of `fit_temperature`, for probabilities that were counted in bins."""
    there = found.number > 0
    number, total = found.number[there], found.number.sum()
    odds = found.odds[there] / number
    if not np.any(odds):
        return 1.0

    def entropy(log_temperature: float) -> float:
        heat = np.exp(log_temperature)
        return float((number @ np.logaddexp(0, odds / heat) - found.pulled / heat) / total)

    return _coolest(entropy)


def _coolest(entropy: Callable[[float], float]) -> float:
    """Return the temperature whose logarithm has the least entropy."""
    # It takes a third of a second to import, which whoever only reads assertions does without.
    from scipy.optimize import minimize_scalar

    bounds = (np.log(_COLDEST), np.log(_HOTTEST))
    return float(np.exp(minimize_scalar(entropy, bounds=bounds, method="bounded").x))


def tempered(probabilities: Floats, temperature: float) -> NDArray[np.float64]:
    """Return probabilities, float[n], with their log-odds divided by a temperature."""
    scaled = log_odds(np.asarray(probabilities, np.float64)) / temperature
    return np.asarray(np.exp(-np.logaddexp(0, -scaled)))


def tempered_one(probability: float, temperature: float) -> float:
    """Return one probability with its log-odds divided by a temperature."""
    return float(tempered(np.array([probability]), temperature)[0])


def log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-odds of probabilities, those of 0 and 1 as of 1e-9 beside them."""
    clipped = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
