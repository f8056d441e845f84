"""The rows of the score table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of the score table; low and high bound F1 (95 % bootstrap over documents).

    mentions: whose mentions the arguments of relations are, `own` or `given`. For topics, precision
    and recall are None and f1 is the macro average.
    """

    task: str
    metric: str
    mentions: str
    system: str
    precision: float | None
    recall: float | None
    f1: float
    low: float | None = None
    high: float | None = None
    accuracy: float | None = None
