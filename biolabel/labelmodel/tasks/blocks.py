"""A task among hundreds: its distinct rows as a sparse block, and what is believed of its symbols."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from biolabel.data.labels import LabelMatrix
from biolabel.labelmodel.pooling import Flags, allowed
from biolabel.labelmodel.votes import Floats, Ints, compress, symbols


@dataclass(frozen=True, slots=True)
class Block:
    """The distinct rows of one task, the last one without votes.

    shown: float64[p, s] sparse, 1 where a row has a symbol; count: float64[p]; lf: int64[s]; holds:
    bool[s, k]; precision: float64[s], what is stated; names: of the functions, by number.
    """

    shown: csr_array
    count: Floats
    lf: Ints
    holds: Flags
    precision: Floats
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of symbols before their task's votes.

    odds: float64[s], the log of how much likelier the symbol is with its labels than with others,
    NaN where the stated precision says it; strength: float64[s], pseudo-votes.
    """

    odds: Floats
    strength: Floats


def block(matrix: LabelMatrix, precision: Floats) -> Block:
    """Return the distinct rows of a task; precision: float64[m], what is stated of its functions."""
    found = symbols(matrix)
    patterns = compress(matrix, found, np.ones(len(matrix.candidate)))
    p, s = len(patterns.count), len(found.lf)
    ones = np.ones(len(patterns.row))
    shown = csr_array((ones, (patterns.row, patterns.symbol)), shape=(p, s))
    every = matrix.n_candidates if matrix.times is None else float(matrix.times.sum())
    silent = every - patterns.count.sum()
    return Block(
        csr_array(vstack([shown, csr_array((1, s))])),
        np.r_[patterns.count, silent],
        found.lf,
        allowed(found.mask, len(matrix.task.labels)),
        precision[found.lf],
        tuple(lf.name for lf in matrix.lfs),
    )
