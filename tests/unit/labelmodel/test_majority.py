import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task, TaskGraph
from biolabel.labelmodel.majority import majority
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import Floats, compress, group_weights, symbols

TASK = Task("topic", "document", ("a", "b", "c"))
MAJORITY = Settings(method="majority")


def voted(votes: list[list[int]], lfs: tuple[LabelingFunction, ...]) -> Floats:
    matrix = sparse(TASK, lfs, np.array(votes))
    n = len(votes)
    graph = TaskGraph((TASK,), (), n, {"topic": np.arange(n, dtype=np.int32)})
    params = fit({"topic": matrix}, graph, MAJORITY)
    return predict(params, {"topic": matrix}, graph)["topic"].probabilities.astype(np.float64)


def test_the_label_with_most_votes_wins_and_ties_stay() -> None:
    generator = np.random.default_rng(3)
    votes = generator.choice([0, 1, 2, 4], size=(300, 5))
    votes = votes[votes.any(axis=1)]
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(5))
    found = voted(votes.tolist(), lfs)
    counts = np.stack([(votes == mask).sum(axis=1) for mask in (1, 2, 4)], axis=1)
    winners = counts == counts.max(axis=1, keepdims=True)
    np.testing.assert_array_equal(
        np.isclose(found, found.max(axis=1, keepdims=True), atol=1e-6), winners
    )


def test_a_group_counts_once() -> None:
    kb = frozenset({"kb"})
    copies = tuple(LabelingFunction(f"copy_{at}", groups=kb) for at in range(3))
    found = voted([[1, 1, 1, 2]], (*copies, LabelingFunction("other")))
    assert found[0, 0] == pytest.approx(found[0, 1])


def test_stated_precision_weighs_only_where_it_is_asked_for() -> None:
    lfs = (LabelingFunction("sure", 0.9), LabelingFunction("a", 0.6), LabelingFunction("b", 0.6))
    assert voted([[1, 2, 2]], lfs)[0].argmax() == 1  # the baseline counts votes
    matrix = sparse(TASK, lfs, np.array([[1, 2, 2]]))
    found = symbols(matrix)
    stated = np.array([0.9, 0.6, 0.6])[found.lf]
    state = majority(compress(matrix, found, group_weights(matrix)), allowed(found.mask, 3), stated)
    assert state.soft[0].argmax() == 0


def test_a_coarse_vote_leaves_its_labels_equal() -> None:
    found = voted([[3]], (LabelingFunction("coarse", 0.8),))
    np.testing.assert_allclose(found[0], [7 / 17, 7 / 17, 3 / 17], atol=1e-6)  # 7 to 3 a label


def test_majority_takes_patterns() -> None:
    matrix = sparse(TASK, (LabelingFunction("lf"),), np.array([[1], [0], [1]]))
    found = symbols(matrix)
    state = majority(
        compress(matrix, found, group_weights(matrix)), allowed(found.mask, 3), np.array([0.7])
    )
    np.testing.assert_allclose(state.soft, [[0.7, 0.15, 0.15]])
