"""What models and functions say in the tests: facts about where the two mentions of a pair start."""

OPINIONS = (("yes", 0.9), ("none", 0.4), None, ("yes", 0.3), ("other", 0.8))
LEAST = 0.35
"""The `min_score:` of the model: what it says with less does not count."""


def opinion(a_start: int, b_start: int) -> tuple[str, float] | None:
    """Return the label and score that the model gives a pair, None where it is silent."""
    return OPINIONS[(3 * a_start + b_start) % len(OPINIONS)]


def even(a_start: int, b_start: int) -> bool:
    """Return what the function of the tests says of a pair."""
    return (a_start + b_start) % 2 == 0
