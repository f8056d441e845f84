"""Planted votes of one task in which functions repeat others, as rules over the same list do."""

from dataclasses import replace

import numpy as np

from biolabel.labelmodel.planted.draw import Behavior, Planted, plant
from biolabel.labelmodel.planted.single import affirms, denies, rule


def copied(generator: np.random.Generator, n: int, share: float = 0.05) -> Planted:
    """Return votes where four near-copies of one noisy knowledge base rule share a group."""
    base = Behavior((2,), np.array([[0.1], [0.5]]), frozenset({"kb"}), copies=3, loyalty=0.97)
    behaviors = [base, *(affirms(generator, 0.005, 0.02) for _ in range(4))]
    behaviors += [denies(generator) for _ in range(4)]
    return plant(generator, n, (1 - share, share), behaviors)


def repeated(generator: np.random.Generator, n: int, loyalty: float, share: float = 0.3) -> Planted:
    """Return two-sided votes of eight functions, and of three weak ones with 2, 3 and 4 copies.

    Nothing declares which repeat which. loyalty: the share of rows on which a copy does what the
    copied function does, whatever that is.
    """
    behaviors = [
        replace(_two_sided(generator, 0.55, 0.65), copies=copies, loyalty=loyalty)
        for copies in (2, 3, 4)
    ]
    behaviors += [_two_sided(generator, 0.65, 0.9) for _ in range(8)]
    return plant(generator, n, (1 - share, share), behaviors)


def repeated_rules(
    generator: np.random.Generator, n: int, loyalty: float, share: float = 0.2
) -> Planted:
    """Return one-class votes of 0.2 to 20 % of the candidates, with copies of four of the rules.

    Nothing declares which repeat which. Of twenty rules, two for each label have 2 to 4 copies.
    """
    behaviors = [rule(generator, share, lf % 2, 0.002, 0.2) for lf in range(16)]
    for lf, copies in enumerate((4, 4, 2, 3)):
        copied_rule = rule(generator, share, lf % 2, 0.05, 0.2)
        behaviors.append(replace(copied_rule, copies=copies, loyalty=loyalty))
    return plant(generator, n, (1 - share, share), behaviors)


def _two_sided(generator: np.random.Generator, low: float, high: float) -> Behavior:
    coverage, accuracy = generator.uniform(0.3, 0.7), generator.uniform(low, high)
    right, wrong = coverage * accuracy, coverage * (1 - accuracy)
    return Behavior((1, 2), np.array([[right, wrong], [wrong, right]]))
