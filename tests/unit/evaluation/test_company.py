from itertools import combinations

import numpy as np
import pytest

from biolabel.evaluation.company import (
    Pair,
    clusters,
    in_conflict,
    pairs_of,
    repeated,
    similarity_tree,
)
from tests.unit.evaluation.ballots import matrix


def test_pairs_as_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    n, m = 60, 7
    masks = rng.integers(1, 8, (n, m)) * (rng.random((n, m)) < 0.4)
    cast = [(c, lf, int(masks[c, lf])) for c, lf in zip(*np.nonzero(masks), strict=True)]
    found = pairs_of(matrix(cast, n, m))
    expected = []
    for one, other in combinations(range(m), 2):
        both = [c for c in range(n) if masks[c, one] and masks[c, other]]
        either = sum(bool(masks[c, one] or masks[c, other]) for c in range(n))
        same = sum(masks[c, one] == masks[c, other] for c in both)
        against = sum(not masks[c, one] & masks[c, other] for c in both)
        pair = Pair(f"rule{one}", f"rule{other}", len(both), same, against, same / either)
        expected += [pair] if both else []
    assert list(found) == sorted(expected, key=lambda pair: -pair.conflicts)


@pytest.mark.parametrize("labels", [3, 9])
def test_votes_in_conflict_and_repeated_votes(labels: int) -> None:
    rng = np.random.default_rng(labels)
    n, m = 50, 30
    masks = rng.integers(1, 1 << labels, (n, m)) * (rng.random((n, m)) < 0.3)
    cast = [(c, lf, int(masks[c, lf])) for c, lf in zip(*np.nonzero(masks), strict=True)]
    if labels == 9:
        assert len({mask for _, _, mask in cast}) > 126  # more than two words of bits
    votes = matrix(cast, n, m, tuple(f"label{i}" for i in range(labels)))
    clash, again = in_conflict(votes).tolist(), repeated(votes).tolist()
    for (c, lf, mask), conflicts, twice in zip(sorted(cast), clash, again, strict=True):
        others = [int(masks[c, o]) for o in range(m) if o != lf and masks[c, o]]
        assert conflicts == any(not mask & other for other in others)
        assert twice == (mask in others)


def test_keys_of_many_candidates_do_not_run_over() -> None:
    votes = matrix([(2_000_000_000, 0, 1), (2_000_000_000, 1, 1), (1, 0, 2), (2, 0, 4)], 1, 2)
    assert repeated(votes).tolist() == [False, False, True, True]


def test_no_votes() -> None:
    empty = matrix([], 4, 2)
    assert pairs_of(empty) == ()
    assert in_conflict(empty).tolist() == repeated(empty).tolist() == []


def test_what_a_pair_says() -> None:
    pair = Pair("a", "b", 8, 4, 2, 0.25)
    assert (pair.agreement, pair.other("a"), pair.other("b")) == (0.75, "b", "a")


def test_rules_that_say_the_same_are_one_cluster() -> None:
    pairs = [
        Pair("a", "c", 9, 9, 0, 0.9), Pair("a", "d", 7, 7, 0, 0.7), Pair("c", "d", 5, 5, 0, 0.5),
        Pair("b", "e", 9, 9, 0, 0.95), Pair("a", "b", 9, 1, 0, 0.1), Pair("a", "silent", 1, 1, 0, 1.0),
    ]  # fmt: skip
    tree = similarity_tree("abcdef", pairs)
    loose, strict = clusters(tree, 0.5), clusters(tree, 0.7)
    assert [c.names for c in loose] == [("b", "e"), ("d", "a", "c")]
    assert [c.jaccard for c in loose] == pytest.approx([0.95, 0.6])
    assert [c.names for c in strict] == [("b", "e"), ("a", "c")]
    names = tree.ordered()
    assert sorted(names) == sorted("abcdef")
    assert abs(names.index("a") - names.index("c")) == 1


@pytest.mark.parametrize("names", [(), ("a",)])
def test_too_few_to_compare(names: tuple[str, ...]) -> None:
    tree = similarity_tree(names, ())
    assert (tree.ordered(), clusters(tree, 0.5)) == (names, ())
