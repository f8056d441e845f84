import itertools

import numpy as np
import pytest

from biolabel.labelmodel.em.backoff import Alphabet, alphabet, believed, forest
from biolabel.labelmodel.emission import Sources
from biolabel.labelmodel.votes import Floats, Symbols

CHAIN = ((0, 1), (1, 2))
CODES = np.array(list(itertools.product((1, 0), repeat=3)))  # all that three members can say


def tree(letters: Alphabet, mass: Floats) -> Floats:
    """Return what the tree of one group makes of expected counts."""
    return believed(forest([letters]), mass)


def test_an_alphabet_lists_what_each_member_says_and_silence_last() -> None:
    found = Symbols(np.array([0, 0, 2]), np.array([1, 2, 2]), np.zeros(0, dtype=np.int32))
    sources = Sources(
        np.array([0, 1, 0]), np.array([0, 0]), np.array([0, 2, 3]), np.array([1, 2, 0])
    )
    letters = alphabet(sources, found, 0, np.array([5.0, 3.0]), 20)
    assert letters.joint.tolist() == [0, 1]
    assert letters.sizes == (3, 2)
    assert letters.code.tolist() == [[2, 1], [1, 0], [0, 0]]
    assert set(map(frozenset, letters.branches)) == {frozenset({0, 1})}


def test_branches_join_the_members_that_repeat_each_other() -> None:
    found = Symbols(np.arange(3), np.full(3, 2), np.zeros(0, dtype=np.int32))
    start = np.array([0, 2, 3, 4, 6])  # 0 and 2 together, 1 alone, 0 alone, 1 and 2 together
    member = np.array([0, 2, 1, 0, 1, 2])
    sources = Sources(np.zeros(3, dtype=np.int64), np.zeros(4, dtype=np.int64), start, member)
    letters = alphabet(sources, found, 0, np.array([40.0, 40.0, 2.0, 2.0]), 200)
    assert set(map(frozenset, letters.branches)) >= {frozenset({0, 2})}


def test_a_tree_is_a_distribution() -> None:
    generator = np.random.default_rng(1)
    mass = generator.gamma(1, 50, (8, 2))
    letters = Alphabet(np.arange(7), CODES, (2, 2, 2), CHAIN)
    np.testing.assert_allclose(tree(letters, mass).sum(axis=0), 1)
    assert letters.parameters == 1 + 2 + 2


def test_a_tree_keeps_what_its_branches_say() -> None:
    # The second repeats the first, and the third is a coin: no tree loses anything.
    chance = np.array([0.5 * (0.45 if first == second else 0.05) for first, second, _ in CODES])
    mass = 1e5 * np.stack([chance, chance], axis=1)
    found = tree(Alphabet(np.arange(7), CODES, (2, 2, 2), CHAIN), mass)
    np.testing.assert_allclose(found[:, 0], chance, atol=1e-3)


def test_what_was_never_seen_is_possible() -> None:
    mass = np.zeros((8, 2))
    mass[0], mass[-1] = 40, 100
    found = tree(Alphabet(np.arange(7), CODES, (2, 2, 2), CHAIN), mass)
    assert np.all(found > 0)
    assert found[1:-1].sum() < 0.2
    assert found[0, 0] == pytest.approx(40 / 140, abs=0.02)


def test_trees_side_by_side_are_as_each_alone() -> None:
    generator = np.random.default_rng(2)
    pair = Alphabet(np.arange(7, 10), np.array([[0, 0], [0, 1], [2, 1], [1, 2]]), (3, 3), ((0, 1),))
    triple = Alphabet(np.arange(7), CODES, (2, 2, 2), CHAIN)
    masses = [generator.gamma(1, 20, (len(each.code), 3)) for each in (pair, triple)]
    both = forest([pair, triple])
    alone = np.vstack([tree(pair, masses[0]), tree(triple, masses[1])])
    np.testing.assert_allclose(believed(both, np.vstack(masses)), alone, rtol=1e-12)
    assert both.joint.tolist() == [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]
    assert both.parameters == pair.parameters + triple.parameters


def test_no_group_is_no_tree() -> None:
    assert believed(forest([]), np.zeros((0, 2))).shape == (0, 2)
