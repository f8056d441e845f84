"""How far counts are from what a model expects, in a measure that outliers cannot rule.

The deviance of a Poisson count, which saturates (Geman and McClure, "Statistical methods for
tomographic image reconstruction", 1987) and gives large counts a share of error that is the
model's; and its minimum by L-BFGS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from biolabel.labelmodel.votes import Floats

_BEND = 4.0
"""Deviance, in standard deviations, from which a count is more outlier than evidence."""

SLACK = 0.01
"""Variance of log lifts by which the model may always be wrong: 10^7 rows are no certainty."""

FLOOR = 1e-6
"""Least class prior and mean count in the deviance: no logarithm of 0 on the way."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts, what they would be by chance, and their weights, tensors of one shape.

    least: count - count log(count), what the deviance of a perfect mean takes off; scale: how much
    of a deviance counts.
    """

    count: torch.Tensor
    chance: torch.Tensor
    weight: torch.Tensor
    least: torch.Tensor
    scale: torch.Tensor

    @classmethod
    def of(cls, count: Floats, chance: Floats, weight: Floats, slack: float) -> "Counts":
        """Return them with what does not move."""
        seen = torch.from_numpy(count)
        least = torch.xlogy(seen, seen) - seen
        scale = 2 / (1 + slack * torch.maximum(seen, torch.from_numpy(chance)))
        return cls(seen, torch.from_numpy(chance), torch.from_numpy(weight), least, scale)

    def deviance(self, lift: torch.Tensor) -> torch.Tensor:
        """Return the saturating Poisson deviance of the counts at some lifts over chance, a scalar."""
        mean = self.chance * lift + FLOOR
        deviance = self.scale * (mean - self.count * mean.log() + self.least)
        return (self.weight * (_BEND**2 * deviance / (_BEND**2 + deviance))).sum()


def minimize(
    objective: Callable[[], torch.Tensor], free: Sequence[torch.Tensor], max_iterations: int
) -> tuple[float, bool]:
    """Return the least value that L-BFGS finds, and whether it stood still there.

    The objective should be of the order of 1 (a deviance a term): it stands still when a step changes
    it by less than 1e-9.
    """
    optimizer = torch.optim.LBFGS(
        free,
        max_iter=max_iterations,
        max_eval=2 * max_iterations,
        history_size=20,
        line_search_fn="strong_wolfe",
        tolerance_grad=1e-7,
        tolerance_change=1e-9,
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = objective()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    state = next(iter(optimizer.state.values()))
    with torch.no_grad():
        stood = state["n_iter"] < max_iterations and state["func_evals"] < 2 * max_iterations
        return float(objective()), stood
