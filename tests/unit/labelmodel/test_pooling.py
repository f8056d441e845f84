import numpy as np
import pytest

from biolabel.labelmodel.pooling import allowed, anchors, evidence, logits


def test_allowed_reads_bits() -> None:
    assert allowed(np.array([0b01, 0b10, 0b11]), 2).tolist() == [
        [True, False],
        [False, True],
        [True, True],
    ]


def test_anchors_are_stated_precision_or_better_than_chance() -> None:
    holds = allowed(np.array([0b01, 0b10]), 2)
    table = anchors(holds, np.array([0.7, 0.7]), np.array([0.95, 0.05]))
    odds = 0.7 * 0.95 / (0.3 * 0.05)
    np.testing.assert_allclose(table, [[odds / (1 + odds), 1 / (1 + odds)], [0.3, 0.7]])


def test_a_vote_for_a_set_counts_once_whatever_its_size() -> None:
    holds = allowed(np.array([0b00001111, 0b00000001]), 8)
    table = anchors(holds, np.array([0.8, 0.8]), np.full(8, 1 / 8))
    assert table[0, :4].sum() == pytest.approx(0.8)
    assert table[1, 0] == pytest.approx(0.8)
    np.testing.assert_allclose(table.sum(axis=1), 1)


def test_a_vote_for_every_label_says_nothing() -> None:
    reference = np.array([0.2, 0.3, 0.5])
    table = anchors(allowed(np.array([0b111]), 3), np.array([0.9]), reference)
    np.testing.assert_allclose(table, [reference])


def test_full_precision_is_not_believed() -> None:
    table = anchors(allowed(np.array([0b01]), 2), np.array([1.0]), np.full(2, 0.5))
    assert table.min() > 0


def test_pooling_is_bayes_rule_for_independent_votes() -> None:
    reference, likelihood = np.array([0.8, 0.2]), np.array([[0.1, 0.4], [0.3, 0.2]])
    table = likelihood * reference
    table /= table.sum(axis=1, keepdims=True)
    votes = evidence(np.array([0, 1]), np.ones(2), table, reference)
    posterior = np.exp(logits(1, np.array([0, 0]), votes, reference)[0])
    expected = reference * likelihood.prod(axis=0)
    np.testing.assert_allclose(posterior / posterior.sum(), expected / expected.sum())
