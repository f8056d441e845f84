import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, SoftLabels, Task
from biolabel.labelmodel.planted import single
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.reasons.intervals import posterior_right, worth


def test_an_interval_holds_the_accuracy_that_the_posterior_of_the_truth_implies() -> None:
    inside = []
    for seed in range(5):
        planted = single.two_sided(np.random.default_rng(seed), 3000, 0.3)
        matrix = planted.matrix
        assert planted.posterior is not None
        right = np.eye(2)[planted.truth][matrix.candidate, matrix.mask - 1]
        covered = np.ones(3000, dtype=np.bool_)
        soft = SoftLabels(matrix.task, planted.posterior.astype(np.float32), covered)
        for lf, found in enumerate(worth(matrix, soft)):
            share = right[matrix.lf == lf].mean()
            inside.append(found.accuracy_low <= share <= found.accuracy_high)
            assert found.accuracy_low <= found.accuracy <= found.accuracy_high
            assert found.coverage_low < found.coverage < found.coverage_high
    assert np.mean(inside) >= 0.95


def test_doubtful_rows_make_intervals_wider() -> None:
    task = Task("t", "relation", ("a", "b"))
    lfs = (LabelingFunction("lf"), LabelingFunction("silent"))
    votes = np.zeros((200, 2), dtype=np.int64)
    votes[:, 0] = 2
    matrix = sparse(task, lfs, votes)
    widths = []
    for high in (1.0, 0.9, 0.8):
        b = np.where(np.arange(200) < 160, high, 1.0 - high)
        probabilities = np.stack([1 - b, b], axis=1).astype(np.float32)
        [found] = worth(matrix, SoftLabels(task, probabilities, np.ones(200, dtype=np.bool_)))
        widths.append(found.accuracy_high - found.accuracy_low)
    assert widths == sorted(widths)
    assert widths[0] < 0.15


@pytest.mark.parametrize("sure", [0.0, 1.0, 0.5])
def test_rows_that_all_say_the_same_give_no_number_that_is_none(sure: float) -> None:
    task = Task("t", "relation", ("a", "b"))
    matrix = sparse(task, (LabelingFunction("lf"),), np.full((10, 1), 2, dtype=np.int64))
    probabilities = np.tile(np.array([1 - sure, sure], dtype=np.float32), (10, 1))
    [found] = worth(matrix, SoftLabels(task, probabilities, np.ones(10, dtype=np.bool_)))
    assert 0 <= found.accuracy_low <= found.accuracy_high <= 1
    assert found.accuracy == pytest.approx(sure)


def test_no_votes_are_worth_nothing() -> None:
    task = Task("t", "relation", ("a", "b"))
    matrix = sparse(task, (LabelingFunction("lf"),), np.zeros((0, 1), dtype=np.int64))
    nothing = np.zeros((0, 2), dtype=np.float32)
    assert worth(matrix, SoftLabels(task, nothing, np.zeros(0, dtype=np.bool_))) == ()


def test_votes_on_a_task_that_picks_many_are_right_where_one_of_their_labels_holds() -> None:
    task = Task("t", "document", ("a", "b", "none"), exclusive=False)
    lfs = (LabelingFunction("affirms"), LabelingFunction("denies"))
    matrix = sparse(task, lfs, np.array([[0b011, 0b110]]))
    right = posterior_right(matrix, np.array([[0.5, 0.2, 0.1]]))
    np.testing.assert_allclose(right, [1 - 0.5 * 0.8, 0.5])
