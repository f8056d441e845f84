import numpy as np

from biolabel.labelmodel.emission import Mixture, Sources


def test_sources_know_how_many_functions_they_have() -> None:
    sources = Sources(
        np.array([0, 1, 0, 2]), np.array([1, 0, 0, 2]), np.array([0, 1, 3, 4, 5]), np.arange(5)
    )
    assert sources.number == 3
    assert sources.size.tolist() == [2, 1, 1]
    assert sources.single.tolist() == [0, 3]
    empty = np.zeros(0, dtype=np.int64)
    assert Sources(empty, empty, np.zeros(1, dtype=np.int64), empty).number == 0


def test_a_row_without_votes_is_one_on_which_all_are_silent() -> None:
    silent = np.array([[0.9, 0.5], [0.8, 0.6]])
    prior, share = np.array([0.7, 0.3]), np.ones(1)
    mixture = Mixture(prior, share, share, np.zeros((0, 2)), (1 - silent) / silent)
    np.testing.assert_allclose(np.exp(mixture.constant[:, 0]), prior * silent.prod(axis=0))
