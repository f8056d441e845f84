import math

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task, TaskGraph
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Settings, TaskParams
from biolabel.labelmodel.planted import single
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant, sparse
from biolabel.labelmodel.reasons.reasons import concerns, reasons


def fitted(planted: Planted, settings: Settings | None = None) -> TaskParams:
    return fit({"planted": planted.matrix}, planted.graph, settings).tasks["planted"]


def codes(params: TaskParams) -> list[str]:
    return [concern.code for concern in concerns(params)]


def symmetric(accuracy: float, coverage: float) -> Behavior:
    right, wrong = coverage * accuracy, coverage * (1 - accuracy)
    return Behavior((1, 2), np.array([[right, wrong], [wrong, right]]))


def test_accuracies_are_ranked_and_coverage_is_exact() -> None:
    accuracies = (0.95, 0.85, 0.75, 0.65, 0.9, 0.7)
    behaviors = [symmetric(accuracy, 0.6) for accuracy in accuracies]
    planted = plant(np.random.default_rng(3), 5000, (0.5, 0.5), behaviors)
    found = reasons(fitted(planted))
    assert [reason.lf for reason in found] == [f"lf_{at}" for at in range(6)]
    order = np.argsort(accuracies)
    assert np.argsort([reason.accuracy for reason in found]).tolist() == order.tolist()
    assert np.argsort([reason.weight for reason in found]).tolist() == order.tolist()
    for at, reason in enumerate(found):
        assert reason.votes == int(np.sum(planted.matrix.lf == at))
        assert reason.coverage == reason.votes / 5000
        assert 0 < reason.accuracy < 1
    assert codes(fitted(planted)) == []


def test_a_function_worse_than_chance_is_named() -> None:
    behaviors = [symmetric(accuracy, 0.6) for accuracy in (0.9, 0.85, 0.8, 0.9, 0.2)]
    planted = plant(np.random.default_rng(3), 3000, (0.5, 0.5), behaviors)
    (concern,) = concerns(fitted(planted))
    assert concern.code == "BL812"
    assert "`lf_4`" in concern.message


def test_few_functions_and_one_that_carries_the_task() -> None:
    behaviors = [symmetric(0.8, 0.9), symmetric(0.8, 0.1)]
    planted = plant(np.random.default_rng(3), 1000, (0.5, 0.5), behaviors)
    assert codes(fitted(planted)) == ["BL811", "BL814"]


def test_stopping_early_is_named() -> None:
    planted = single.one_sided(np.random.default_rng(1), 1000, 0.2)
    assert "BL815" in codes(fitted(planted, Settings(max_iterations=1)))


def test_a_vanished_label_is_named() -> None:
    task = Task("planted", "document", ("a", "b"))
    lfs = tuple(LabelingFunction(f"lf_{at}", 0.99) for at in range(6))
    votes = sparse(task, lfs, np.ones((2000, 6), dtype=np.int64))
    (concern,) = concerns(fitted(Planted(votes, np.zeros(2000, dtype=np.int64))))
    assert concern.code == "BL813"
    assert "`b`" in concern.message


def test_labels_of_a_task_that_picks_many_have_their_own() -> None:
    task = Task("many", "document", ("a", "b", "none"), exclusive=False)
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(3))
    votes = sparse(task, lfs, np.array([[1, 2, 0], [1, 0, 2], [0, 1, 0]]))
    graph = TaskGraph((task,), (), 3, {"many": np.arange(3, dtype=np.int32)})
    params = fit({"many": votes}, graph).tasks["many"]
    assert [(reason.label, reason.lf) for reason in reasons(params)] == [
        ("a", "lf_0"),
        ("a", "lf_1"),
        ("b", "lf_1"),
        ("b", "lf_2"),
    ]
    assert {concern.code for concern in concerns(params)} == {"BL811", "BL814"}


def test_nothing_voted_is_no_reason_but_a_concern() -> None:
    task = Task("planted", "document", ("a", "b"))
    votes = sparse(task, (LabelingFunction("lf"),), np.zeros((3, 1), dtype=np.int64))
    params = fitted(Planted(votes, np.zeros(3, dtype=np.int64)))
    assert reasons(params) == ()
    assert codes(params) == ["BL811"]


def test_a_lonely_vote_has_no_agreement() -> None:
    task = Task("planted", "document", ("a", "b"))
    votes = sparse(task, (LabelingFunction("lf"),), np.array([[1], [3]]))
    (reason,) = reasons(fitted(Planted(votes, np.zeros(2, dtype=np.int64))))
    assert math.isnan(reason.agreement)
    assert reason.alone == pytest.approx(1)
    assert math.isfinite(reason.weight)
