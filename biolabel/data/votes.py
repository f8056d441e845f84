"""Applied rules as later stages read them: votes with evidence and the candidates behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix


@dataclass(frozen=True, slots=True)
class TaskVotes:
    """The votes of one task over a corpus.

    evidence: int32[v, 2], half-open rows behind each vote of the matrix, empty ranges for votes on
    documents; documents: int32[n], the document of each candidate; subjects and objects: the CURIEs
    of a relation's candidates at concept level, one a candidate, empty tuples for other tasks.
    """

    matrix: LabelMatrix
    evidence: NDArray[np.int32]
    documents: NDArray[np.int32]
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
