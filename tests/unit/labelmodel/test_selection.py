from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.choice import Choice, Trial
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant, sparse
from biolabel.labelmodel.selection import TRIED, by_label
from biolabel.labelmodel.votes import Floats

MAJORITY = Settings(method="majority")
SEEDS = (11, 12)


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


def ceiling(planted: Planted) -> Floats:
    assert planted.posterior is not None
    return planted.posterior


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
    planted = single.hierarchy(np.random.default_rng(seed), 4000)
    # MeTaL's reading: a vote for four of eight labels is four votes in one.
    coarse = np.isin(planted.matrix.mask, [0b00001111, 0b11110000])
    assert coarse.mean() > 0.3
    over, once = soft(_repeated(planted, coarse, 4), MAJORITY), soft(planted, MAJORITY)
    found = soft(planted)
    assert accuracy(planted, once) > accuracy(planted, over) + 0.005
    assert log_loss(planted, once) < log_loss(planted, over) - 0.03
    assert accuracy(planted, found) > accuracy(planted, once) + 0.005
    assert log_loss(planted, found) < log_loss(planted, over)


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
@pytest.mark.parametrize("known", [True, False])
def test_copied_rules_count_once_whether_their_group_is_known_or_not(
    seed: int, known: bool
) -> None:
    planted = copies.copied(np.random.default_rng(seed), 6000)
    if not known:
        lfs = tuple(LabelingFunction(lf.name) for lf in planted.matrix.lfs)
        planted = replace(planted, matrix=replace(planted.matrix, lfs=lfs))
    assert f1(planted, soft(planted)) > f1(planted, ceiling(planted)) - 0.02
    assert f1(planted, soft(planted)) > f1(planted, soft(planted, MAJORITY)) + 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_the_class_prior_is_learned(seed: int) -> None:
    planted = single.two_sided(np.random.default_rng(seed), 4000, 0.05)
    assert prior(planted)[1] == pytest.approx(0.05, abs=0.01)
    assert f1(planted, soft(planted)) > f1(planted, ceiling(planted)) - 0.05
    assert log_loss(planted, soft(planted)) < 0.75 * log_loss(planted, soft(planted, MAJORITY))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_does_not_drift_to_how_many_rules_matched(seed: int) -> None:
    planted = single.eager(np.random.default_rng(seed), 6000)
    assert log_loss(planted, soft(planted)) < log_loss(planted, soft(planted, MAJORITY)) - 0.02
    assert f1(planted, soft(planted)) > f1(planted, ceiling(planted)) - 0.03


def test_what_no_two_sources_can_explain_is_tempered() -> None:
    """Half of all functions see one thing and half another, and the label is neither."""
    generator = np.random.default_rng(3)
    n, m = 6000, 12
    label = generator.random(n) < 0.4
    seen = [label ^ (generator.random(n) < 0.25) for _ in range(3)]
    votes = np.zeros((n, m), dtype=np.int64)
    for lf in range(m):
        looks = np.logical_and(seen[lf % 3], seen[(lf + 1) % 3]) if lf % 2 else seen[lf % 3]
        speaks = looks & (generator.random(n) < generator.uniform(0.2, 0.7))
        votes[speaks, lf] = 2 if lf < 8 else 1
    task = Task("planted", "relation", ("no", "yes"))
    functions = tuple(LabelingFunction(f"lf_{lf}") for lf in range(m))
    planted = Planted(sparse(task, functions, votes), label.astype(np.int64))
    params = fit({"planted": planted.matrix}, planted.graph)
    choice = params.tasks["planted"].choice
    assert choice is not None
    assert choice.chosen != "emission"
    refused = next(trial for trial in choice.tried if trial.name == "emission")
    assert "depend on each other" in refused.note or "worse than chance" in refused.note


def test_independent_votes_are_explained_by_the_label() -> None:
    planted = single.one_sided(np.random.default_rng(4), 4000, 0.2)
    choice = fit({"planted": planted.matrix}, planted.graph).tasks["planted"].choice
    assert choice is not None
    assert choice.chosen == "emission"
    assert [trial.name for trial in choice.tried] == list(TRIED)
    assert not any(trial.note for trial in choice.tried)
    best = max(choice.tried, key=lambda trial: trial.score)
    assert best.name == "emission"


def test_two_functions_are_too_few_to_learn_from() -> None:
    planted = single.two_sided(np.random.default_rng(5), 400, 0.5, m=2)
    choice = fit({"planted": planted.matrix}, planted.graph).tasks["planted"].choice
    assert choice is not None
    assert choice.chosen == "majority"
    assert choice.why.startswith("2 labeling functions voted on")


def test_gold_rows_decide_where_there_are_some() -> None:
    planted = single.two_sided(np.random.default_rng(6), 2000, 0.5)
    gold = np.full(2000, -1, dtype=np.int64)
    gold[:100] = planted.truth[:100]
    params = fit({"planted": planted.matrix}, planted.graph, gold={"planted": gold})
    choice = params.tasks["planted"].choice
    assert choice is not None
    assert choice.why == "the labels of 100 gold rows are likeliest under it"
    assert choice.chosen in ("emission", "tempered")


def test_the_choice_does_not_depend_on_the_order_of_functions() -> None:
    planted = single.one_sided(np.random.default_rng(7), 3000, 0.3)
    matrix = planted.matrix
    m = len(matrix.lfs)
    by = np.lexsort((m - 1 - matrix.lf, matrix.candidate))
    turned = replace(
        matrix,
        lfs=matrix.lfs[::-1],
        candidate=matrix.candidate[by],
        lf=(m - 1 - matrix.lf[by]).astype(np.int16),
        mask=matrix.mask[by],
    )
    other = replace(planted, matrix=turned)
    np.testing.assert_allclose(soft(planted), soft(other), atol=1e-4)


def test_labels_of_a_task_that_picks_many_are_chosen_apart() -> None:
    tried = (Trial("tempered", -0.5, 0.01), Trial("majority", -0.6, 0.01))
    choice = by_label(
        {"a": Choice(tried, "tempered", "it is best"), "b": Choice((), "majority", "too few")}
    )
    assert choice.chosen == "majority, tempered"
    assert [trial.name for trial in choice.tried] == ["a: tempered", "a: majority"]
    assert choice.why == "a: tempered, it is best; b: majority, too few"


@pytest.mark.parametrize("coverage", [0.4, 0.004])
def test_a_rare_function_is_not_flattened(coverage: float) -> None:
    behaviors = [Behavior((1, 2), 0.6 * np.array([[0.85, 0.15], [0.15, 0.85]])) for _ in range(6)]
    table = coverage * np.array([[0.05], [0.95]])
    planted = plant(
        np.random.default_rng(7), 20_000, (0.5, 0.5), [Behavior((2,), table), *behaviors]
    )
    estimate = fit({"planted": planted.matrix}, planted.graph).tasks["planted"].estimates[0]
    rare = estimate.table[estimate.symbol_lf == 0]
    assert estimate.votes[estimate.symbol_lf == 0] == pytest.approx(10_000 * coverage, rel=0.3)
    assert rare[0, 1] == pytest.approx(0.95, abs=0.06)


def test_it_says_whether_it_converged() -> None:
    planted = single.one_sided(np.random.default_rng(1), 500, 0.2)
    settings = Settings(method="tempered", max_iterations=2)
    few = fit({"planted": planted.matrix}, planted.graph, settings)
    assert not few.tasks["planted"].estimates[0].converged
    enough = fit({"planted": planted.matrix}, planted.graph).tasks["planted"].estimates[0]
    assert enough.converged
    assert enough.iterations < 1000
