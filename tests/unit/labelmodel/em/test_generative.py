"""The method `emission` as a whole: what a permutation, gold or a sample does to it."""

from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task, TaskGraph
from biolabel.errors import ModelError
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted, sparse
from biolabel.labelmodel.votes import Floats, Ints

SETTINGS = Settings(method="emission")


def alone(matrix: LabelMatrix) -> TaskGraph:
    documents = np.arange(matrix.n_candidates, dtype=np.int32)
    return TaskGraph((matrix.task,), (), matrix.n_candidates, {matrix.task.name: documents})


def fitted(
    matrix: LabelMatrix, settings: Settings = SETTINGS, gold: Ints | None = None
) -> tuple[Estimate, Floats]:
    name, graph = matrix.task.name, alone(matrix)
    known = None if gold is None else {name: gold}
    params = fit({name: matrix}, graph, settings, gold=known)
    soft = predict(params, {name: matrix}, graph)[name].probabilities
    return params.tasks[name].estimates[0], soft.astype(np.float64)


def dense(matrix: LabelMatrix) -> Ints:
    votes = np.zeros((matrix.n_candidates, len(matrix.lfs)), dtype=np.int64)
    votes[matrix.candidate, matrix.lf] = matrix.mask
    return votes


def bare(planted: Planted) -> LabelMatrix:
    lfs = tuple(replace(lf, groups=frozenset()) for lf in planted.matrix.lfs)
    return replace(planted.matrix, lfs=lfs)


def test_permuting_rows_functions_or_labels_permutes_the_result() -> None:
    matrix = bare(copies.repeated(np.random.default_rng(103), 3000, 0.95))
    generator = np.random.default_rng(1)
    votes, (_, soft) = dense(matrix), fitted(matrix)
    rows, order = generator.permutation(3000), generator.permutation(len(matrix.lfs))
    _, moved = fitted(sparse(matrix.task, matrix.lfs, votes[rows]))
    np.testing.assert_allclose(moved, soft[rows], atol=1e-5)
    _, moved = fitted(sparse(matrix.task, tuple(matrix.lfs[i] for i in order), votes[:, order]))
    np.testing.assert_allclose(moved, soft, atol=1e-5)
    turned = replace(matrix.task, labels=matrix.task.labels[::-1])
    _, moved = fitted(sparse(turned, matrix.lfs, np.array([0, 2, 1, 3])[votes]))
    np.testing.assert_allclose(moved, soft[:, ::-1], atol=1e-5)


@pytest.mark.parametrize("k", [2, 5])
@pytest.mark.parametrize("seed", range(6))
def test_no_votes_whatsoever_make_a_number_that_is_none(k: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    n, m = int(generator.integers(1, 40)), int(generator.integers(1, 6))
    votes = generator.integers(0, 1 << k, (n, m)) * (generator.random((n, m)) < 0.6)
    votes[:, generator.random(m) < 0.3] = 0  # all-abstain columns
    votes[:, generator.random(m) < 0.3] = 1  # constant votes
    votes[:, -1] = votes[:, 0]  # duplicates
    task = Task("t", "relation", tuple(f"label_{y}" for y in range(k)))
    group = frozenset({"g"})
    lfs = tuple(LabelingFunction(f"lf_{at}", groups=group if at % 2 else frozenset())
                for at in range(m))  # fmt: skip
    estimate, soft = fitted(sparse(task, lfs, votes))
    assert np.all(np.isfinite(soft))
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-6)
    assert estimate.model is not None
    for name in ("prior", "share", "factor", "weight", "odds"):
        assert np.all(np.isfinite(getattr(estimate.model.mixture, name)))


def test_gold_is_kept_to_and_teaches() -> None:
    planted = single.rare_rules(np.random.default_rng(103), 3000)
    matrix = planted.matrix
    turned = np.where(np.arange(3000) < 1500, 1 - planted.truth, -1)
    estimate, _ = fitted(matrix)
    wrong, _ = fitted(matrix, gold=turned)
    right, soft = fitted(matrix, gold=np.where(np.arange(3000) < 1500, planted.truth, -1))
    assert right.prior[1] == pytest.approx(planted.truth.mean(), abs=0.03)
    assert wrong.prior[1] > estimate.prior[1] + 0.1
    unknown = np.full(3000, -1)
    np.testing.assert_allclose(fitted(matrix, gold=unknown)[1], fitted(matrix)[1], atol=1e-6)
    assert planted.posterior is not None
    said, best = soft[1500:].argmax(axis=1), planted.posterior[1500:].argmax(axis=1)
    truth = planted.truth[1500:]
    assert np.mean(said == truth) > np.mean(best == truth) - 0.02


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ({"other": np.zeros(3, dtype=np.int64)}, "no votes"),
        ({"t": np.zeros(2, dtype=np.int64)}, "2 rows for 3"),
        ({"t": np.full(3, 2)}, "2 to 2"),
    ],
)
def test_gold_that_cannot_be_is_refused(gold: dict[str, Ints], message: str) -> None:
    task = Task("t", "relation", ("none", "some"))
    matrix = sparse(task, (LabelingFunction("lf"),), np.array([[1], [2], [0]]))
    with pytest.raises(ModelError, match=message) as caught:
        fit({"t": matrix}, alone(matrix), SETTINGS, gold=gold)
    assert caught.value.code == "BL804"


def test_a_draw_of_rows_is_enough_and_follows_its_generator() -> None:
    planted = single.two_sided(np.random.default_rng(103), 20_000, 0.2)
    name, graph, few = "planted", planted.graph, Settings(method="emission", rows=1500)
    every, soft = fitted(planted.matrix)
    drawn = [
        fit({name: planted.matrix}, graph, few, generator=np.random.default_rng(seed))
        for seed in (5, 5, 6)
    ]
    one, same, other = (params.tasks[name].estimates[0] for params in drawn)
    np.testing.assert_array_equal(one.table, same.table)
    assert not np.array_equal(one.table, other.table)
    for field in ("votes", "alone", "rows"):
        np.testing.assert_array_equal(getattr(one, field), getattr(every, field))
    assert one.prior[1] == pytest.approx(0.2, abs=0.03)
    found = predict(drawn[0], {name: planted.matrix}, graph)[name].probabilities
    assert np.mean(found.argmax(axis=1) == soft.argmax(axis=1)) > 0.97


def test_what_a_group_never_said_and_functions_left_out_are_fine() -> None:
    planted = copies.repeated(np.random.default_rng(103), 3000, 0.95)
    matrix, name = bare(planted), "planted"
    params = fit({name: matrix}, alone(matrix), SETTINGS)
    model = params.tasks[name].estimates[0].model
    assert model is not None
    assert model.sources.number < len(matrix.lfs)
    new = np.zeros((2, len(matrix.lfs)), dtype=np.int64)
    new[0, :12] = [1, 2, 1, 2, 1, 2, 2, 1, 2, 1, 1, 2]  # members at odds
    new[0, 12:], new[1, 12:] = 2, 2
    odd = sparse(matrix.task, matrix.lfs, new)
    soft = predict(params, {name: odd}, alone(odd))[name].probabilities
    assert np.all(soft[:, 1] > 0.5)
    kept = [0, 5, 12, 13, 14, 15]
    fewer = sparse(matrix.task, tuple(matrix.lfs[at] for at in kept), dense(matrix)[:, kept])
    soft = predict(params, {name: fewer}, alone(fewer))[name].probabilities
    assert np.mean(soft.argmax(axis=1) == planted.truth) > 0.75
