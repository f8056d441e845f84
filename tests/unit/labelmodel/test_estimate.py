import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.estimate import estimate, soft_labels, stated
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted.draw import sparse

CID = Task("cid", "relation", ("none", "causes"))
LFS = (LabelingFunction("a"), LabelingFunction("b", 0.9), LabelingFunction("c"))
VOTES = sparse(CID, LFS, np.array([[2, 2, 0], [2, 0, 0], [1, 0, 1], [2, 2, 0], [0, 0, 0]]))


def test_stated_precision_or_the_default() -> None:
    np.testing.assert_allclose(stated(VOTES, Settings(precision=0.6)), [0.6, 0.9, 0.6])


def test_an_estimate_counts_votes() -> None:
    found = estimate(VOTES, Settings())
    assert found.symbol_lf.tolist() == [0, 0, 1, 2]
    assert found.symbol_mask.tolist() == [1, 2, 2, 1]
    assert found.votes.tolist() == [1, 3, 2, 1]
    assert found.alone.tolist() == [0, 1, 0, 0]
    assert found.rows == 4
    assert found.converged
    np.testing.assert_allclose(found.table.sum(axis=1), 1)
    assert found.prior.sum() == pytest.approx(1)


def test_agreement_is_what_the_others_say() -> None:
    found = estimate(VOTES, Settings(method="majority"))
    # b votes where only a votes as well, and a is believed to be right in 7 of 10.
    assert found.agreement[2] == pytest.approx(0.7)
    lonely = estimate(sparse(CID, LFS[:1], np.array([[2]])), Settings())
    assert np.isnan(lonely.agreement[0])


def test_soft_labels_follow_names_not_numbers() -> None:
    fitted = estimate(VOTES, Settings())
    usual = soft_labels(VOTES, fitted, np.array([0, 1, 2]), Settings())
    turned = sparse(CID, LFS[::-1], np.array([[0, 2, 2]]))
    found = soft_labels(turned, fitted, np.array([2, 1, 0]), Settings())
    np.testing.assert_allclose(found[0], usual[0])
