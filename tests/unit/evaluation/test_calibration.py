import numpy as np
import pytest

from biolabel.data.labels import Task
from biolabel.errors import ModelError
from biolabel.evaluation.calibration import judged_reliability, reliability


def test_bins() -> None:
    values = np.array([0.0, 0.24, 0.5, 0.6, 1.0])
    found = reliability(values, np.array([False, True, True, False, True]), bins=4)
    assert found.count.tolist() == [2, 0, 2, 1]
    assert found.mean[[0, 2, 3]].tolist() == pytest.approx([0.12, 0.55, 1.0])
    assert found.share[[0, 2, 3]].tolist() == [0.5, 0.5, 1.0]
    assert np.isnan([found.mean[1], found.share[1]]).all()
    assert found.error == pytest.approx((2 * 0.38 + 2 * 0.05 + 0) / 5)


def test_honest_probabilities_have_a_small_error_and_boastful_ones_do_not() -> None:
    rng = np.random.default_rng(11)
    values = rng.random(20_000)
    truth = rng.random(20_000) < values
    assert reliability(values, truth).error < 0.02
    assert reliability(np.round(values), truth).error == pytest.approx(0.25, abs=0.02)


def test_nothing_has_no_error() -> None:
    found = reliability(np.empty(0), np.empty(0, dtype=bool))
    assert found.error == 0.0
    assert found.count.tolist() == [0] * 10


@pytest.mark.parametrize("wrong", [1.0001, -1e-9, np.inf, np.nan])
def test_other_numbers_are_refused(wrong: float) -> None:
    with pytest.raises(ModelError, match="1 of 2") as caught:
        reliability(np.array([0.5, wrong]), np.array([True, True]))
    assert caught.value.code == "BL880"


def test_only_candidates_with_gold_and_the_labels_that_it_names_are_judged() -> None:
    task = Task("cid", "relation", ("causes", "treats", "none"))
    rows = np.array([[0.9, 0.05, 0.05], [0.2, 0.1, 0.7], [0.5, 0.5, 0.0]])
    gold = np.array([0b001, 0b100, -1])
    found = judged_reliability(rows, gold, task, {"CID": "causes"})
    assert found is not None
    assert found.count.tolist() == [0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert found.share[[2, 9]].tolist() == [0, 1]
    assert judged_reliability(rows, np.full(3, -1), task, None) is None
    first = judged_reliability(rows, gold, task, None)
    assert first is not None
    assert first.count.sum() == 2
