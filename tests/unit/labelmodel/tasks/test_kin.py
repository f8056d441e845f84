from dataclasses import replace

import numpy as np
import pytest

from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.planted import tasks
from biolabel.labelmodel.tasks.blocks import Block, block
from biolabel.labelmodel.tasks.kin import FEWEST, SHARE, VOTES, kin
from biolabel.labelmodel.tasks.many import beliefs, fit_many
from biolabel.labelmodel.votes import Floats


def fitted(count: int) -> tuple[list[Block], list[Emission]]:
    made = tasks.alike(np.random.default_rng(6), 1500, count)
    own = [block(matrix, np.full(10, 0.7)) for matrix in made.matrices.values()]
    return own, [settled.emission for settled in fit_many(own, 1e-5, 300)]


def odds(found: Emission, label: int) -> Floats:
    """Return how much likelier votes are with a label than without it, in log odds, by symbol."""
    share = found.table * found.prior
    right = share[:, label] / share.sum(axis=1)
    prior = found.prior[label]
    return np.asarray(np.log(right / (1 - right)) - np.log(prior / (1 - prior)))


def test_kin_believe_the_mean_of_names_that_enough_tasks_have() -> None:
    own, found = fitted(8)
    learned = kin(own, found, beliefs(own))
    for symbol in range(10):
        measured = [odds(each, symbol % 2)[symbol] for each in found]
        told = {belief.odds[symbol] for belief in learned}
        assert len(told) == 1
        assert min(measured) < told.pop() < max(measured)
    few = kin(own[: FEWEST - 1], found[: FEWEST - 1], beliefs(own[: FEWEST - 1]))
    assert all(np.isnan(belief.odds).all() for belief in few)


def test_tasks_that_agree_lend_the_most_that_they_may() -> None:
    own, found = fitted(1)
    [alone] = kin(own * 6, found * 6, beliefs(own * 6))[:1]
    np.testing.assert_allclose(alone.odds, np.where(np.arange(10) % 2, odds(found[0], 1),
                                                    odds(found[0], 0)))  # fmt: skip
    votes = own[0].shown.T @ own[0].count
    np.testing.assert_allclose(alone.strength, SHARE * votes + VOTES)


def test_tasks_that_differ_more_than_by_chance_lend_less() -> None:
    own, found = fitted(1)
    lift = np.array([-2.0, -1.0, 0.0, 0.0, 1.0, 2.0])
    spread = []
    for each in lift:
        table = found[0].table.copy()
        table[:, 1] *= np.exp(each)
        spread.append(replace(found[0], table=table))
    apart = kin(own * 6, spread, beliefs(own * 6))[0].strength
    agreeing = kin(own * 6, found * 6, beliefs(own * 6))[0].strength
    assert np.all(apart <= agreeing)
    assert apart.sum() < 0.5 * agreeing.sum()


@pytest.mark.parametrize("what", ["name", "labels"])
def test_other_names_and_other_labels_are_no_kin(what: str) -> None:
    own, found = fitted(FEWEST)
    if what == "name":
        own[0] = replace(own[0], names=("other", *own[0].names[1:]))
    else:
        own[0] = replace(own[0], holds=np.vstack([~own[0].holds[:1], own[0].holds[1:]]))
    for at, belief in enumerate(kin(own, found, beliefs(own))):
        assert np.isnan(belief.odds[0])
        assert not np.isnan(belief.odds[1:]).any(), at


def test_order_of_tasks_does_not_matter_and_what_is_stated_is_not_changed() -> None:
    own, found = fitted(5)
    stated = beliefs(own)
    expected = kin(own, found, stated)
    order = [4, 1, 0, 3, 2]
    moved = kin(
        [own[at] for at in order], [found[at] for at in order], [stated[at] for at in order]
    )
    for at, belief in zip(order, moved, strict=True):
        np.testing.assert_allclose(belief.odds, expected[at].odds)
        np.testing.assert_allclose(belief.strength, expected[at].strength)
    assert all(np.isnan(belief.odds).all() for belief in stated)
    assert kin([], [], []) == []
