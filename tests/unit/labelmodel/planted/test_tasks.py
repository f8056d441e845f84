import numpy as np
import pytest

from biolabel.labelmodel.planted.tasks import related, unrelated
from biolabel.labelmodel.votes import check


def test_truth_is_feasible_and_the_posterior_knows_it() -> None:
    planted = related(np.random.default_rng(1), 3000)
    rows = np.stack(list(planted.truth.values()), axis=1)
    assert {tuple(row) for row in rows.tolist()} == {tuple(v) for v in planted.vectors.tolist()}
    best = planted.vectors[planted.joint.argmax(axis=1)]
    alone = np.stack([p.argmax(axis=1) for p in planted.posterior.values()], axis=1)
    assert np.mean((best == rows).all(axis=1)) > 0.7
    assert np.mean((best == rows).all(axis=1)) >= np.mean((alone == rows).all(axis=1))
    for name, matrix in planted.matrices.items():
        check(matrix)
        np.testing.assert_allclose(planted.posterior[name].sum(axis=1), 1)


def test_many_tasks_have_rows_votes_and_truth_each() -> None:
    planted = unrelated(np.random.default_rng(1), 2000, count=5)
    for name, matrix in planted.matrices.items():
        check(matrix)
        found = planted.posterior[name][:, 1].mean()
        assert found == pytest.approx(planted.truth[name].mean(), abs=0.03)
