import numpy as np
from scipy import sparse

from biolabel.labelmodel.em.mixture import independent, posterior
from biolabel.labelmodel.emission import Emission, Mixture

SHOWN = np.array([[1, 0, 1], [0, 1, 0], [0, 0, 0]], dtype=np.float64)
LF = np.array([0, 0, 1])
TABLE = np.array([[0.3, 0.1], [0.2, 0.4], [0.05, 0.6]])
PRIOR = np.array([0.7, 0.3])


def test_an_emission_pools_by_bayes_rule_with_silence() -> None:
    mixture = independent(Emission(PRIOR, TABLE, abstains=True), LF, 2)
    found = posterior(mixture, sparse.csr_matrix(SHOWN))
    expected = np.stack([
        PRIOR * TABLE[0] * TABLE[2],
        PRIOR * TABLE[1] * (1 - TABLE[2]),
        PRIOR * (1 - TABLE[0] - TABLE[1]) * (1 - TABLE[2]),
    ])  # fmt: skip
    np.testing.assert_allclose(np.exp(found.evidence), expected.sum(axis=1))
    np.testing.assert_allclose(found.soft, expected / expected.sum(axis=1, keepdims=True))


def test_paces_multiply_the_odds_of_speaking() -> None:
    plain = independent(Emission(PRIOR, TABLE, abstains=True), LF, 2)
    share, factor = np.array([0.6, 0.4]), np.array([0.5, 1.75])
    paced = Mixture(PRIOR, share, factor, plain.weight, plain.odds)
    found = posterior(paced, sparse.csr_matrix(SHOWN))
    expected = np.zeros((3, 2, 2))
    for at, f in enumerate(factor):
        odds = f * np.exp(plain.weight)
        silent = 1 / (1 + np.stack([odds[0] + odds[1], odds[2]]))
        expected[:, :, at] = PRIOR * share[at] * np.stack([
            odds[0] * silent[0] * odds[2] * silent[1],
            odds[1] * silent[0] * silent[1],
            silent[0] * silent[1],
        ])  # fmt: skip
    np.testing.assert_allclose(np.exp(found.evidence), expected.sum(axis=(1, 2)))
    np.testing.assert_allclose(found.joint, expected / expected.sum(axis=(1, 2), keepdims=True))


def test_gold_leaves_one_label() -> None:
    mixture = independent(Emission(PRIOR, TABLE, abstains=True), LF, 2)
    gold = np.array([[-np.inf, 0.0], [0.0, 0.0], [0.0, -np.inf]])
    soft = posterior(mixture, sparse.csr_matrix(SHOWN), gold).soft
    assert soft[0].tolist() == [0, 1]
    assert 0 < soft[1, 0] < 1
    assert soft[2].tolist() == [1, 0]
