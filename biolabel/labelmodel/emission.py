"""What labeling functions emit given the label: the shapes in which estimators answer.

Bayes' rule turns it into evidence. A row with the votes V, of functions that are independent given
the label, has

    P(y, V) = P(y) * prod over votes s of P(s | y) * prod over silent functions of P(silent | y),

where the last product stands only where `abstains` says that silence is evidence. Without it a
vote counts with how much likelier each label is than the class prior, P(y | s) / P(y).

Where functions depend on each other, sources take their place (`Sources`), and where rows differ in
how much is said about them, whatever their label, paces stand beside the labels (`Mixture`). A source
g that emits the joint symbol s with the odds e^w(s, y) against silence at pace 1 does so with
f_u e^w(s, y) at pace u, so

    P(y, u, row) = P(y) P(u) prod over joint symbols s of the row of f_u e^w(s, y)
                             / prod over sources g of (1 + f_u odds(g, y)).
"""

from dataclasses import dataclass

import numpy as np

from biolabel.labelmodel.votes import Floats, Ints


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


@dataclass(frozen=True, slots=True)
class Quiet:
    """What silence says where functions may depend on each other in unknown ways (tempered.py).

    unit: int64[m], which functions are silent together; silence: float64[u, k], the log odds that a
    silent unit adds; repetition: what n votes for the same labels on one row lose (`repeated`).
    """

    unit: Ints
    silence: Floats
    repetition: float


@dataclass(frozen=True, slots=True)
class Sources:
    """Labeling functions that depend on each other, as one source of joint symbols.

    of_lf: int64[m], the source of each labeling function, numbered from 0; source: int64[j], the
    source of each joint symbol; start: int64[j + 1] and member: int64[start[-1]], the symbols that
    each consists of. A function outside of groups is a source of its own; its symbols are its votes.
    """

    of_lf: Ints
    source: Ints
    start: Ints
    member: Ints

    @property
    def number(self) -> int:
        """How many sources there are."""
        return int(self.of_lf.max(initial=-1)) + 1

    @property
    def size(self) -> Ints:
        """How many functions each source has: int64[g]."""
        return np.bincount(self.of_lf, minlength=self.number)

    @property
    def single(self) -> Ints:
        """The joint symbols of sources with one function: int64[<= j], sorted."""
        return np.flatnonzero(self.size[self.source] == 1)


@dataclass(frozen=True, slots=True)
class Mixture:
    """A label, a pace, and sources that speak or keep silent.

    prior: float64[k], the class prior among all rows; share and factor: float64[l], how many rows
    have a pace and by how much it multiplies the odds of speaking, with a mean factor of 1; weight:
    float64[j, k], the log odds of each joint symbol against silence at pace 1; odds: float64[g, k],
    of each source's speaking at all. One pace is the plain model of independent sources.
    """

    prior: Floats
    share: Floats
    factor: Floats
    weight: Floats
    odds: Floats

    @property
    def constant(self) -> Floats:
        """The log probability of a row without votes, with each label and pace: float64[k, l]."""
        silent = np.log1p(self.factor * self.odds[..., None]).sum(axis=0)
        return np.asarray(np.log(self.prior)[:, None] + np.log(self.share) - silent)


@dataclass(frozen=True, slots=True)
class SourceModel:
    """What a task's votes come from: its sources, and the mixture in which they speak."""

    sources: Sources
    mixture: Mixture
