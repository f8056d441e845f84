"""Planted votes of one task, whose functions are independent given the label.

Each set shows one way in which label models are known to go wrong (the traps of the design page).
"""

import numpy as np

from biolabel.labelmodel.planted.draw import Behavior, Pace, Planted, plant
from biolabel.labelmodel.pooling import allowed


def two_sided(generator: np.random.Generator, n: int, share: float, m: int = 10) -> Planted:
    """Return votes of m functions that vote for both labels, equally right on either."""
    behaviors = []
    for coverage, accuracy in zip(
        generator.uniform(0.3, 0.7, m), generator.uniform(0.65, 0.95, m), strict=True
    ):
        right, wrong = coverage * accuracy, coverage * (1 - accuracy)
        behaviors.append(Behavior((1, 2), np.array([[right, wrong], [wrong, right]])))
    return plant(generator, n, (1 - share, share), behaviors)


def one_sided(generator: np.random.Generator, n: int, share: float) -> Planted:
    """Return votes of five functions that only affirm and five that only deny, as rules do."""
    behaviors = [affirms(generator, 0.005, 0.05) for _ in range(5)]
    behaviors += [denies(generator) for _ in range(5)]
    return plant(generator, n, (1 - share, share), behaviors)


def five_labels(generator: np.random.Generator, n: int, m: int = 12) -> Planted:
    """Return votes for each of five labels of unequal shares, equally right on all."""
    shares = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    behaviors = []
    for coverage, accuracy in zip(
        generator.uniform(0.3, 0.7, m), generator.uniform(0.5, 0.85, m), strict=True
    ):
        wrong = np.full((5, 5), (1 - accuracy) / 4)
        table = coverage * np.where(np.eye(5, dtype=np.bool_), accuracy, wrong)
        behaviors.append(Behavior(tuple(1 << label for label in range(5)), table))
    return plant(generator, n, shares.tolist(), behaviors)


def rare_rules(generator: np.random.Generator, n: int, share: float = 0.2, m: int = 20) -> Planted:
    """Return one-class votes of 0.2 to 20 % of the candidates, half of the functions for each label."""
    behaviors = [rule(generator, share, lf % 2, 0.002, 0.2) for lf in range(m)]
    return plant(generator, n, (1 - share, share), behaviors)


def many_functions(
    generator: np.random.Generator, n: int, share: float = 0.2, m: int = 400
) -> Planted:
    """Return one-class votes of 400 functions, each on 0.2 to 5 % of the candidates."""
    behaviors = [rule(generator, share, lf % 2, 0.002, 0.05) for lf in range(m)]
    return plant(generator, n, (1 - share, share), behaviors)


def eager(generator: np.random.Generator, n: int, share: float = 0.3) -> Planted:
    """Return one-class votes that come together on some rows, whatever their label."""
    behaviors = []
    for lf in range(16):
        label = lf % 2
        coverage, precision = generator.uniform(0.05, 0.15), generator.uniform(0.6, 0.85)
        rates = np.full(2, coverage * (1 - precision))
        rates[label] = coverage * precision
        table = rates / np.array([1 - share, share])
        behaviors.append(Behavior((1 << label,), table[:, None]))
    paces = (Pace(0.7, 0.4), Pace(0.3, 3.0))
    return plant(generator, n, (1 - share, share), behaviors, paces)


def hierarchy(generator: np.random.Generator, n: int) -> Planted:
    """Return votes on eight labels in two halves: some name a label, some only its half."""
    levels = (0b00001111, 0b11110000), tuple(1 << label for label in range(8))
    behaviors = []
    for lf in range(10):
        masks = levels[lf % 2]
        accuracy = generator.uniform(0.6, 0.9)
        right = allowed(np.array(masks), 8).T
        wrong = (1 - accuracy) / (len(masks) - 1)
        behaviors.append(Behavior(masks, 0.5 * np.where(right, accuracy, wrong)))
    return plant(generator, n, (1 / 8,) * 8, behaviors)


def affirms(generator: np.random.Generator, low: float, high: float) -> Behavior:
    """Return a rule for the second label, wrong on a rate of the others between low and high."""
    table = [[generator.uniform(low, high)], [generator.uniform(0.2, 0.6)]]
    return Behavior((2,), np.array(table))


def denies(generator: np.random.Generator) -> Behavior:
    """Return a rule for the first label."""
    table = [[generator.uniform(0.2, 0.5)], [generator.uniform(0.02, 0.1)]]
    return Behavior((1,), np.array(table))


def rule(
    generator: np.random.Generator, share: float, label: int, rarest: float, commonest: float
) -> Behavior:
    """Return a one-class rule whose coverage lies between two rates, evenly on a log scale.

    share: of the second label. Its precision lies between 30 and 80 % of the way from the label's
    share to 1, and it finds at most .9 of the label's candidates.
    """
    own = share if label else 1 - share
    precision = own + (1 - own) * generator.uniform(0.3, 0.8)
    coverage = np.exp(generator.uniform(np.log(rarest), np.log(commonest)))
    coverage = min(coverage, 0.9 * own / precision)
    rates = np.full(2, coverage * (1 - precision) / (1 - own))
    rates[label] = coverage * precision / own
    return Behavior((1 << label,), rates[:, None])
