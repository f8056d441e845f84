"""Policies: which sequences of transformations they draw."""

from collections import Counter

import numpy as np
import pytest

from biolabel.augment.choice import Policy
from biolabel.augment.policy import sequence
from biolabel.errors import ModelError

NAMES = ("synonyms", "entities", "words")


def drawn(policy: Policy, shares: dict[str, float], length: int = 2) -> list[tuple[str, ...]]:
    generator = np.random.default_rng(0)
    return [sequence(policy, NAMES, shares, length, generator) for _ in range(2000)]


def test_none_and_all_draw_nothing() -> None:
    assert set(drawn("none", {})) == {()}
    assert set(drawn("all", {})) == {NAMES}
    assert sequence("all", (), {}, 2, np.random.default_rng(0)) == ()


def test_random_draws_different_ones_all_alike() -> None:
    found = drawn("random", {})
    assert {len(set(each)) for each in found} == {2}
    counts = Counter(name for each in found for name in each)
    assert all(0.3 < counts[name] / 4000 < 0.37 for name in NAMES)


@pytest.mark.parametrize("policy", ["mean-field", "learned"])
def test_mean_field_draws_by_probabilities(policy: Policy) -> None:
    found = drawn(policy, {"synonyms": 0.5, "words": 0.25}, length=1)
    counts = Counter(found)
    assert 0.46 < counts["synonyms",] / 2000 < 0.54
    assert 0.22 < counts["words",] / 2000 < 0.28
    assert 0.22 < counts[()] / 2000 < 0.28
    twice = drawn(policy, {"words": 1.0}, length=3)
    assert set(twice) == {("words",)}


@pytest.mark.parametrize("shares", [{"words": 0.7, "synonyms": 0.5}, {"words": -0.1}])
def test_what_is_no_distribution_is_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ModelError, match="words") as caught:
        drawn("mean-field", shares)
    assert caught.value.code == "BL841"
