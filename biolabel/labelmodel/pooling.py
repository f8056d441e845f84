"""Pooling: what votes say together, given what each says alone.

A symbol s (one labeling function's one vote) is worth its table row q_s(y) = P(label y | s). With
reference shares b(y) and weights w, the votes V of a row give

    P(y | V) ~ b(y) * prod over s in V of (q_s(y) / b(y)) ** w_s,

Bayes' rule for votes that are independent given the label, where an absent vote says nothing.
Each distinct symbol is one term, so a vote for a set of labels is counted once, not once a label.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from biolabel.labelmodel.votes import Floats, Ints, Patterns

Flags = NDArray[np.bool_]

MAX_PRECISION = 0.99
"""The most that a stated precision is believed: at 1 a single vote would silence all others."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The table (float64[s, k]), the reference (float64[k]) and the soft labels of patterns."""

    table: Floats
    reference: Floats
    soft: Floats


def allowed(mask: Ints, k: int) -> Flags:
    """Return bool[s, k]: whether each mask holds each of the k labels."""
    return (mask[:, None] >> np.arange(k)) & 1 == 1


def anchors(holds: Flags, precision: Floats, reference: Floats) -> Floats:
    """Return the table that symbols are believed to have before any data, float64[s, k].

    A vote is right with its stated precision, and at least better than chance by the odds that
    the precision would mean for an even choice: a rule for a label that 95 % of rows have, with
    precision .7, is believed to be right in 97.8 %. Labels inside (and outside) the voted set
    share by the reference. holds: bool[s, k]; precision: float64[s]; reference: float64[k].
    """
    precision = np.minimum(precision, MAX_PRECISION)
    inside, outside = np.where(holds, reference, 0.0), np.where(holds, 0.0, reference)
    share, rest = inside.sum(1), outside.sum(1)
    odds = precision * share, (1 - precision) * rest
    right = np.maximum(precision, odds[0] / (odds[0] + odds[1]))
    vacuous = rest == 0  # a vote for all labels says nothing
    outer = (1 - right) / np.where(vacuous, 1.0, rest)
    table = (right / share)[:, None] * inside + outer[:, None] * outside
    return np.where(vacuous[:, None], reference, table)


def evidence(symbol: Ints, weight: Floats, table: Floats, reference: Floats) -> Floats:
    """Return w_s log(q_s(y) / b(y)) of each vote in nats, float64[v, k]."""
    return np.asarray((np.log(table) - np.log(reference))[symbol] * weight[:, None])


def logits(n: int, row: Ints, votes: Floats, reference: Floats) -> Floats:
    """Return the log posterior of n rows up to a constant, float64[n, k].

    row: int64[v], the row of each vote; votes: float64[v, k], their evidence.
    """
    return np.log(reference) + summed(n, row, votes)


def summed(n: int, row: Ints, votes: Floats) -> Floats:
    """Return the sum of the votes of each of n rows, float64[n, k]: a column at a time, which is fast."""
    return np.stack([np.bincount(row, column, n) for column in votes.T], axis=1)


def clamped(patterns: Patterns, soft: Floats) -> Floats:
    """Return soft labels, float64[p, k], that are sure where gold is known."""
    if patterns.gold is None:
        return soft
    gold = patterns.gold[:, None]
    return np.where(gold < 0, soft, gold == np.arange(soft.shape[1]))


def pooled(patterns: Patterns, table: Floats, reference: Floats) -> Pooled:
    """Return the soft labels of the patterns under a table, with the table and the reference."""
    votes = evidence(patterns.symbol, patterns.weight, table, reference)
    whole = logits(len(patterns.count), patterns.row, votes, reference)
    return Pooled(table, reference, np.asarray(softmax(whole, axis=1)))
