import numpy as np

from biolabel.labelmodel.em.dependence import Pairs
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted
from biolabel.labelmodel.votes import Floats, Ints, compress, row_starts, symbols


def gains(planted: Planted, soft: Floats) -> Floats:
    """Return the gains of pairs, given a distribution of labels a row: float64[n, k]."""
    matrix = planted.matrix
    found = symbols(matrix)
    patterns = compress(matrix, found)
    shown = np.zeros((matrix.n_candidates, len(found.lf)), dtype=np.bool_)
    shown[matrix.candidate, found.of_vote] = True
    code = np.random.default_rng(1).integers(1, 1 << 40, len(found.lf))
    pattern = np.zeros((len(patterns.count), len(found.lf)), dtype=np.bool_)
    pattern[patterns.row, patterns.symbol] = True
    own = {number: at for at, number in enumerate((pattern @ code).tolist())}
    codes = shown @ code
    covered: Ints = np.flatnonzero(np.diff(row_starts(matrix)))
    mean = np.zeros((len(patterns.count), soft.shape[1]))
    np.add.at(mean, [own[number] for number in codes[covered].tolist()], soft[covered])
    return Pairs.of(patterns, found, len(matrix.lfs)).gains(
        (mean / mean.sum(axis=1, keepdims=True))[:, :, None]
    )


def test_copies_gain_and_independent_functions_do_not() -> None:
    planted = copies.repeated(np.random.default_rng(101), 4000, 0.6)
    assert planted.posterior is not None
    found = gains(planted, planted.posterior)
    together = np.zeros((20, 20), dtype=np.bool_)
    for group in (range(3), range(3, 7), range(7, 12)):
        together[np.ix_(group, group)] = True
    np.fill_diagonal(together, val=False)
    assert found[together].min() > 50
    assert found[~together].max() < 0
    np.testing.assert_allclose(found, found.T)


def test_without_labels_everything_seems_to_depend() -> None:
    planted = single.two_sided(np.random.default_rng(101), 4000, 0.5)
    nothing = np.full((4000, 2), 0.5)
    assert planted.posterior is not None
    assert np.sum(gains(planted, nothing) > 0) > 10
    assert np.sum(gains(planted, planted.posterior) > 0) == 0
