from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biolabel.data.labels import LabelMatrix, TaskGraph
from biolabel.labelmodel.model import decide, fit, predict
from biolabel.labelmodel.params import LabelModelParams, Settings
from biolabel.labelmodel.planted import tasks
from biolabel.labelmodel.planted.tasks import PlantedTasks
from biolabel.labelmodel.store import load, save
from biolabel.labelmodel.votes import Ints

ROWS = 4000


@pytest.fixture(scope="module", params=[tasks.related, tasks.tiers])
def planted(request: pytest.FixtureRequest) -> PlantedTasks:
    made: PlantedTasks = request.param(np.random.default_rng(11), ROWS)
    return made


@pytest.fixture(scope="module")
def params(planted: PlantedTasks) -> LabelModelParams:
    return fit(planted.matrices, planted.graph)


def together(planted: PlantedTasks, said: Ints) -> float:
    truth = np.stack([planted.truth[name] for name in planted.matrices], axis=1)
    return float(np.all(said == truth, axis=1).mean())


def said(planted: PlantedTasks, params: LabelModelParams, graph: TaskGraph) -> Ints:
    labels = decide(params, planted.matrices, graph)
    return np.stack([labels[name].argmax(axis=1) for name in planted.matrices], axis=1)


def test_joint_accuracy_is_near_the_ceiling_and_nothing_is_infeasible(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    assert len(params.together) == 1
    assert params.together[0].converged
    found = said(planted, params, planted.graph)
    ceiling = together(planted, planted.vectors[planted.joint.argmax(axis=1)])
    assert together(planted, found) > ceiling - 0.02
    assert np.all((found[:, None] == planted.vectors).all(axis=2).any(axis=1))
    soft = predict(params, planted.matrices, planted.graph)
    for name, labels in soft.items():
        np.testing.assert_allclose(labels.probabilities.sum(axis=1), 1, atol=1e-5)
        gap = np.abs(labels.probabilities - planted.posterior[name]).mean()
        assert gap < 0.07


def test_it_beats_inference_after_fitting_apart(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    apart = said(planted, replace(params, together=()), planted.graph)
    assert np.all((apart[:, None] == planted.vectors).all(axis=2).any(axis=1))
    assert together(planted, said(planted, params, planted.graph)) > together(planted, apart)


def test_other_constraints_than_those_of_fitting_are_inferred_with(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    graph = replace(planted.graph, constraints=planted.graph.constraints[:1])
    found = predict(params, planted.matrices, graph)
    apart = predict(replace(params, together=()), planted.matrices, graph)
    for name, labels in apart.items():
        np.testing.assert_array_equal(found[name].probabilities, labels.probabilities)


def test_order_of_rows_does_not_matter(planted: PlantedTasks, params: LabelModelParams) -> None:
    order = np.random.default_rng(1).permutation(ROWS)
    name = next(iter(planted.matrices))
    moved = dict(planted.matrices) | {name: _moved(planted.matrices[name], order)}
    documents = dict(planted.graph.documents) | {name: order.astype(np.int32)}
    graph = replace(planted.graph, documents=documents)
    expected = predict(params, planted.matrices, planted.graph)
    found = predict(fit(moved, graph), moved, graph)
    for task, labels in expected.items():
        rows = order if task == name else np.arange(ROWS)
        np.testing.assert_allclose(found[task].probabilities, labels.probabilities[rows], atol=1e-3)


def _moved(matrix: LabelMatrix, order: Ints) -> LabelMatrix:
    """Return the matrix with row `order[i]` at i."""
    place = np.argsort(order)
    candidate = place[matrix.candidate]
    by = np.lexsort((matrix.lf, candidate))
    return replace(
        matrix,
        candidate=candidate[by].astype(np.int32),
        lf=matrix.lf[by],
        mask=matrix.mask[by],
    )


def test_saved_tables_predict_the_same(
    planted: PlantedTasks, params: LabelModelParams, tmp_path: Path
) -> None:
    save(params, tmp_path / "model")
    back = load(tmp_path / "model")
    expected = predict(params, planted.matrices, planted.graph)
    for name, labels in predict(back, planted.matrices, planted.graph).items():
        np.testing.assert_array_equal(labels.probabilities, expected[name].probabilities)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_few_votes_give_a_result(kept: int) -> None:
    made = tasks.related(np.random.default_rng(1), 50)
    matrices = {
        name: replace(
            matrix,
            candidate=matrix.candidate[: kept * 2],
            lf=matrix.lf[: kept * 2],
            mask=matrix.mask[: kept * 2],
        )
        for name, matrix in made.matrices.items()
    }
    found = predict(fit(matrices, made.graph, Settings()), matrices, made.graph)
    for labels in found.values():
        assert np.all(np.isfinite(labels.probabilities))
        np.testing.assert_allclose(labels.probabilities.sum(axis=1), 1, atol=1e-5)
