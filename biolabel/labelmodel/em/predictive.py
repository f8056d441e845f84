"""Soft labels of any rows under a fitted source model, chunk by chunk, in little memory."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.em.mixture import posterior_of
from biolabel.labelmodel.em.sources import cells
from biolabel.labelmodel.emission import Mixture, SourceModel
from biolabel.labelmodel.votes import Floats, Ints, Symbols, fingerprints, row_starts

_CHUNK = 1 << 14
"""Rows at a time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The symbols of a label matrix as an estimate knows them.

    lf: int64[m], the number of each labeling function in the estimate; number: int64[s], that of
    each symbol, from n_known on for votes that it has not seen; table: float64[s, k], P(label |
    symbol).
    """

    found: Symbols
    lf: Ints
    number: Ints
    n_known: int
    table: Floats


def predicted(matrix: LabelMatrix, reading: Reading, model: SourceModel) -> Floats:
    """Return P(label | votes) of each candidate, float64[n, k], with the silence of all functions.

    What a group has not said in fitting counts as the mean of its votes, each alone. Functions that
    the matrix lacks are left out, they are not silent.
    """
    sources, found = model.sources, reading.found
    source = sources.of_lf[reading.lf[found.lf]]
    lift = np.log(reading.table) - np.log(model.mixture.prior)
    lift += np.log1p(model.mixture.odds[source])
    alone = sources.size[source] == 1
    seen = alone & (reading.number < reading.n_known)
    weight = lift.copy()
    weight[seen] = _weights_alone(model, reading.n_known)[reading.number[seen]]
    present = np.isin(np.arange(sources.number), sources.of_lf[reading.lf])
    mixture = replace(model.mixture, odds=model.mixture.odds * present[:, None])
    groups = _Groups.of(model, reading, lift) if not alone.all() else None
    result = np.empty((matrix.n_candidates, weight.shape[1]))
    starts = row_starts(matrix)
    for low in range(0, matrix.n_candidates, _CHUNK):
        n = min(_CHUNK, matrix.n_candidates - low)
        rows, bounds = slice(low, low + n), starts[low : low + n + 1]
        symbol = found.of_vote[bounds[0] : bounds[-1]]
        if groups is None:
            result[rows] = _posterior(mixture, bounds - bounds[0], symbol, weight)
            continue
        row, own = np.repeat(np.arange(n), np.diff(bounds)), alone[symbol]
        cell, evidence = groups.evidence(row[~own], symbol[~own].astype(np.int64), source)
        all_rows = np.concatenate([row[own], cell])
        each = np.concatenate([symbol[own], len(weight) + np.arange(len(cell))])
        order = np.argsort(all_rows, kind="stable")
        both = np.concatenate([weight, evidence])
        ends = np.concatenate([[0], np.cumsum(np.bincount(all_rows, minlength=n))])
        result[rows] = _posterior(mixture, ends, each[order], both)
    return result


@dataclass(frozen=True, slots=True)
class _Groups:
    """The joint symbols of groups by their fingerprint; lift: what the votes are worth alone."""

    print: NDArray[np.uint64]
    weight: Floats
    lift: Floats
    mark: NDArray[np.uint64]

    @classmethod
    def of(cls, model: SourceModel, reading: Reading, lift: Floats) -> "_Groups":
        sources = model.sources
        mark = fingerprints(max(reading.n_known, int(reading.number.max(initial=0)) + 1))
        prints = np.add.reduceat(mark[sources.member], sources.start[:-1])
        order = np.argsort(prints)
        return cls(prints[order], model.mixture.weight[order], lift, mark[reading.number])

    def evidence(self, row: Ints, symbol: Ints, source: Ints) -> tuple[Ints, Floats]:
        """Return the rows of cells and what each is worth, int64[c] and float64[c, k]."""
        found = cells(row, symbol, source[symbol], self.mark)
        at = np.searchsorted(self.print, found.print).clip(max=len(self.print) - 1)
        which = np.repeat(np.arange(len(found.size)), found.size)
        alone = self.lift[symbol[found.vote]]
        mean = np.stack([np.bincount(which, each, len(found.size)) for each in alone.T], axis=1)
        mean = mean / found.size[:, None]
        seen = self.print[at] == found.print
        return found.row, np.where(seen[:, None], self.weight[at], mean)


def _weights_alone(model: SourceModel, n: int) -> Floats:
    """Return the weights of joint symbols that are symbols, by symbol: float64[n, k]."""
    weight = np.zeros((n, model.mixture.weight.shape[1]))
    single = model.sources.single
    weight[model.sources.member[model.sources.start[single]]] = model.mixture.weight[single]
    return weight


def _posterior(
    mixture: Mixture, start: Ints, symbol: NDArray[np.integer[Any]], weight: Floats
) -> Floats:
    """Return P(label | row) of rows whose votes start where they say: int64[n + 1]."""
    content = np.ones(len(symbol)), symbol.astype(np.int32), start.astype(np.int32)
    shown = sparse.csr_matrix(content, shape=(len(start) - 1, len(weight)))
    return posterior_of(mixture, shown @ weight, np.diff(start)).soft
