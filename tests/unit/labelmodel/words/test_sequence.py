from itertools import product

import numpy as np
import pytest

from biolabel.labelmodel.params import Transitions
from biolabel.labelmodel.votes import Floats, Ints
from biolabel.labelmodel.words.sequence import (
    Chains,
    chains,
    count,
    learn,
    log_likelihood,
    smoothed,
)

K = 3


def planted(generator: np.random.Generator, n: int) -> tuple[Chains, Ints, Floats, Transitions]:
    """Return chains of 1 to 6 words, their labels, noisy likelihoods and the transitions."""
    truth = Transitions(
        np.array([0.22, 0.18, 0.6]),
        np.array([0.2, 0.2, 0.6]),
        np.array([[0.7, 0.05, 0.25], [0.05, 0.6, 0.35], [0.1, 0.1, 0.8]]),
    )
    follows = generator.random(n) < 0.75
    follows[0] = False
    labels = np.zeros(n, dtype=np.int64)
    for at in range(n):
        shares = truth.step[labels[at - 1]] if follows[at] else truth.start
        labels[at] = generator.choice(K, p=shares)
    seen = np.where(generator.random(n) < 0.6, labels, generator.integers(0, K, n))
    table = np.full((K, K), 0.4 / 3) + 0.6 * np.eye(K)
    return chains(np.ones(n, dtype=np.bool_), follows), labels, np.log(table[:, seen].T), truth


def enumerated(likelihood: Floats, fitted: Transitions) -> Floats:
    n = len(likelihood)
    soft = np.zeros((n, K))
    for labels in product(range(K), repeat=n):
        log = np.log(fitted.start[labels[0]]) + likelihood[0, labels[0]]
        for at in range(1, n):
            log += np.log(fitted.step[labels[at - 1], labels[at]]) + likelihood[at, labels[at]]
        soft[np.arange(n), labels] += np.exp(log)
    return np.asarray(soft / soft.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("length", [1, 2, 4, 6])
def test_a_chain_is_enumeration(length: int) -> None:
    generator = np.random.default_rng(length)
    fitted = Transitions(
        np.ones(K) / K, generator.dirichlet(np.ones(K)), generator.dirichlet(np.ones(K), K)
    )
    likelihood = generator.normal(size=(length, K))
    found = Chains((np.arange(length)[None],))
    expected = enumerated(likelihood, fitted)
    np.testing.assert_allclose(smoothed(found, likelihood, fitted), expected, atol=1e-9)


def test_chains_end_at_sentences_and_words_without_votes() -> None:
    covered = np.array([1, 1, 0, 1, 1, 1, 0, 1], dtype=np.bool_)
    follows = np.array([0, 1, 1, 1, 0, 1, 1, 1], dtype=np.bool_)
    found = chains(covered, follows)
    assert [words.tolist() for words in found.words] == [[[3], [7]], [[0, 1], [4, 5]]]
    nothing = chains(np.zeros(3, dtype=np.bool_), np.ones(3, dtype=np.bool_))
    likelihood = np.zeros((3, K))
    fitted = learn(count(nothing, np.full((3, K), 1 / K)))
    assert np.all(np.isnan(smoothed(nothing, likelihood, fitted)))
    np.testing.assert_allclose(fitted.step, 1 / K)
    assert chains(np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_)).words == ()


def test_neighbors_help() -> None:
    found, labels, likelihood, truth = planted(np.random.default_rng(1), 5000)
    alone = np.exp(likelihood) * truth.share
    alone /= alone.sum(axis=1, keepdims=True)
    fitted = learn(count(found, alone))
    again = log_likelihood(alone, fitted.share)
    losses = [
        -np.log(soft[np.arange(len(soft)), labels]).mean()
        for soft in (alone, smoothed(found, again, fitted), smoothed(found, likelihood, truth))
    ]
    assert losses[0] > losses[1] + 0.01 > losses[2] + 0.01
    assert np.all(np.diag(fitted.step) > fitted.share)


def test_words_of_several_shards_are_counted_as_those_of_one() -> None:
    found, _, likelihood, _ = planted(np.random.default_rng(2), 300)
    soft = np.exp(likelihood) / np.exp(likelihood).sum(axis=1, keepdims=True)
    parts = [Chains((words,)) for words in found.words]
    added = sum((count(part, soft) for part in parts[1:]), count(parts[0], soft))
    np.testing.assert_allclose(learn(added).step, learn(count(found, soft)).step)


def test_neighbors_whose_labels_do_not_depend_change_nothing() -> None:
    soft = np.tile([0.5, 0.3, 0.2], (3000, 1))
    found = Chains((np.arange(3000).reshape(300, 10),))
    fitted = learn(count(found, soft))
    np.testing.assert_allclose(
        smoothed(found, log_likelihood(soft, fitted.share), fitted), soft, atol=0.01
    )


def test_order_of_chains_and_labels_does_not_matter() -> None:
    found, _, likelihood, fitted = planted(np.random.default_rng(2), 300)
    order = np.array([2, 0, 1])
    moved = Transitions(fitted.share[order], fitted.start[order], fitted.step[np.ix_(order, order)])
    expected = smoothed(found, likelihood, fitted)
    np.testing.assert_allclose(
        smoothed(found, likelihood[:, order], moved), expected[:, order], atol=1e-12
    )
    backward = Chains(tuple(words[::-1] for words in found.words[::-1]))
    np.testing.assert_allclose(smoothed(backward, likelihood, fitted), expected, atol=1e-12)


def test_certain_words_stay_finite() -> None:
    soft = np.eye(K)[np.array([0, 1, 1, 2])]
    found = Chains((np.arange(4)[None],))
    fitted = learn(count(found, soft))
    likelihood = log_likelihood(soft, np.full(K, 1 / K))
    assert np.all(np.isfinite(smoothed(found, likelihood, fitted)))
    assert smoothed(found, likelihood, fitted).argmax(axis=1).tolist() == [0, 1, 1, 2]
