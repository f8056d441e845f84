import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant, sparse
from biolabel.labelmodel.votes import Floats

MAJORITY = Settings(method="majority")
SEEDS = (11, 12, 13)


def soft(planted: Planted, settings: Settings | None = None) -> Floats:
    matrices = {"planted": planted.matrix}
    params = fit(matrices, planted.graph, settings)
    found = predict(params, matrices, planted.graph)["planted"].probabilities
    return found.astype(np.float64)


def prior(planted: Planted, settings: Settings | None = None) -> Floats:
    return (
        fit({"planted": planted.matrix}, planted.graph, settings)
        .tasks["planted"]
        .estimates[0]
        .prior
    )


def f1(planted: Planted, probabilities: Floats) -> float:
    covered = np.bincount(planted.matrix.candidate, minlength=len(planted.truth)) > 0
    said, truth = covered & (probabilities[:, 1] > 0.5), planted.truth == 1
    return float(2 * np.sum(said & truth) / max(1, np.sum(said) + np.sum(truth)))


def log_loss(planted: Planted, probabilities: Floats) -> float:
    own = probabilities[np.arange(len(probabilities)), planted.truth]
    return float(-np.log(np.maximum(own, 1e-7)).mean())


def accuracy(planted: Planted, probabilities: Floats) -> float:
    return float(np.mean(probabilities.argmax(axis=1) == planted.truth))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_beats_the_majority_vote_where_functions_differ(seed: int) -> None:
    planted = single.two_sided(np.random.default_rng(seed), 4000, 0.5)
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, MAJORITY)) + 0.005
    assert log_loss(planted, soft(planted)) < log_loss(planted, soft(planted, MAJORITY))


@pytest.mark.parametrize("seed", SEEDS)
def test_coarse_votes_are_not_over_counted(seed: int) -> None:
    planted = single.hierarchy(np.random.default_rng(seed), 1000)
    # MeTaL's reading: a vote for four of eight labels is four votes in one.
    coarse = np.isin(planted.matrix.mask, [0b00001111, 0b11110000])
    assert coarse.mean() > 0.3
    over, once = soft(_repeated(planted, coarse, 4), MAJORITY), soft(planted, MAJORITY)
    found = soft(planted)
    assert accuracy(planted, once) > accuracy(planted, over) + 0.005
    assert log_loss(planted, once) < log_loss(planted, over) - 0.03
    assert accuracy(planted, found) > accuracy(planted, once) + 0.005
    assert log_loss(planted, found) < log_loss(planted, once)


def _repeated(
    planted: Planted, which: np.ndarray[tuple[int], np.dtype[np.bool_]], times: int
) -> Planted:
    """Vote `times` times where `which` holds, each time by a function of its own."""
    matrix = planted.matrix
    m = len(matrix.lfs)
    votes = np.zeros((matrix.n_candidates, m * times), dtype=np.int64)
    votes[matrix.candidate, matrix.lf] = matrix.mask
    for at in range(1, times):
        votes[matrix.candidate[which], matrix.lf[which] + at * m] = matrix.mask[which]
    lfs = tuple(LabelingFunction(f"{lf.name}.{at}") for at in range(times) for lf in matrix.lfs)
    return Planted(sparse(matrix.task, lfs, votes), planted.truth)


@pytest.mark.parametrize("seed", SEEDS)
def test_copied_rules_count_once_where_their_group_is_known(seed: int) -> None:
    planted = copies.copied(np.random.default_rng(seed), 6000)
    lfs = tuple(LabelingFunction(lf.name) for lf in planted.matrix.lfs)
    votes = np.zeros((6000, len(lfs)), dtype=np.int64)
    votes[planted.matrix.candidate, planted.matrix.lf] = planted.matrix.mask
    unknown = Planted(sparse(planted.matrix.task, lfs, votes), planted.truth)
    assert f1(planted, soft(planted)) > f1(planted, soft(unknown)) + 0.2
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, MAJORITY)) - 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_the_class_prior_is_learned(seed: int) -> None:
    planted = single.two_sided(np.random.default_rng(seed), 4000, 0.05)
    fixed = Settings(balance=1e6)
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, fixed)) + 0.1
    assert abs(prior(planted)[1] - 0.05) < abs(prior(planted, MAJORITY)[1] - 0.05) - 0.05
    assert log_loss(planted, soft(planted)) < 0.75 * log_loss(planted, soft(planted, MAJORITY))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_does_not_drift_to_how_many_rules_matched(seed: int) -> None:
    planted = single.eager(np.random.default_rng(seed), 6000)
    loose = Settings(anchor=1e-6)
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, loose)) + 0.1
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, MAJORITY)) - 0.02


@pytest.mark.parametrize("coverage", [0.4, 0.004])
def test_a_rare_function_is_not_flattened(coverage: float) -> None:
    behaviors = [Behavior((1, 2), 0.6 * np.array([[0.85, 0.15], [0.15, 0.85]])) for _ in range(6)]
    table = coverage * np.array([[0.05], [0.95]])
    planted = plant(
        np.random.default_rng(7), 20_000, (0.5, 0.5), [Behavior((2,), table), *behaviors]
    )
    params = fit({"planted": planted.matrix}, planted.graph, Settings(anchor=0.2))
    estimate = params.tasks["planted"].estimates[0]
    rare = estimate.table[estimate.symbol_lf == 0]
    assert estimate.votes[estimate.symbol_lf == 0] == pytest.approx(10_000 * coverage, rel=0.3)
    assert rare[0, 1] == pytest.approx((0.95 + 0.2 * 0.7) / 1.2, abs=0.05)


def test_it_says_whether_it_converged() -> None:
    planted = single.one_sided(np.random.default_rng(1), 500, 0.2)
    few = fit({"planted": planted.matrix}, planted.graph, Settings(max_iterations=2))
    assert not few.tasks["planted"].estimates[0].converged
    assert few.tasks["planted"].estimates[0].iterations == 2
    enough = fit({"planted": planted.matrix}, planted.graph).tasks["planted"].estimates[0]
    assert enough.converged
    assert enough.iterations < 1000
