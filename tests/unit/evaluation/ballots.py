"""Small label matrices, written vote by vote."""

import numpy as np

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskKind

LABELS = ("none", "causes", "treats")
NONE, CAUSES, TREATS = 1, 2, 4


def matrix(
    cast: list[tuple[int, int, int]],
    n: int,
    m: int,
    labels: tuple[str, ...] = LABELS,
    kind: TaskKind = "relation",
) -> LabelMatrix:
    """Return a matrix from (candidate, labeling function, mask)."""
    columns = np.array(sorted(cast), dtype=np.int64).reshape(-1, 3)
    return LabelMatrix(
        Task("cid", kind, labels),
        tuple(LabelingFunction(f"rule{i}") for i in range(m)),
        n,
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int16),
        columns[:, 2],
    )
