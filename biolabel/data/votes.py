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


def affirms(matrix: LabelMatrix) -> NDArray[np.bool_]:
    """Return which votes of a task that picks many labels say that each of their labels holds: bool[v].

    Those are votes without `none` and for `none` alone. With `none` among other labels a vote (`not
    LABEL`) leaves them possible, and says only that the labels that it leaves out do not hold.
    """
    none = _none_bit(matrix)
    return np.asarray((matrix.mask & none == 0) | (matrix.mask == none))


def denies(matrix: LabelMatrix, label: int) -> NDArray[np.bool_]:
    """Return which votes of a task that picks many labels say that a label does not hold: bool[v].

    Those are votes that leave it out and have `none` among their labels.
    """
    outside = matrix.mask >> label & 1 == 0
    return np.asarray(outside & (matrix.mask & _none_bit(matrix) > 0))


def _none_bit(matrix: LabelMatrix) -> int:
    labels = matrix.task.labels
    return 1 << labels.index("none") if "none" in labels else 0


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
