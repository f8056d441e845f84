from dataclasses import replace

import numpy as np

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.data.votes import TaskVotes, affirms, denies, weighed


def matrix(*drafts: bool) -> LabelMatrix:
    lfs = tuple(LabelingFunction(str(i), draft=draft) for i, draft in enumerate(drafts))
    candidate = np.array([0, 0, 2], dtype=np.int32)
    lf = np.array([0, 1, 0], dtype=np.int16)
    return LabelMatrix(
        Task("t", "document", ("x", "y")), lfs, 3, candidate, lf, np.array([1, 2, 1])
    )


def test_drafts_are_not_weighed() -> None:
    assert weighed(matrix(False, False)) is not None
    kept = weighed(matrix(True, False))
    assert (kept.candidate.tolist(), kept.lf.tolist(), kept.mask.tolist()) == ([0], [1], [2])
    assert kept.lfs == matrix(True, False).lfs


def test_candidates_that_are_documents() -> None:
    evidence = np.zeros((3, 2), dtype=np.int32)
    votes = matrix(False, False)
    assert TaskVotes(votes, evidence, np.arange(3, dtype=np.int32)).of_documents()
    assert not TaskVotes(votes, evidence, np.array([0, 0, 1], dtype=np.int32)).of_documents()
    only_sentences = np.array([[0, 2], [0, 2], [5, 6]], dtype=np.int32)
    assert not TaskVotes(votes, only_sentences, np.arange(3, dtype=np.int32)).of_documents()


def test_votes_where_several_labels_may_hold() -> None:
    task = Task("t", "document", ("x", "y", "none"), exclusive=False)
    masks = np.array([0b001, 0b011, 0b100, 0b110])  # x, x and y, none, not x
    votes = replace(matrix(False), task=task, mask=masks)
    assert affirms(votes).tolist() == [True, True, True, False]
    assert denies(votes, 0).tolist() == [False, False, True, True]
    assert denies(votes, 1).tolist() == [False, False, True, False]
