from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import LabelMatrix, Task
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import single, tasks
from biolabel.labelmodel.planted.tasks import PlantedTasks
from biolabel.labelmodel.tasks import stacked

COUNT = 6
EMISSION = Settings(method="emission")


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> PlantedTasks:
    """Return tasks that are enough to be fitted as one system."""
    monkeypatch.setattr(stacked, "MANY", COUNT)
    return tasks.unrelated(np.random.default_rng(2), 400, COUNT)


def test_hundreds_of_tasks_are_fitted_as_one_system(planted: PlantedTasks) -> None:
    some = dict(list(planted.matrices.items())[: COUNT - 1])
    few = fit(some, planted.graph, EMISSION)
    many = fit(planted.matrices, planted.graph, EMISSION)
    soft = predict(many, planted.matrices, planted.graph)
    for name, found in soft.items():
        assert many.tasks[name].estimates[0].converged
        assert np.mean(found.probabilities.argmax(axis=1) == planted.truth[name]) > 0.8
        np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-5)
    for name in some:
        assert many.tasks[name].estimates[0].table.shape == few.tasks[name].estimates[0].table.shape


def test_an_estimate_says_what_its_votes_are_worth(planted: PlantedTasks) -> None:
    for name, found in stacked.fit_stacked(planted.matrices, EMISSION).items():
        matrix = planted.matrices[name]
        assert found.votes.sum() == len(matrix.candidate)
        assert found.rows == len(np.unique(matrix.candidate))
        np.testing.assert_allclose(found.table.sum(axis=1), 1)
        assert found.prior[1] == pytest.approx(planted.truth[name].mean(), abs=0.1)
        assert found.model is not None
        assert found.model.sources.number == len(matrix.lfs)  # each function for itself


def test_few_tasks_and_other_methods_are_left_alone(planted: PlantedTasks) -> None:
    few = dict(list(planted.matrices.items())[: COUNT - 1])
    assert stacked.fit_stacked(few, EMISSION) == {}
    assert stacked.fit_stacked({}, EMISSION) == {}
    assert stacked.fit_stacked(planted.matrices, Settings(method="tempered")) == {}
    assert len(stacked.fit_stacked(planted.matrices, Settings(method="auto"))) == COUNT


def test_groups_and_tasks_that_pick_many_are_fitted_by_themselves(planted: PlantedTasks) -> None:
    first, *others = planted.matrices.values()
    grouped = replace(first, lfs=(replace(first.lfs[0], groups=frozenset({"kb"})), *first.lfs[1:]))
    many = replace(first, task=Task("many", "document", ("no", "yes"), exclusive=False))
    extra = {"grouped": grouped, "many": many} | dict(planted.matrices)
    assert set(stacked.fit_stacked(extra, EMISSION)) == set(planted.matrices)
    left = {"grouped": grouped} | {m.task.name: m for m in others}
    assert stacked.fit_stacked(left, EMISSION) == {}


def test_tasks_with_other_numbers_of_labels_do_not_mix(planted: PlantedTasks) -> None:
    wide: LabelMatrix = single.five_labels(np.random.default_rng(3), 400).matrix
    alone = stacked.fit_stacked(planted.matrices, EMISSION)
    found = stacked.fit_stacked(dict(planted.matrices) | {"wide": wide}, EMISSION)
    assert found["wide"].prior.shape == (5,)
    for name, expected in alone.items():
        np.testing.assert_allclose(found[name].table, expected.table)
