"""Whether probabilities mean what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.labels import Task
from biolabel.errors import ModelError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reliability:
    """Probabilities in bins of equal width over [0, 1], and how often they came true.

    count: int64[b]; mean: float64[b], the mean probability of a bin; share: float64[b], the share
    that came true; both are NaN in an empty bin.
    """

    count: NDArray[np.int64]
    mean: Floats
    share: Floats

    @property
    def error(self) -> float:
        """The expected calibration error: the mean distance of mean and share, weighted by count.

        Source: Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian
        binning", section "Empirical results"; 0 without probabilities.
        """
        total = self.count.sum()
        return float(np.nansum(self.count * np.abs(self.mean - self.share)) / max(total, 1))


def reliability(
    probabilities: NDArray[np.floating[Any]], truth: NDArray[np.bool_], bins: int = 10
) -> Reliability:
    """Return the reliability of probabilities, float[n], of what was true or not, bool[n].

    A probability on an edge belongs to the bin above it, 1 to the last bin.

    Raises:
        ModelError: BL880 for probabilities outside [0, 1].
    """
    values = np.asarray(probabilities, dtype=np.float64)
    check_probabilities(values)
    place = np.minimum((values * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    filled = np.where(count, count, np.nan)
    return Reliability(
        count=count,
        mean=np.bincount(place, weights=values, minlength=bins) / filled,
        share=np.bincount(place, weights=truth, minlength=bins) / filled,
    )


def judged_reliability(
    rows: NDArray[np.floating[Any]],
    gold: NDArray[np.int64],
    task: Task,
    names: Mapping[str, str] | None,
) -> Reliability | None:
    """Return how the probabilities of a task's candidates came true, None where no gold is known.

    rows: float[n, k]; gold: int64[n], a bit for each gold label, -1 where it is unknown. Judged are
    the labels that gold names (`names`: from its names to the task's labels), else the first.

    Raises:
        ModelError: BL880 for probabilities outside [0, 1].
    """
    wanted = set(names.values()) if names else {task.labels[0]}
    labels = np.array([i for i, name in enumerate(task.labels) if name in wanted], dtype=np.int64)
    judged = gold >= 0
    if not judged.any():
        return None
    right = gold[judged, None] >> labels & 1 == 1
    return reliability(rows[judged][:, labels].ravel(), right.ravel())


def check_probabilities(values: Floats) -> None:
    """Refuse numbers that are no probabilities.

    Raises:
        ModelError: BL880 naming the first of them.
    """
    wrong = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(wrong):
        raise ModelError(
            "BL880",
            f"{len(wrong)} of {len(values)} numbers are no probabilities, the first is "
            f"{values[wrong[0]]} at {wrong[0]}",
        )
