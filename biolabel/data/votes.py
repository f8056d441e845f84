"""Applied rules as later stages read them: votes with evidence and the candidates behind them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import LabelMatrix


def weighed(matrix: LabelMatrix) -> LabelMatrix:
    """Return the matrix without the votes of drafts; all labeling functions keep their numbers."""
    draft = np.array([lf.draft for lf in matrix.lfs], dtype=bool)
    if not draft.any():
        return matrix
    kept = ~draft[matrix.lf]
    return replace(
        matrix, candidate=matrix.candidate[kept], lf=matrix.lf[kept], mask=matrix.mask[kept]
    )


@dataclass(frozen=True, slots=True)
class TaskVotes:
    """The votes of one task over a corpus.

    evidence: int32[v, 2], half-open rows behind each vote of the matrix, empty ranges for votes on
    documents; documents: int32[n], the document of each candidate; subjects and objects: the
    arguments of a relation's candidates, CURIEs at the level of concepts and mention keys
    (`data.documents.mention_key`) at that of mentions, one a candidate, empty for other tasks;
    others: those from the third argument on. spans: int32[n, 2], half-open rows, the candidates of an
    entity task over spans, None for other tasks.
    """

    matrix: LabelMatrix
    evidence: NDArray[np.int32]
    documents: NDArray[np.int32]
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    spans: NDArray[np.int32] | None = None

    def of_documents(self) -> bool:
        """Return whether the candidates are the documents, one each, and not their only sentences."""
        everyone = np.arange(len(self.documents))
        whole = bool((self.evidence[:, 0] == self.evidence[:, 1]).all())
        kind = self.matrix.task.kind
        return kind == "document" and whole and np.array_equal(self.documents, everyone)
