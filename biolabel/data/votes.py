"""Applied rules as later stages read them: votes with evidence and the candidates behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix


@dataclass(frozen=True, slots=True)
class TaskVotes:
    """The votes of one task over a corpus.

    evidence: int32[v, 2], half-open rows behind each vote of the matrix, empty ranges for votes on
    documents; documents: int32[n], the document of each candidate; subjects and objects: the
    arguments of a relation's candidates, CURIEs at the level of concepts and mention keys
    (`data.documents.mention_key`) at that of mentions, one a candidate, empty for other tasks.
    """

    matrix: LabelMatrix
    evidence: NDArray[np.int32]
    documents: NDArray[np.int32]
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
