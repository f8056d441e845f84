"""What labeling functions emit given the label: the shape in which every estimator answers.

Bayes' rule turns it into evidence. A row with the votes V, of functions that are independent given
the label, has

    P(y, V) = P(y) * prod over votes s of P(s | y) * prod over silent functions of P(silent | y),

where the last product stands only where `abstains` says that silence is evidence. Without it a
vote counts with how much likelier each label is than the class prior, P(y | s) / P(y).
"""

from dataclasses import dataclass

from biolabel.labelmodel.votes import Floats


@dataclass(frozen=True, slots=True)
class Emission:
    """The tables of one exclusive task.

    prior: float64[k], the class prior among all rows that the estimate is of; table: float64[s, k],
    P(symbol | label), where the symbols of one labeling function sum to at most 1 for each label
    and the rest abstains; abstains: whether that rest counts as evidence.
    """

    prior: Floats
    table: Floats
    abstains: bool
