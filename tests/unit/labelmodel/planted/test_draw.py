import numpy as np
import pytest

from biolabel.labelmodel.planted.draw import Behavior, Pace, plant


def test_votes_have_the_planted_rates() -> None:
    table = np.array([[0.1, 0.3], [0.6, 0.0]])
    planted = plant(np.random.default_rng(1), 20_000, (0.5, 0.5), [Behavior((1, 2), table)])
    matrix = planted.matrix
    for label in (0, 1):
        of = planted.truth[matrix.candidate] == label
        for symbol, mask in enumerate((1, 2)):
            rate = np.sum(of & (matrix.mask == mask)) / np.sum(planted.truth == label)
            assert rate == pytest.approx(table[label, symbol], abs=0.015)


def test_the_posterior_is_bayes_rule() -> None:
    table = np.array([[0.1, 0.3], [0.6, 0.2]])
    planted = plant(np.random.default_rng(1), 500, (0.7, 0.3), [Behavior((1, 2), table)])
    said = np.zeros(500, dtype=np.int64)
    said[planted.matrix.candidate] = planted.matrix.mask
    expected = {0: (0.6, 0.2), 1: (0.1, 0.6), 2: (0.3, 0.2)}
    assert planted.posterior is not None
    for mask, (first, second) in expected.items():
        share = 0.3 * second / (0.7 * first + 0.3 * second)
        np.testing.assert_allclose(planted.posterior[said == mask, 1], share)


def test_a_loyal_copy_adds_nothing_and_a_free_one_counts() -> None:
    table = np.array([[0.1], [0.6]])
    for loyalty, share in ((1.0, 0.6 / 0.7), (0.0, 0.36 / 0.37)):
        copied = Behavior((2,), table, copies=1, loyalty=loyalty)
        planted = plant(np.random.default_rng(1), 2000, (0.5, 0.5), [copied])
        both = np.bincount(planted.matrix.candidate, minlength=2000) == 2
        assert both.any()
        assert planted.posterior is not None
        np.testing.assert_allclose(planted.posterior[both, 1], share)


@pytest.mark.parametrize("loyalty", [0.6, 1.0])
def test_posteriors_are_calibrated(loyalty: float) -> None:
    table = np.array([[0.1, 0.2], [0.4, 0.1]])
    behaviors = [Behavior((2, 1), table, copies=2, loyalty=loyalty), Behavior((2, 1), table)]
    paces = (Pace(0.6, 0.5), Pace(0.4, 1.8))
    planted = plant(np.random.default_rng(3), 40_000, (0.6, 0.4), behaviors, paces)
    assert planted.posterior is not None
    np.testing.assert_allclose(planted.posterior.sum(axis=1), 1)
    for low in np.arange(0, 1, 0.2):
        inside = (planted.posterior[:, 1] >= low) & (planted.posterior[:, 1] < low + 0.2)
        if inside.sum() > 500:
            found = planted.truth[inside].mean()
            assert found == pytest.approx(planted.posterior[inside, 1].mean(), abs=0.04)


def test_no_rows_and_no_functions_are_no_special_case() -> None:
    nothing = plant(np.random.default_rng(1), 0, (0.5, 0.5), [Behavior((1,), np.full((2, 1), 0.5))])
    assert nothing.matrix.n_candidates == 0
    alone = plant(np.random.default_rng(1), 10, (0.5, 0.5), [])
    assert alone.posterior is not None
    np.testing.assert_allclose(alone.posterior, 0.5)
