"""The choice between estimators without gold: what was tried, what was chosen and why."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["auto", "emission", "completion", "triplets", "tempered", "majority"]
"""How a task is estimated: see `params.Settings`."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One estimator that was tried on a task.

    score: its mean held-out log likelihood of a row, in nats, larger is better; spread: the standard
    error of that; note: what else spoke for or against it, one sentence or nothing.
    """

    name: str
    score: float
    spread: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The estimators that were tried on a task, the name of the one that was chosen, and why."""

    tried: tuple[Trial, ...]
    chosen: str
    why: str
