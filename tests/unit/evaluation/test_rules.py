import json
import math
from itertools import combinations

import numpy as np
import pytest
from rich.console import Console

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskKind
from biolabel.evaluation.rules import (
    Clash,
    analyze_rules,
    rules_table,
    to_json,
    votes_of,
    wilson_interval,
)

LABELS = ("none", "causes", "treats")
NONE, CAUSES, TREATS = 1, 2, 4


def matrix(
    cast: list[tuple[int, int, int]],
    n: int,
    m: int,
    labels: tuple[str, ...] = LABELS,
    kind: TaskKind = "relation",
) -> LabelMatrix:
    """Return a matrix from (candidate, labeling function, mask)."""
    columns = np.array(sorted(cast), dtype=np.int64).reshape(-1, 3)
    return LabelMatrix(
        Task("cid", kind, labels),
        tuple(LabelingFunction(f"rule{i}") for i in range(m)),
        n,
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int16),
        columns[:, 2],
    )


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
    assert found.clashes == (
        Clash("rule0", "rule1", 1, 2),
        Clash("rule0", "rule2", 1, 1),
        Clash("rule1", "rule2", 1, 2),
    )


def test_a_vote_is_right_if_gold_is_among_its_labels() -> None:
    first, second, third, silent = analyze_rules(SMALL, GOLD).rules
    assert (first.judged, first.right, first.precision) == (3, 2, 2 / 3)
    assert (second.judged, second.right, second.precision) == (2, 2, 1.0)
    assert (third.judged, third.right) == (1, 1)
    assert (silent.judged, silent.interval) == (0, None)
    assert first.interval == wilson_interval(2, 3)


def test_the_base_rate_is_that_of_any_candidates_with_gold() -> None:
    cast = [(0, 0, CAUSES), (1, 0, NONE | TREATS), (2, 0, CAUSES), (3, 1, TREATS)]
    gold = np.array([CAUSES, CAUSES, NONE, -1, NONE], dtype=np.int64)
    mixed, unjudged = analyze_rules(matrix(cast, 5, 2), gold).rules
    assert mixed.base == pytest.approx((2 / 4 + 2 / 4 + 2 / 4) / 3)
    gold[1] = NONE
    assert analyze_rules(matrix(cast, 5, 2), gold).rules[0].base == pytest.approx(
        (1 / 4 + 3 / 4 + 1 / 4) / 3
    )
    assert unjudged.base is None


def test_without_gold_nothing_is_judged() -> None:
    for rule in analyze_rules(SMALL).rules:
        assert (rule.judged, rule.precision, rule.interval) == (0, None, None)


def test_wilson_interval_is_his_formula() -> None:
    z, right, judged = 1.959963984540054, 7, 11
    p = right / judged
    center = p + z * z / (2 * judged)
    half = z * math.sqrt(p * (1 - p) / judged + z * z / (4 * judged * judged))
    found = wilson_interval(right, judged)
    assert found.low == pytest.approx((center - half) / (1 + z * z / judged))
    assert found.high == pytest.approx((center + half) / (1 + z * z / judged))
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
    clashes = {(c.first, c.second): (c.conflicts, c.together) for c in found.clashes}
    for one, other in combinations(range(m), 2):
        both = [c for c in range(n) if masks[c, one] and masks[c, other]]
        against = sum(not masks[c, one] & masks[c, other] for c in both)
        expected = (against, len(both)) if against else None
        assert clashes.get((f"rule{one}", f"rule{other}")) == expected
    assert [c.conflicts for c in found.clashes] == sorted(
        (c.conflicts for c in found.clashes), reverse=True
    )


def test_the_highest_label_of_a_task_fits() -> None:
    labels = tuple(f"label{i}" for i in range(62))
    found = analyze_rules(matrix([(0, 0, 1 << 61), (0, 1, 1)], 1, 2, labels, "document"))
    assert found.rules[0].labels == ("label61",)
    assert found.clashes == (Clash("rule0", "rule1", 1, 1),)


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (4, 0), (4, 3)])
def test_no_votes(n: int, m: int) -> None:
    found = analyze_rules(matrix([], n, m), np.ones(n, dtype=np.int64))
    assert (found.coverage, found.uncovered, found.clashes) == (0.0, n, ())
    assert len(found.rules) == m


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


def test_table_and_json() -> None:
    found = analyze_rules(SMALL, GOLD)
    console = Console(width=120, record=True, file=None, quiet=True)
    with console.capture() as shown:
        console.quiet = False
        console.print(rules_table(found))
    text = shown.get()
    assert "80.0% of candidates covered" in text
    assert "0.667" in text
    back = json.loads(json.dumps(to_json(found)))
    assert back["rules"][0]["interval"]["low"] == pytest.approx(0.2077, abs=1e-3)
    assert back["rules"][3]["precision"] is None
    assert back["clashes"][0]["together"] == 2
