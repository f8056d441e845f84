"""Sources: labeling functions that depend on each other, as one that emits joint symbols.

A dependency group votes as a whole: what its members say on a row, taken together, is one symbol of
a larger alphabet, so that copies are counted once and no independence is claimed inside the group.
A function outside of groups is a source of its own, and its symbols are its votes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from biolabel.labelmodel.emission import Sources
from biolabel.labelmodel.votes import Floats, Ints, Patterns, Symbols, fingerprints


@dataclass(frozen=True, slots=True)
class Cells:
    """What each source says on each row: votes of one source on one row are one cell.

    row: int64[c], sorted; source: int64[c]; print: uint64[c], alike for equal sets of symbols; size:
    int64[c], the votes in it; vote: int64[v], the votes in the order of cells.
    """

    row: Ints
    source: Ints
    print: NDArray[np.uint64]
    size: Ints
    vote: Ints


def cells(row: Ints, symbol: Ints, source: Ints, mark: NDArray[np.uint64]) -> Cells:
    """Return the cells of votes that are sorted by row.

    row, symbol and source: int64[v], of each vote; mark: uint64[s], the fingerprint of each symbol.
    """
    width = int(source.max(initial=0)) + 1
    key = row * width + source
    vote = np.argsort(key, kind="stable")
    key = key[vote]
    start = np.flatnonzero(np.diff(key, prepend=-1))
    mixed = mark[symbol[vote]]
    total = np.add.reduceat(mixed, start) if len(start) else mixed
    at, which = np.divmod(key[start], width)
    return Cells(at, which, total, np.diff(start, append=len(key)), vote)


def gather(patterns: Patterns, found: Symbols, of_lf: Ints) -> tuple[Sources, sparse.csr_matrix]:
    """Return the sources of a partition of the functions, and which pattern shows which joint symbol.

    of_lf: int64[m], the source of each labeling function. The second result is float64[p, j] of
    zeros and ones, with at most one joint symbol of a source on a row.
    """
    s = len(found.lf)
    own = of_lf[found.lf]
    if len(np.unique(own)) == len(np.unique(found.lf)):
        sources = Sources(of_lf, own, np.arange(s + 1), np.arange(s))
        return sources, _indicator(patterns.row, patterns.symbol, len(patterns.count), s)
    found_cells = cells(patterns.row, patterns.symbol, own[patterns.symbol], fingerprints(s))
    _, first, joint = np.unique(found_cells.print, return_index=True, return_inverse=True)
    starts = np.cumsum(found_cells.size) - found_cells.size
    size = found_cells.size[first]
    start = np.concatenate([[0], np.cumsum(size)])
    within = np.arange(start[-1]) - np.repeat(start[:-1], size)
    member = patterns.symbol[found_cells.vote[np.repeat(starts[first], size) + within]]
    sources = Sources(of_lf, found_cells.source[first], start, member)
    shape = len(patterns.count), len(first)
    return sources, _indicator(found_cells.row, joint.ravel(), *shape)


def counted_once(patterns: Patterns, found: Symbols, of_lf: Ints) -> Floats:
    """Return the weight of each vote, float64[v], at which the votes of a source are one together."""
    key = patterns.row * (int(of_lf.max(initial=0)) + 1) + of_lf[found.lf[patterns.symbol]]
    _, cell, size = np.unique(key, return_inverse=True, return_counts=True)
    return 1 / size[cell.ravel()]


def _indicator(row: Ints, column: Ints, n: int, width: int) -> sparse.csr_matrix:
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))])
    return sparse.csr_matrix((np.ones(len(column)), column, start), shape=(n, width))
