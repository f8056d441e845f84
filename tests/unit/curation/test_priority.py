import math
from collections.abc import Callable
from typing import get_args

import pytest

from biolabel.curation import Assertion, Evidence
from biolabel.curation.known import Status
from biolabel.curation.priority import NOVELTY, RuleVotes, priority, rule_votes


def test_every_status_has_its_novelty() -> None:
    assert NOVELTY.keys() == set(get_args(Status))
    assert len(set(NOVELTY.values())) == len(NOVELTY)


def test_votes_are_counted_in_rows() -> None:
    rows = [
        Evidence("1", "title", "", 0, 0, 0.5, ("cue", "ctd"), ("denied",)),
        Evidence("2", "title", "", 0, 0, 0.5, ("cue",), ("ctd",)),
    ]
    assert rule_votes(rows) == (
        RuleVotes("ctd", 1, 1),
        RuleVotes("cue", 2, 0),
        RuleVotes("denied", 0, 1),
    )


@pytest.mark.parametrize(("probability", "uncertain"), [(0.5, 1), (0, 0), (1, 0), (0.75, 0.5)])
def test_one_half_is_the_most_uncertain(
    claim: Callable[..., Assertion], probability: float, uncertain: float
) -> None:
    assert priority(claim(1, probability), ()).uncertainty == uncertain


def test_what_is_new_comes_before_what_is_known(claim: Callable[..., Assertion]) -> None:
    sure, unsure = claim(1, 0.9, "known"), claim(2, 0.2, "new")
    assert priority(unsure, ()).novelty > priority(sure, ()).novelty
    assert priority(claim(3, 0.3, "new"), ()).novelty > priority(unsure, ()).novelty


def test_disagreement_is_the_entropy_of_the_votes(claim: Callable[..., Assertion]) -> None:
    def of(*votes: tuple[int, int]) -> float:
        made = [RuleVotes(f"rule {i}", *vote) for i, vote in enumerate(votes)]
        return priority(claim(1), made).disagreement

    assert of() == of((3, 0)) == of((0, 2), (0, 1)) == 0
    assert of((5, 0), (0, 1)) == 1
    assert of((1, 1)) == 1
    expected = -(0.75 * math.log2(0.75) + 0.25 * math.log2(0.25))
    assert of((1, 0), (1, 0), (1, 0), (0, 1)) == pytest.approx(expected)
