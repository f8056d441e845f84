from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from biolabel.labelmodel import synthetic
from biolabel.labelmodel.synthetic import Behavior, Planted, plant
from biolabel.labelmodel.votes import check


@pytest.mark.parametrize(
    ("make", "share"),
    [
        (partial(synthetic.two_sided, share=0.05), 0.05),
        (partial(synthetic.one_sided, share=0.2), 0.2),
        (synthetic.copied, 0.05),
        (synthetic.eager, 0.3),
        (synthetic.hierarchy, 1 / 8),
    ],
)
def test_sets_are_valid_and_have_the_shares_they_say(
    make: Callable[[np.random.Generator, int], Planted], share: float
) -> None:
    planted = make(np.random.default_rng(1), 4000)
    check(planted.matrix)
    assert np.mean(planted.truth == 1) == pytest.approx(share, abs=0.02)
    again = make(np.random.default_rng(1), 4000)
    np.testing.assert_array_equal(again.matrix.mask, planted.matrix.mask)


def test_votes_have_the_planted_rates() -> None:
    table = np.array([[0.1, 0.3], [0.6, 0.0]])
    planted = plant(np.random.default_rng(1), 20_000, (0.5, 0.5), [Behavior((1, 2), table)])
    matrix = planted.matrix
    for label in (0, 1):
        of = planted.truth[matrix.candidate] == label
        for symbol, mask in enumerate((1, 2)):
            rate = np.sum(of & (matrix.mask == mask)) / np.sum(planted.truth == label)
            assert rate == pytest.approx(table[label, symbol], abs=0.015)


def test_copies_agree_where_they_vote() -> None:
    matrix = synthetic.copied(np.random.default_rng(1), 4000).matrix
    copies = [lf for lf, function in enumerate(matrix.lfs) if function.groups]
    assert len(copies) == 4
    first, second = (set(matrix.candidate[matrix.lf == lf].tolist()) for lf in copies[:2])
    assert len(first & second) > 0.9 * len(first | second)
