import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.evaluation.company import Pair
from biolabel.evaluation.rules import (
    BallotAnalysis,
    GoldReach,
    Measure,
    Twin,
    analyze_rules,
    positives,
    votes_of,
    wilson_interval,
)
from tests.unit.evaluation.ballots import CAUSES, LABELS, NONE, TREATS, matrix

SMALL = matrix(
    [
        (0, 0, CAUSES),
        (0, 1, CAUSES | TREATS),
        (1, 0, CAUSES),
        (1, 1, NONE),
        (1, 2, NONE | TREATS),
        (2, 0, TREATS),
        (4, 1, NONE),
        (4, 2, CAUSES),
    ],
    n=5,
    m=4,
)
GOLD = np.array([2, 1, 4, 1, -1], dtype=np.int64)


def test_votes_and_their_company() -> None:
    found = analyze_rules(SMALL, GOLD)
    first, second, third, silent = found.rules
    assert [r.votes for r in found.rules] == [3, 3, 2, 0]
    assert (first.coverage, first.overlap, first.conflict) == (0.6, 0.4, 0.2)
    assert (second.coverage, second.overlap, second.conflict) == (0.6, 0.6, 0.4)
    assert (third.coverage, third.overlap, third.conflict) == (0.4, 0.4, 0.4)
    assert (silent.coverage, silent.labels, silent.precision) == (0.0, (), None)
    assert first.labels == ("causes", "treats")
    assert second.labels == LABELS


def test_the_whole_matrix() -> None:
    found = analyze_rules(SMALL)
    assert (found.candidates, found.uncovered) == (5, 1)
    assert (found.coverage, found.overlap, found.conflict) == (0.8, 0.6, 0.4)
    assert (found.votes, found.voters) == (8, (1, 1, 2, 1))
    assert found.clashes == (
        Pair("rule0", "rule1", 2, 0, 1, 0.0),
        Pair("rule0", "rule2", 1, 0, 1, 0.0),
        Pair("rule1", "rule2", 2, 0, 1, 0.0),
    )


def test_a_vote_is_right_if_gold_is_among_its_labels() -> None:
    first, second, third, silent = analyze_rules(SMALL, GOLD).rules
    assert first.measure == Measure(3, 2, 0.25)
    assert first.measure.interval == wilson_interval(2, 3)
    assert second.measure is not None
    assert (second.measure.judged, second.measure.right, second.precision) == (2, 2, 1.0)
    assert third.measure is not None
    assert (third.measure.judged, third.measure.right) == (1, 1)
    assert (silent.measure, silent.precision) == (None, None)


def test_the_base_rate_is_that_of_any_candidates_with_gold() -> None:
    cast = [(0, 0, CAUSES), (1, 0, NONE | TREATS), (2, 0, CAUSES), (3, 1, TREATS)]
    gold = np.array([CAUSES, CAUSES, NONE, -1, NONE], dtype=np.int64)
    mixed, unjudged = analyze_rules(matrix(cast, 5, 2), gold).rules
    assert mixed.measure is not None
    assert mixed.measure.base == pytest.approx((2 / 4 + 2 / 4 + 2 / 4) / 3)
    gold[1] = NONE
    again = analyze_rules(matrix(cast, 5, 2), gold).rules[0].measure
    assert again is not None
    assert again.base == pytest.approx((1 / 4 + 3 / 4 + 1 / 4) / 3)
    assert unjudged.measure is None


def test_without_gold_nothing_is_judged() -> None:
    found = analyze_rules(SMALL)
    assert found.gold is None
    assert all(rule.measure is None for rule in found.rules)
    assert all(ballot.measure is None for rule in found.rules for ballot in rule.ballots)
    assert analyze_rules(SMALL, np.full(5, -1)) == found


def test_what_a_rule_adds() -> None:
    cast = [(0, 0, CAUSES), (0, 1, CAUSES), (1, 0, CAUSES), (1, 2, NONE), (2, 1, CAUSES)]
    cast += [(3, 0, CAUSES), (3, 1, CAUSES), (3, 2, CAUSES)]
    first, second, third = analyze_rules(matrix(cast, 5, 3)).rules
    assert (first.alone, first.repeated, first.redundancy) == (0, 2, 2 / 3)
    assert (second.alone, second.repeated) == (1, 2)
    assert (third.alone, third.repeated) == (0, 1)
    assert (first.twin, second.twin) == (Twin("rule1", 2, 2 / 3), Twin("rule0", 2, 2 / 3))
    assert third.twin == Twin("rule0", 1, 1 / 2)


def test_votes_for_several_labels_are_told_apart() -> None:
    cast = [(0, 0, CAUSES), (1, 0, NONE), (2, 0, NONE), (3, 0, NONE)]
    gold = np.array([CAUSES, NONE, CAUSES, -1], dtype=np.int64)
    (rule,) = analyze_rules(matrix(cast, 4, 1), gold).rules
    assert rule.ballots == (
        BallotAnalysis(("none",), 3, Measure(2, 1, 1 / 3)),
        BallotAnalysis(("causes",), 1, Measure(1, 1, 2 / 3)),
    )
    assert rule.measure is not None
    assert (rule.measure.judged, rule.measure.right) == (3, 2)
    assert rule.measure.base == pytest.approx(4 / 9)


def test_how_far_votes_reach_gold() -> None:
    cast = [(0, 0, CAUSES), (1, 0, NONE), (1, 1, NONE | TREATS), (2, 0, NONE)]
    gold = np.array([CAUSES, CAUSES, CAUSES, TREATS, NONE, -1], dtype=np.int64)
    assert analyze_rules(matrix(cast, 6, 2), gold).gold == GoldReach(5, 4, 1, 2)


def test_gold_without_none_is_positive() -> None:
    topic = Task("topic", "document", ("a", "b"))
    assert positives(topic, np.array([1, 2, -1, 0])).tolist() == [True, True, False, False]


def test_a_verdict_needs_the_whole_interval() -> None:
    assert Measure(100, 90, 0.5).verdict == "better"
    assert Measure(100, 10, 0.5).verdict == "worse"
    assert Measure(3, 2, 0.5).verdict == "open"


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_is_that_of_scipy(trials: tuple[int, int]) -> None:
    expected = binomtest(*trials).proportion_ci(0.95, method="wilson")
    found = wilson_interval(*trials)
    assert found.low == pytest.approx(expected.low, abs=1e-12)
    assert found.high == pytest.approx(expected.high, abs=1e-12)


def test_nothing_right_and_all_right() -> None:
    assert wilson_interval(0, 4).low == 0.0
    assert wilson_interval(4, 4).high == 1.0


def test_random_votes_as_counted_one_by_one() -> None:
    rng = np.random.default_rng(2)
    n, m = 60, 7
    masks = rng.integers(1, 8, (n, m)) * (rng.random((n, m)) < 0.4)
    cast = [(c, lf, int(masks[c, lf])) for c, lf in zip(*np.nonzero(masks), strict=True)]
    found = analyze_rules(matrix(cast, n, m))
    for lf, rule in enumerate(found.rules):
        others = [[masks[c, o] for o in range(m) if o != lf and masks[c, o]] for c in range(n)]
        mine = [c for c in range(n) if masks[c, lf]]
        assert rule.overlap * n == pytest.approx(sum(bool(others[c]) for c in mine))
        conflicts = [c for c in mine if any(not masks[c, lf] & other for other in others[c])]
        assert rule.conflict * n == pytest.approx(len(conflicts))
        alone = sum(not others[c] for c in mine)
        again = sum(masks[c, lf] in others[c] for c in mine)
        assert (rule.alone, rule.repeated) == (alone, again)
        twins = [sum(masks[c, lf] == masks[c, o] for c in mine) for o in range(m) if o != lf]
        assert (rule.twin.shared if rule.twin else 0) == max(twins)


def test_the_highest_label_of_a_task_fits() -> None:
    labels = tuple(f"label{i}" for i in range(62))
    found = analyze_rules(matrix([(0, 0, 1 << 61), (0, 1, 1)], 1, 2, labels, "document"))
    assert found.rules[0].labels == ("label61",)
    assert found.clashes == (Pair("rule0", "rule1", 1, 0, 1, 0.0),)


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (4, 0), (4, 3)])
def test_no_votes(n: int, m: int) -> None:
    found = analyze_rules(matrix([], n, m), np.ones(n, dtype=np.int64))
    assert (found.coverage, found.uncovered, found.clashes) == (0.0, n, ())
    assert len(found.rules) == m
    assert found.voters == ((n,) if n else ())


def test_many_candidates_stay_sparse() -> None:
    rng = np.random.default_rng(0)
    n, m, v = 1_000_000, 300, 150_000
    keys = np.unique(rng.integers(0, n * m, v))
    sparse = LabelMatrix(
        Task("cid", "relation", LABELS),
        tuple(LabelingFunction(f"rule{i}") for i in range(m)),
        n,
        (keys // m).astype(np.int32),
        (keys % m).astype(np.int16),
        rng.integers(1, 3, len(keys)),
    )
    found = analyze_rules(sparse, rng.choice([-1, 1, 2, 4], n))
    assert sum(rule.votes for rule in found.rules) == len(keys)


def test_one_rule_alone() -> None:
    found = votes_of(SMALL, "rule1")
    assert found.covered.tolist() == [False, True, False, False, True]
    assert found.probabilities.tolist() == [[1.0, 0.0, 0.0]] * 5
    found = votes_of(SMALL, "rule0")
    assert found.probabilities.argmax(axis=1).tolist() == [1, 1, 2, 0, 0]
    assert found.probabilities.dtype == np.float32
    assert not votes_of(SMALL, "rule3").covered.any()


def test_one_rule_alone_without_none() -> None:
    found = votes_of(matrix([(0, 0, 1 << 3)], 2, 1, ("a", "b", "c", "d"), "document"), "rule0")
    assert found.probabilities.tolist() == [[0, 0, 0, 1], [0.25] * 4]
