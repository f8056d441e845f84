import numpy as np
import pytest

from biolabel.labelmodel.planted import copies


def test_copies_agree_where_they_vote() -> None:
    matrix = copies.copied(np.random.default_rng(1), 4000).matrix
    grouped = [lf for lf, function in enumerate(matrix.lfs) if function.groups]
    assert len(grouped) == 4
    first, second = (set(matrix.candidate[matrix.lf == lf].tolist()) for lf in grouped[:2])
    assert len(first & second) > 0.9 * len(first | second)


@pytest.mark.parametrize("loyalty", [0.6, 0.95])
def test_copies_that_nothing_declares_are_as_loyal_as_they_say(loyalty: float) -> None:
    matrix = copies.repeated(np.random.default_rng(1), 10_000, loyalty).matrix
    assert not any(function.groups for function in matrix.lfs)
    votes = np.zeros((10_000, len(matrix.lfs)), dtype=np.int64)
    votes[matrix.candidate, matrix.lf] = matrix.mask
    same = np.mean(votes[:, 0] == votes[:, 1])
    assert loyalty < same < loyalty + 0.5 * (1 - loyalty)
