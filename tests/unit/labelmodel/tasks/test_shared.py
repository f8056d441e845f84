from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import Constraint, LabelMatrix, Task, TaskGraph, Term
from biolabel.labelmodel.model import fit
from biolabel.labelmodel.params import Emitted, LabelModelParams, Settings, Together
from biolabel.labelmodel.planted import tasks
from biolabel.labelmodel.planted.tasks import PlantedTasks
from biolabel.labelmodel.tasks.shared import Known, fit_shared, known_vectors, without
from biolabel.labelmodel.tasks.vectors import Shared

SETTINGS = Settings(method="tempered")


@pytest.fixture(scope="module")
def planted() -> PlantedTasks:
    return tasks.related(np.random.default_rng(1), 600)


@pytest.fixture(scope="module")
def params(planted: PlantedTasks) -> LabelModelParams:
    return fit(planted.matrices, planted.graph, SETTINGS)


def silent(matrix: LabelMatrix) -> LabelMatrix:
    return replace(matrix, candidate=matrix.candidate[:0], lf=matrix.lf[:0], mask=matrix.mask[:0])


def test_vectors_are_summed_by_label_and_rows_stand_in_the_order_of_their_task() -> None:
    labels = np.array([[0, 0], [1, 0], [1, 2]])
    none = np.zeros(0, dtype=np.int64)
    emitted = tuple(Emitted(none, none, np.zeros((0, k))) for k in (2, 3))
    fitted = Together(("a", "b"), labels, np.full(3, 1 / 3), emitted, 1, True)
    rows = {"a": np.array([0, 1]), "b": np.array([1, 0])}
    vectors = np.array([[0.5, 0.2, 0.3], [0.1, 0.3, 0.6]])
    known = Known(fitted, Shared(rows, labels, np.zeros(3)), vectors)
    found = known.marginals()
    np.testing.assert_allclose(found["a"], [[0.5, 0.5], [0.1, 0.9]])
    np.testing.assert_allclose(found["b"], [[0.4, 0, 0.6], [0.7, 0, 0.3]])
    best = {name: flags.astype(int).tolist() for name, flags in known.likeliest().items()}
    assert best == {"a": [[1, 0], [0, 1]], "b": [[0, 0, 1], [1, 0, 0]]}


def test_tasks_that_share_rows_are_fitted_and_known_together(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    [each] = params.together
    assert each.tasks == tuple(sorted(planted.matrices))
    [known] = known_vectors(params, planted.matrices, planted.graph)
    np.testing.assert_allclose(known.vectors.sum(axis=1), 1)
    for name, soft in known.marginals().items():
        np.testing.assert_allclose(soft.sum(axis=1), 1)
        ceiling = np.mean(planted.posterior[name].argmax(axis=1) == planted.truth[name])
        assert np.mean(soft.argmax(axis=1) == planted.truth[name]) > ceiling - 0.05
    said = np.stack([flags.argmax(axis=1) for flags in known.likeliest().values()], axis=1)
    assert {tuple(row) for row in said.tolist()} <= {tuple(v) for v in each.labels.tolist()}


def test_rows_without_votes_have_the_shares(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    nothing = {name: silent(matrix) for name, matrix in planted.matrices.items()}
    [known] = known_vectors(params, nothing, planted.graph)
    np.testing.assert_array_equal(known.vectors, np.tile(params.together[0].shares, (600, 1)))


def test_nothing_is_fitted_without_votes_or_without_a_task(planted: PlantedTasks) -> None:
    nothing = {name: silent(matrix) for name, matrix in planted.matrices.items()}
    soft = {name: np.full((600, len(m.task.labels)), 0.5) for name, m in nothing.items()}
    assert fit_shared(nothing, planted.graph, soft, SETTINGS) == ()
    fewer = {name: m for name, m in planted.matrices.items() if name != "relation"}
    assert fit_shared(fewer, planted.graph, soft, SETTINGS) == ()


def test_tasks_are_not_known_under_other_constraints(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    other = replace(planted.graph, constraints=planted.graph.constraints[:1])
    assert known_vectors(params, planted.matrices, other) == ()
    never = Constraint("never", ((Term("relation", 0b100),),))
    more = replace(planted.graph, constraints=(*planted.graph.constraints, never))
    assert known_vectors(params, planted.matrices, more) == ()
    apart = replace(params, together=())
    assert known_vectors(apart, planted.matrices, planted.graph) == ()


def test_constraints_on_tasks_known_together_are_done_with(
    planted: PlantedTasks, params: LabelModelParams
) -> None:
    topic = Task("topic", "document", ("yes", "no"))
    free = Constraint("free", ((Term("topic", 0b01),),), strength=0.7)
    graph = TaskGraph(
        (*planted.graph.tasks, topic),
        (*planted.graph.constraints, free),
        600,
        planted.graph.documents,
    )
    known = known_vectors(params, planted.matrices, planted.graph)
    assert without(graph, known).constraints == (free,)
    assert without(graph, ()).constraints == graph.constraints
