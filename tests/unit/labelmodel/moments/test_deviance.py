import numpy as np
import pytest
import torch

from biolabel.labelmodel.moments.deviance import Counts, minimize


def deviance(count: float, chance: float, lift: float, slack: float = 0.0) -> float:
    counts = Counts.of(np.array([count]), np.array([chance]), np.ones(1), slack)
    return float(counts.deviance(torch.tensor([lift], dtype=torch.float64)))


def test_a_count_that_was_expected_costs_nothing() -> None:
    assert deviance(12.0, 6.0, 2.0) == pytest.approx(0, abs=1e-6)
    assert deviance(0.0, 0.0, 5.0) == pytest.approx(0, abs=1e-5)


def test_small_errors_cost_their_square_and_large_ones_saturate() -> None:
    one = deviance(110.0, 100.0, 1.0)  # one standard deviation
    assert one == pytest.approx(1.0, rel=0.1)
    assert 15 < deviance(10_000.0, 100.0, 1.0) < deviance(10**6, 100.0, 1.0) < 16


def test_slack_leaves_the_share_of_an_error_that_is_the_models() -> None:
    assert deviance(1100.0, 1000.0, 1.0) > 5
    assert deviance(1100.0, 1000.0, 1.0, slack=0.01) < 1


def test_weights_leave_counts_out() -> None:
    counts = Counts.of(np.array([1.0, 90.0]), np.ones(2), np.array([1.0, 0.0]), 0.0)
    assert float(counts.deviance(torch.ones(2, dtype=torch.float64))) == pytest.approx(0, abs=1e-6)


def test_the_minimum_is_found_and_running_out_of_steps_is_said() -> None:
    def lowest(steps: int) -> tuple[float, bool]:
        at = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)

        def valley() -> torch.Tensor:
            return (1 - at[0]) ** 2 + 100 * (at[1] - at[0] ** 2) ** 2

        return minimize(valley, [at], steps)

    least, converged = lowest(200)
    assert least == pytest.approx(0, abs=1e-8)
    assert converged
    assert not lowest(3)[1]
