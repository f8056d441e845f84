from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted
from biolabel.labelmodel.votes import check


@pytest.mark.parametrize(
    ("make", "share"),
    [
        (partial(single.two_sided, share=0.05), 0.05),
        (partial(single.one_sided, share=0.2), 0.2),
        (single.five_labels, 0.25),
        (single.rare_rules, 0.2),
        (partial(single.many_functions, m=50), 0.2),
        (single.eager, 0.3),
        (single.hierarchy, 1 / 8),
        (copies.copied, 0.05),
        (partial(copies.repeated, loyalty=0.6), 0.3),
        (partial(copies.repeated_rules, loyalty=0.95), 0.2),
    ],
)
def test_sets_are_valid_and_have_the_shares_they_say(
    make: Callable[[np.random.Generator, int], Planted], share: float
) -> None:
    planted = make(np.random.default_rng(1), 4000)
    check(planted.matrix)
    assert np.mean(planted.truth == 1) == pytest.approx(share, abs=0.02)
    assert planted.posterior is not None
    assert np.isfinite(planted.posterior).all()
    best = np.mean(planted.posterior.argmax(axis=1) == planted.truth)
    assert best >= max(np.bincount(planted.truth)) / 4000 - 0.01
    again = make(np.random.default_rng(1), 4000)
    np.testing.assert_array_equal(again.matrix.mask, planted.matrix.mask)


def test_rare_rules_are_as_rare_as_they_say() -> None:
    matrix = single.rare_rules(np.random.default_rng(2), 20_000).matrix
    coverage = np.bincount(matrix.lf, minlength=20) / 20_000
    assert coverage.min() > 0.001
    assert coverage.max() < 0.22
    assert all(len(np.unique(matrix.mask[matrix.lf == lf])) == 1 for lf in range(20))
