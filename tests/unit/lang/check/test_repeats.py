"""Which regular expressions can take for ever."""

import pytest

from biolabel.lang.check.repeats import can_run_away


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*b", "(?:a+)*$", "((a)+)+", "(a|a)*b", "(a|b+)+c", r"(\w+\s?)*x", "(x(y*)*z)",
        "(a{1,20})+", "(?=(a+)+b)", "(a+?)+?b", "((a+)|b)*", "(.*)*", "(?i:(a+)+)", "(a?){60}a{60}",
    ],
)  # fmt: skip
def test_run_away(pattern: str) -> None:
    assert can_run_away(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "a+", "(a)+", "(ab)*", r"(\w+ )+x", "(a|b)*", "(?:[a-z]+-)*[a-z]+", "a*b*c*", "(a+)?", "(a+){2}",
        "", "(?<=not )caus(es|ed)", r"\bIL-\d+\b", "(ab|cd)+", "(,a+)*", "(a|ab)*c",
    ],
)  # fmt: skip
def test_ends(pattern: str) -> None:
    assert not can_run_away(pattern)
