import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted, sparse
from biolabel.labelmodel.reasons.contributions import row_reasons

MAJORITY = Settings(method="majority", precision=0.8)


def test_what_functions_add_is_the_log_odds_of_their_precision() -> None:
    task = Task("t", "relation", ("a", "b"))
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(3))
    matrix = sparse(task, lfs, np.array([[2, 2, 1], [1, 0, 0]]))
    planted = Planted(matrix, np.array([1, 0]))
    params = fit({"t": matrix}, planted.graph, MAJORITY)
    first, second = row_reasons(params, matrix, [0, 1])
    assert (first.label, second.label) == ("b", "a")
    found = {it.lfs: it.log_odds for it in first.contributions}
    assert found["lf_0",] == pytest.approx(np.log(4), abs=1e-4)
    assert found["lf_2",] == pytest.approx(-np.log(4), abs=1e-4)
    assert first.log_odds == pytest.approx(np.log(4), abs=1e-4)
    assert [it.labels for it in second.contributions] == [("a",)]


def test_functions_of_a_group_are_taken_away_together() -> None:
    planted = copies.copied(np.random.default_rng(1), 2000)
    matrix = planted.matrix
    params = fit({"planted": matrix}, planted.graph, MAJORITY)
    grouped = np.bincount(matrix.candidate[matrix.lf < 4], minlength=2000) == 4
    [found] = row_reasons(params, matrix, [int(np.flatnonzero(grouped)[0])])
    assert ("lf_0", "lf_1", "lf_2", "lf_3") in [it.lfs for it in found.contributions]


def test_every_row_has_reasons_and_those_without_votes_have_none() -> None:
    planted = single.five_labels(np.random.default_rng(2), 300)
    params = fit({"planted": planted.matrix}, planted.graph)
    found = row_reasons(params, planted.matrix, range(300))
    assert [it.candidate for it in found] == list(range(300))
    votes = np.bincount(planted.matrix.candidate, minlength=300)
    assert [len(it.contributions) for it in found] == votes.tolist()
    assert np.isfinite([it.log_odds for it in found]).all()
    assert row_reasons(params, planted.matrix, []) == ()


def test_another_label_can_be_explained() -> None:
    planted = single.five_labels(np.random.default_rng(2), 50)
    params = fit({"planted": planted.matrix}, planted.graph)
    found = row_reasons(params, planted.matrix, [0, 1], [3, 4])
    assert [it.label for it in found] == ["label_3", "label_4"]
