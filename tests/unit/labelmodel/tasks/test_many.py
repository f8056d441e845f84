from collections.abc import Callable

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.labelmodel.emission import Emission
from biolabel.labelmodel.planted import tasks
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.planted.tasks import PlantedTasks
from biolabel.labelmodel.tasks.blocks import Block, block
from biolabel.labelmodel.tasks.kin import FEWEST
from biolabel.labelmodel.tasks.many import fit_many as settle_many
from biolabel.labelmodel.votes import Floats, symbols

Make = Callable[[np.random.Generator, int, int], PlantedTasks]


def fit_many(own: list[Block], tolerance: float, most: int) -> list[Emission]:
    return [settled.emission for settled in settle_many(own, tolerance, most)]


def blocks(made: PlantedTasks) -> list[Block]:
    return [block(m, np.full(len(m.lfs), 0.7)) for m in made.matrices.values()]


def soft(matrix: LabelMatrix, emission: Emission) -> Floats:
    found = symbols(matrix)
    voiced = np.stack(
        [np.bincount(found.lf, column, len(matrix.lfs)) for column in emission.table.T], axis=1
    )
    log = np.tile(np.log(emission.prior) + np.log1p(-voiced).sum(axis=0), (matrix.n_candidates, 1))
    lift = np.log(emission.table) - np.log1p(-voiced)[found.lf]
    np.add.at(log, matrix.candidate, lift[found.of_vote])
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def lost(made: PlantedTasks, found: list[Emission]) -> float:
    """Return the accuracy that estimates lose against the true parameters, the mean of the tasks."""
    gaps = []
    for (name, matrix), emission in zip(made.matrices.items(), found, strict=True):
        truth = made.truth[name]
        ceiling = np.mean(made.posterior[name].argmax(axis=1) == truth)
        gaps.append(ceiling - np.mean(soft(matrix, emission).argmax(axis=1) == truth))
    return float(np.mean(gaps))


@pytest.mark.parametrize("make", [tasks.unrelated, tasks.alike])
def test_tasks_are_near_their_ceiling(make: Make) -> None:
    made = make(np.random.default_rng(3), 5000, 12)
    found = fit_many(blocks(made), 1e-5, 500)
    assert lost(made, found) < 0.005
    for name, emission in zip(made.matrices, found, strict=True):
        assert emission.abstains
        assert abs(emission.prior[1] - made.truth[name].mean()) < 0.05


def test_functions_of_one_name_help_each_other() -> None:
    made = tasks.alike(np.random.default_rng(102), 300, 60)
    own = blocks(made)
    together = lost(made, fit_many(own, 1e-5, 500))
    apart = lost(made, [fit_many([each], 1e-5, 500)[0] for each in own])
    assert together < apart - 0.003


def test_one_fit_is_that_of_each_task_where_nothing_is_shared() -> None:
    made = tasks.unrelated(np.random.default_rng(4), 2000, FEWEST - 1)
    own = blocks(made)
    for emission, each in zip(fit_many(own, 1e-6, 500), own, strict=True):
        (alone,) = fit_many([each], 1e-6, 500)
        np.testing.assert_allclose(emission.table, alone.table, atol=1e-5)
        np.testing.assert_allclose(emission.prior, alone.prior, atol=1e-5)


def test_order_of_tasks_does_not_matter() -> None:
    made = tasks.alike(np.random.default_rng(5), 500, 6)
    own = blocks(made)
    order = [3, 0, 5, 1, 4, 2]
    expected, found = fit_many(own, 1e-6, 300), fit_many([own[at] for at in order], 1e-6, 300)
    for at, emission in zip(order, found, strict=True):
        np.testing.assert_allclose(emission.table, expected[at].table, atol=1e-8)


@pytest.mark.parametrize("votes", [np.zeros((0, 2)), np.zeros((4, 2)), np.full((3, 2), 2),
                                   np.array([[3, 1], [3, 0]]), np.array([[1, 2]])])  # fmt: skip
def test_thin_votes_give_a_result(votes: Floats) -> None:
    task = Task("cid", "relation", ("none", "causes"))
    lfs = (LabelingFunction("a"), LabelingFunction("b"))
    matrix = sparse(task, lfs, votes.astype(np.int64))
    other = next(iter(tasks.unrelated(np.random.default_rng(1), 50, 1).matrices.values()))
    precision = np.full(10, 0.7)
    found = fit_many([block(matrix, precision), block(other, precision)], 1e-6, 50)
    for emission in found:
        assert np.all(np.isfinite(emission.table))
        assert emission.prior.sum() == pytest.approx(1)
