import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, SoftLabels, Task
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.reasons.beside import beside

TASK = Task("t", "relation", ("a", "b"))
MANY = Task("t", "document", ("a", "b"), exclusive=False)


def voted(n: int, task: Task = TASK) -> LabelMatrix:
    return sparse(task, (LabelingFunction("lf"),), np.ones((n, 1), dtype=np.int64))


def soft(rows: list[list[float]], task: Task = TASK) -> SoftLabels:
    table = np.array(rows, dtype=np.float32).reshape(-1, 2)
    return SoftLabels(task, table, np.ones(len(table), dtype=np.bool_))


def test_rows_that_part_most_come_first_and_each_kind_once() -> None:
    model = soft([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9], [0.1, 0.9]])
    majority = soft([[0.8, 0.2], [0.6, 0.4], [0.9, 0.1], [0.9, 0.1]])
    found = beside(voted(4), model, majority)
    assert found.agreement == 0.25
    assert [it.candidate for it in found.differences] == [2, 1, 0]
    assert [it.alike for it in found.differences] == [2, 1, 1]
    assert found.differences[0].distance == pytest.approx(0.8)


def test_another_decision_comes_before_a_larger_change_of_mind() -> None:
    model = soft([[0.99, 0.01], [0.45, 0.55]])
    majority = soft([[0.6, 0.4], [0.55, 0.45]])
    found = beside(voted(2), model, majority, most=1)
    assert [it.candidate for it in found.differences] == [1]


def test_either_side_agrees_with_a_tie() -> None:
    found = beside(voted(2), soft([[0.9, 0.1], [0.1, 0.9]]), soft([[0.5, 0.5]] * 2))
    assert found.agreement == 1


def test_tasks_that_pick_many_agree_where_the_same_labels_pass_one_half() -> None:
    model, majority = soft([[0.9, 0.6], [0.2, 0.6]], MANY), soft([[0.7, 0.4], [0.4, 0.7]], MANY)
    found = beside(voted(2, MANY), model, majority)
    assert found.agreement == 0.5
    assert found.differences[0].distance == pytest.approx(0.2)


def test_rows_without_votes_are_left_out() -> None:
    matrix = sparse(TASK, (LabelingFunction("lf"),), np.array([[0], [1]]))
    found = beside(matrix, soft([[0, 1], [0.9, 0.1]]), soft([[1, 0], [0.9, 0.1]]))
    assert (found.covered, found.agreement, found.differences) == (1, 1.0, ())
    nothing = beside(voted(0), soft([]), soft([]))
    assert (nothing.covered, nothing.agreement) == (0, 1.0)
