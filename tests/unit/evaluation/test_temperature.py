import numpy as np
import pytest

from biolabel.errors import ModelError
from biolabel.evaluation.temperature import fit_temperature, spread, spread_temperature, tempered


@pytest.mark.parametrize("truth", [0.4, 1.0, 3.0])
def test_the_temperature_of_drawn_labels_is_found(truth: float) -> None:
    generator = np.random.default_rng(0)
    said = 1 / (1 + np.exp(-generator.normal(0, 2, 40_000)))
    came_true = generator.random(len(said)) < tempered(said, truth)
    assert fit_temperature(said, came_true) == pytest.approx(truth, rel=0.1)


def test_probabilities_are_targets_too() -> None:
    said = np.array([0.9, 0.2, 0.6])
    assert fit_temperature(said, tempered(said, 2.5)) == pytest.approx(2.5, rel=1e-3)


def test_a_temperature_keeps_order_and_one_half() -> None:
    found = tempered(np.array([0.0, 0.1, 0.5, 0.8, 1.0]), 2)
    assert found[2] == 0.5
    assert (np.diff(found) > 0).all()
    assert found[3] == pytest.approx(2 / 3)
    assert 0 < found[0] < found[4] < 1


def test_nothing_to_fit_on_changes_nothing() -> None:
    assert fit_temperature(np.empty(0), np.empty(0)) == 1
    assert fit_temperature(np.full(3, 0.5), np.ones(3)) == 1


def test_numbers_that_are_no_probabilities() -> None:
    with pytest.raises(ModelError) as caught:
        fit_temperature(np.array([0.5]), np.array([1.5]))
    assert caught.value.code == "BL880"


def test_parts_have_the_temperature_of_the_whole() -> None:
    generator = np.random.default_rng(3)
    said = np.r_[1 / (1 + np.exp(-generator.normal(-1, 3, 5000))), 0.0, 1.0]
    wanted = generator.random(len(said)) < tempered(said, 1.7)
    parts = [spread(said[at], wanted[at]) for at in (slice(0, 100), slice(100, None))]
    whole = fit_temperature(said, wanted)
    assert spread_temperature(parts[0] + parts[1]) == pytest.approx(whole, rel=1e-4)
    assert spread_temperature(parts[0]) != pytest.approx(whole, rel=1e-4)
    even = np.full(10, 0.5)
    assert spread_temperature(spread(even, even)) == 1
