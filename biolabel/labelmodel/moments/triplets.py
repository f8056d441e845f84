"""Triplets: tables in closed form, from how three independent functions agree pair by pair.

For a label against the rest with prior p, and x_a the indicator of symbol a, symbols that are
independent given whether the label holds have the covariances and third central moments

    C_ab = v_a v_b,   T_abc = v_a v_b v_c (1 - 2p) / sqrt(p (1 - p)),
    v_a = sqrt(p (1 - p)) * (P(a | label) - P(a | rest)),

so v_a^2 = C_ab C_ac / C_bc for any two partners b and c, and T tells p: Fu et al. ("Fast and
Three-rious", ICML 2020, section 3) with symbols in place of votes of +1 and -1, so that abstains
and functions with one symbol need no case of their own, and with the class prior learned instead of
given. Each number is a weighted median over all partners: few wrong ones do not move it.
"""

from dataclasses import dataclass

import numpy as np

from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.moments.completion import Triples
from biolabel.labelmodel.moments.moments import Moments
from biolabel.labelmodel.pooling import Flags, anchors
from biolabel.labelmodel.votes import Floats, Ints

PARTNERS = 40
"""Partners of a symbol at most, the most frequent: 780 triplets for one number."""

_CLEAR = 3.0
"""Standard errors from 0 at which two symbols agree enough to divide by it."""

_ROUNDS = 3
"""Times that v is averaged with what all partners, not the clear ones alone, make of it."""

_RARE = 0.5
"""Pseudo-rows a label that show a symbol which the closed form has below 0."""


@dataclass(frozen=True, slots=True)
class Tripled:
    """The emission by triplets, and which symbols had the partners for it: bool[s].

    The others have their stated precision. known: bool[k], the labels whose prior third moments
    tell; the others share what is left.
    """

    emission: Emission
    solved: Flags
    known: Flags


def tripled(
    moments: Moments, counted: Triples, holds: Flags, precision: Floats, apart: Flags
) -> Tripled:
    """Return the tables and class prior of one task in closed form.

    holds: bool[s, k]; precision: float64[s], of symbols without two independent partners that agree
    clearly; apart: bool[s, s], which pairs are of functions that are independent given the label.
    """
    s, k = holds.shape
    n = max(moments.rows, 1.0)
    rate = moments.once / n
    covariance = moments.twice / n - np.outer(rate, rate)
    spread = rate * (1 - rate)
    error = np.maximum(np.sqrt(np.outer(spread, spread) / n), 1e-12)
    apart = apart & (moments.lf[:, None] != moments.lf)
    prior, table = np.full(k, np.nan), np.zeros((s, k))
    solved = np.zeros(s, dtype=np.bool_)
    shift = np.zeros((s, k))
    for label in range(1 if k == 2 else 0, k):
        sign = _signs(holds, label)
        partners = np.flatnonzero(sign)
        partners = np.sort(partners[np.argsort(-moments.once[partners], kind="stable")][:PARTNERS])
        size = _sizes(covariance, error, apart, partners, sign)
        for _ in range(_ROUNDS):
            size = _between(size, _shifts(covariance, error, apart, partners, size))
        shift[:, label] = _shifts(covariance, error, apart, partners, size)
        prior[label] = _prior(moments, counted, covariance, apart, size)
        solved |= ~np.isnan(shift[:, label])
    if k == 2:
        prior[0], shift[:, 0] = 1 - prior[1], -shift[:, 1]
    known = ~np.isnan(prior)
    prior = _completed(prior)
    table = rate[:, None] + shift * np.sqrt((1 - prior) / prior)
    believed = anchors(holds, precision, prior) / prior * rate[:, None]
    table = np.where(np.isnan(table), believed, table)
    return Tripled(Emission(prior, _valid(table, prior, moments), True), solved, known)


def _signs(holds: Flags, label: int) -> Ints:
    """Return int64[s]: 1 for symbols of a label alone, -1 for those of the only other label, else 0.

    Of a label that no symbol names alone, those that name the fewest others stand in.
    """
    size = holds.sum(axis=1)
    if holds.shape[1] == 2:
        return np.where(size == 1, np.where(holds[:, label], 1, -1), 0)
    named = np.where(holds[:, label], size, holds.shape[1])
    fewest = int(named.min(initial=holds.shape[1]))
    return np.where((named == fewest) & (fewest < holds.shape[1]), 1, 0)


def _sizes(covariance: Floats, error: Floats, apart: Flags, partners: Ints, sign: Ints) -> Floats:
    """Return v of the partners by triplets, float64[s]; NaN where there are none."""
    grid = np.ix_(partners, partners)
    own = covariance[grid] * np.outer(sign[partners], sign[partners])
    free = apart[grid]
    clear = free & (own > _CLEAR * error[grid])
    result = np.full(len(covariance), np.nan)
    for at, symbol in enumerate(partners):
        usable = clear & free[at][:, None] & free[at]
        one, other = np.nonzero(np.triu(usable))
        if len(one):
            square = own[at, one] * own[at, other] / own[one, other]
            weight = own[one, other] / error[grid][one, other]
            size = np.sqrt(max(_median(square, weight), 0.0))
            result[symbol] = sign[symbol] * size
    return result


def _shifts(
    covariance: Floats, error: Floats, apart: Flags, partners: Ints, size: Floats
) -> Floats:
    """Return v of every symbol from its covariances with solved partners, float64[s] or NaN."""
    own = partners[np.nan_to_num(np.abs(size[partners])) > 0]
    result = np.full(len(covariance), np.nan)
    for symbol in range(len(covariance)):
        near = own[apart[symbol, own]]
        if len(near):
            weight = np.abs(size[near]) / error[symbol, near]
            result[symbol] = _median(covariance[symbol, near] / size[near], weight)
    return result


def _between(size: Floats, shift: Floats) -> Floats:
    """Return the geometric means of two estimates of v that agree in sign, else NaN.

    Sizes that are all too large by a factor give shifts that are too small by it.
    """
    return np.where(size * shift > 0, np.sign(size) * np.sqrt(np.abs(size * shift)), np.nan)


def _prior(
    moments: Moments, counted: Triples, covariance: Floats, apart: Flags, size: Floats
) -> float:
    """Return p from the third moments of solved partners, or NaN where there are none."""
    solved = np.nan_to_num(np.abs(size)) > 0
    one, other, third = counted.symbol.T
    usable = solved[counted.symbol].all(axis=1)
    usable &= apart[one, other] & apart[one, third] & apart[other, third]
    if not usable.any():
        return np.nan
    n = max(moments.rows, 1.0)
    one, other, third = counted.symbol[usable].T
    x, y, z = (moments.once[at] / n for at in (one, other, third))
    central = counted.count[usable] / n - x * y * z
    central -= x * covariance[other, third] + y * covariance[one, third]
    central -= z * covariance[one, other]
    scale = size[one] * size[other] * size[third]
    skew = _median(central / scale, np.abs(scale) / np.sqrt(x * y * z))
    return float((1 - skew / np.hypot(skew, 2)) / 2)


def _median(values: Floats, weights: Floats) -> float:
    """Return the weighted median."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(total, total[-1] / 2)]])


def _completed(prior: Floats) -> Floats:
    """Return a class prior that sums to 1; labels that are NaN share what the others leave."""
    unknown = np.isnan(prior)
    left = max(1 - prior[~unknown].sum(), 1e-3)
    filled = np.where(unknown, left / max(unknown.sum(), 1), prior)
    return filled / filled.sum()


def _valid(table: Floats, prior: Floats, moments: Moments) -> Floats:
    """Return the table as probabilities: none below a pseudo-row, rates as they were counted."""
    least = _RARE / (moments.rows * prior + 1)
    table = np.maximum(table, np.minimum(least, moments.once[:, None] / max(moments.rows, 1.0)))
    table = table * (moments.once / max(moments.rows, 1.0) / (table @ prior))[:, None]
    spoken = np.zeros((int(moments.lf.max(initial=-1)) + 1, len(prior)))
    np.add.at(spoken, moments.lf, table)
    return np.asarray(table / np.maximum(1.0, spoken[moments.lf]))
