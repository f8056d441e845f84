import numpy as np
import pytest

from biolabel.errors import ModelError
from biolabel.evaluation.thresholds import (
    Doubles,
    best_threshold,
    expected_f1_threshold,
    expected_f1_thresholds,
)


def expected(probabilities: list[float], threshold: float) -> float:
    """Return the ratio of expectations when everything from the threshold on is predicted."""
    chosen = [p for p in probabilities if p >= threshold]
    return 2 * sum(chosen) / (len(chosen) + sum(probabilities))


def test_no_other_threshold_is_expected_to_be_better() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        values = rng.beta(0.5, 2.0, 40)
        best = expected(values.tolist(), expected_f1_threshold(values))
        assert best >= max(expected(values.tolist(), t) for t in values) - 1e-12


def test_parts_have_the_threshold_of_the_whole() -> None:
    rng = np.random.default_rng(7)
    columns = [*(rng.beta(0.3, 3.0, 200) for _ in range(20)), np.zeros(200), np.full(200, 0.02)]
    table = np.stack(columns, axis=1)
    asked = []

    def above(limits: Doubles) -> Doubles:
        asked.append(limits)
        there = [part >= limits for part in (table[:90], table[90:])]
        number = sum(each.sum(axis=0) for each in there)
        taken = sum(
            np.where(each, part, 0).sum(axis=0)
            for each, part in zip(there, (table[:90], table[90:]), strict=True)
        )
        return np.stack([number, taken])

    found = expected_f1_thresholds(above, table.shape[1])
    assert found == pytest.approx([expected_f1_threshold(column) for column in columns], abs=1e-12)
    assert len(asked) < 15


def test_it_is_half_of_the_expected_f1() -> None:
    values = [0.9, 0.8, 0.3, 0.1]
    assert expected_f1_threshold(np.array(values)) == pytest.approx(expected(values, 0.8) / 2)


def test_certain_probabilities_are_cut_in_the_middle() -> None:
    assert expected_f1_threshold(np.array([1.0, 1.0, 0.0])) == 0.5


def test_equal_small_probabilities_are_all_predicted() -> None:
    values = np.full(100, 0.02)
    assert 0 < expected_f1_threshold(values) < 0.02


def test_the_order_does_not_matter() -> None:
    values = np.array([0.2, 0.7, 0.4], dtype=np.float32)
    assert expected_f1_threshold(values) == expected_f1_threshold(values[::-1])


@pytest.mark.parametrize("values", [[], [0.0, 0.0]])
def test_without_any_probability_nothing_is_predicted(values: list[float]) -> None:
    assert expected_f1_threshold(np.array(values)) == 0.5


def test_the_floor_holds() -> None:
    values = np.full(10, 0.02)
    assert expected_f1_threshold(values, 0.4) == 0.4
    assert expected_f1_threshold(np.zeros(3), 0.8) == 0.8
    assert expected_f1_threshold(np.ones(3, dtype=np.float64), 0.1) == 0.5


@pytest.mark.parametrize("wrong", [1.2, -0.1, np.nan])
def test_other_numbers_are_refused(wrong: float) -> None:
    with pytest.raises(ModelError) as caught:
        expected_f1_threshold(np.array([0.5, wrong]))
    assert caught.value.code == "BL880"


def test_known_labels_choose_the_threshold_with_the_best_f1() -> None:
    generator = np.random.default_rng(3)
    for _ in range(30):
        values = generator.integers(0, 12, 25) / 11
        right = generator.random(25) < values
        threshold, f1 = best_threshold(values, right)
        scores = []
        for cut in np.append(values, 2.0):
            chosen = values >= cut
            scores.append(2 * (chosen & right).sum() / max(chosen.sum() + right.sum(), 1))
        assert f1 == pytest.approx(max(scores))
        chosen = values >= threshold
        assert 2 * (chosen & right).sum() / (chosen.sum() + right.sum()) == pytest.approx(f1)


def test_of_equally_good_thresholds_the_lowest() -> None:
    values = np.array([0.9, 0.8, 0.4, 0.2])
    halves = best_threshold(values, np.array([True, True, False, False]))
    assert halves == pytest.approx((0.6, 1))
    assert best_threshold(values, np.ones(4, dtype=bool)) == pytest.approx((0.1, 1))


def test_no_threshold_without_something_right() -> None:
    assert best_threshold(np.array([0.5]), np.array([False])) == (0, 0)
    assert best_threshold(np.empty(0), np.empty(0, dtype=bool)) == (0, 0)
    with pytest.raises(ModelError):
        best_threshold(np.array([1.5]), np.array([True]))
