from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.params import Estimate, Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted
from biolabel.labelmodel.votes import Floats, Ints

EMISSION = Settings(method="emission", tolerance=1e-4)


def learned(planted: Planted) -> tuple[Estimate, Floats]:
    """Fit without the groups of the rule file; return the estimate and the soft labels."""
    bare = tuple(replace(lf, groups=frozenset()) for lf in planted.matrix.lfs)
    matrices = {"planted": replace(planted.matrix, lfs=bare)}
    params = fit(matrices, planted.graph, EMISSION)
    soft = predict(params, matrices, planted.graph)["planted"].probabilities
    return params.tasks["planted"].estimates[0], soft.astype(np.float64)


def macro_f1(truth: Ints, soft: Floats) -> float:
    said = soft.argmax(axis=1)
    scores = [
        2 * np.sum((said == y) & (truth == y)) / max(1, np.sum(said == y) + np.sum(truth == y))
        for y in range(soft.shape[1])
    ]
    return float(np.mean(scores))


def calibration_error(truth: Ints, soft: Floats) -> float:
    top, right = soft.max(axis=1), soft.argmax(axis=1) == truth
    bins = np.minimum((top * 10).astype(np.int64), 9)
    return float(np.abs(np.bincount(bins, weights=right - top, minlength=10)).sum() / len(top))


def groups(of_lf: Ints) -> list[list[int]]:
    found = [np.flatnonzero(of_lf == source).tolist() for source in np.unique(of_lf)]
    return sorted(group for group in found if len(group) > 1)


@pytest.mark.parametrize(
    ("make", "expected", "loss"),
    [
        (partial(single.two_sided, share=0.05), [], 0.02),
        (partial(single.one_sided, share=0.05), [], 0.02),
        (single.five_labels, [], 0.02),
        (single.hierarchy, [], 0.02),
        (partial(copies.repeated, loyalty=0.95), [[0, 1, 2], [3, 4, 5, 6], [*range(7, 12)]], 0.01),
        (partial(copies.repeated, loyalty=0.6), [[0, 1, 2], [3, 4, 5, 6], [*range(7, 12)]], 0.05),
        (copies.copied, [[0, 1, 2, 3]], 0.02),
    ],
    ids=["two-sided", "one-sided", "five labels", "hierarchy", "near-copies", "loose copies", "kb"],
)
def test_told_nothing_it_comes_near_what_the_true_parameters_know(
    make: Callable[[np.random.Generator, int], Planted], expected: Sequence[list[int]], loss: float
) -> None:
    planted = make(np.random.default_rng(104), 10_000)
    estimate, soft = learned(planted)
    assert estimate.model is not None
    assert groups(estimate.model.sources.of_lf) == expected
    assert planted.posterior is not None
    covered = np.bincount(planted.matrix.candidate, minlength=10_000) > 0
    truth = planted.truth[covered]
    assert macro_f1(truth, soft[covered]) > macro_f1(truth, planted.posterior[covered]) - loss
    assert calibration_error(truth, soft[covered]) < 0.05


def test_copies_of_rare_rules_of_one_class_are_found() -> None:
    planted = copies.repeated_rules(np.random.default_rng(104), 10_000, 0.6)
    estimate, soft = learned(planted)
    assert estimate.model is not None
    assert groups(estimate.model.sources.of_lf) == [
        [16, 17, 18, 19, 20], [21, 22, 23, 24, 25], [26, 27, 28], [29, 30, 31, 32],
    ]  # fmt: skip
    assert planted.posterior is not None
    assert macro_f1(planted.truth, soft) > macro_f1(planted.truth, planted.posterior) - 0.03


def test_rows_on_which_everything_matches_are_no_label_and_no_groups() -> None:
    planted = single.eager(np.random.default_rng(104), 10_000)
    estimate, soft = learned(planted)
    assert estimate.model is not None
    assert groups(estimate.model.sources.of_lf) == []
    assert len(estimate.model.mixture.factor) == 2
    assert planted.posterior is not None
    assert macro_f1(planted.truth, soft) > macro_f1(planted.truth, planted.posterior) - 0.03


def test_of_few_rows_declared_groups_are_believed() -> None:
    planted = copies.copied(np.random.default_rng(104), 60)
    estimate = fit({"planted": planted.matrix}, planted.graph, EMISSION).tasks["planted"]
    model, (bare, _) = estimate.estimates[0].model, learned(planted)
    assert model is not None
    assert groups(model.sources.of_lf) == [[0, 1, 2, 3]]
    assert bare.model is not None
    assert groups(bare.model.sources.of_lf) != [[0, 1, 2, 3]]
