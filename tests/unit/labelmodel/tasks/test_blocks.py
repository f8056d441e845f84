from dataclasses import replace

import numpy as np

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.planted import single
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.tasks.blocks import block

TASK = Task("cid", "relation", ("none", "causes", "treats"))
LFS = tuple(LabelingFunction(name) for name in "abc")
VOTES = np.array([[2, 0, 6], [0, 0, 0], [2, 0, 6], [1, 0, 0], [0, 0, 0]])


def rows(votes: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> dict[frozenset[int], float]:
    """Return how many candidates show which symbols, the numbers of (function, mask) pairs."""
    made = block(sparse(TASK, LFS, votes), np.full(3, 0.7))
    shown = made.shown.toarray()
    return {
        frozenset(np.flatnonzero(row).tolist()): count
        for row, count in zip(shown, made.count.tolist(), strict=True)
    }


def test_equal_rows_are_one_and_the_last_is_silent() -> None:
    found = block(sparse(TASK, LFS, VOTES), np.array([0.9, 0.8, 0.6]))
    assert found.lf.tolist() == [0, 0, 2]
    assert found.holds.astype(int).tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert found.precision.tolist() == [0.9, 0.9, 0.6]
    assert found.names == ("a", "b", "c")
    assert found.shown.toarray()[-1].tolist() == [0, 0, 0]
    assert found.count[-1] == 2
    assert rows(VOTES) == {frozenset({1, 2}): 2, frozenset({0}): 1, frozenset(): 2}


def test_order_of_rows_does_not_matter() -> None:
    assert rows(VOTES[[3, 1, 0, 4, 2]]) == rows(VOTES)


def test_candidates_count_as_often_as_they_stand_for() -> None:
    matrix = replace(sparse(TASK, LFS, VOTES), times=np.array([1.0, 4, 2, 5, 0.5]))
    found = block(matrix, np.full(3, 0.7))
    by_votes = dict(zip(found.shown.sum(axis=1).tolist(), found.count.tolist(), strict=True))
    assert by_votes == {2.0: 3.0, 1.0: 5.0, 0.0: 4.5}


def test_no_votes_and_no_candidates_leave_the_silent_row() -> None:
    for n in (4, 0):
        found = block(sparse(TASK, LFS, np.zeros((n, 3), dtype=np.int64)), np.full(3, 0.7))
        assert found.shown.shape == (1, 0)
        assert found.count.tolist() == [n]


def test_no_vote_is_lost() -> None:
    matrix = single.one_sided(np.random.default_rng(1), 2000, 0.2).matrix
    found = block(matrix, np.full(10, 0.7))
    votes = np.bincount(matrix.lf, minlength=10)
    shown = np.bincount(found.lf, found.shown.T @ found.count, minlength=10)
    np.testing.assert_allclose(shown, votes)
    assert found.count.sum() == 2000
