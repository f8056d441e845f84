from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import pytest

from biolabel.labelmodel.em.mixture import posterior
from biolabel.labelmodel.em.sources import gather
from biolabel.labelmodel.model import fit, predict
from biolabel.labelmodel.moments.by_moments import ByMoments, learn_by_moments
from biolabel.labelmodel.params import Settings
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import Patterns, Symbols, compress, symbols

Method = Literal["completion", "triplets"]


def learned(planted: Planted, method: Method) -> tuple[ByMoments, Patterns, Symbols]:
    matrix = planted.matrix
    found, k = symbols(matrix), len(matrix.task.labels)
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    lfs = tuple(replace(function, groups=frozenset()) for function in matrix.lfs)
    holds, precision = allowed(found.mask, k), np.full(len(found.lf), 0.7)
    result = learn_by_moments(patterns, found, matrix.n_candidates, holds, precision, lfs, method)
    return result, patterns, found


def macro_f1(
    planted: Planted, result: ByMoments, patterns: Patterns, found: Symbols
) -> tuple[float, float]:
    """Return the macro-F1 of the learned and of the true parameters, on rows with votes."""
    matrix = planted.matrix
    shown = gather(patterns, found, result.model.sources.of_lf)[1]
    soft = posterior(result.model.mixture, shown).soft
    code = np.random.default_rng(0).random(len(found.lf))
    marks = np.bincount(patterns.row, code[patterns.symbol], len(patterns.count))
    rows = np.bincount(matrix.candidate, code[found.of_vote], matrix.n_candidates)
    order = np.argsort(marks)
    pattern = order[np.minimum(np.searchsorted(marks[order], rows - 1e-9), len(marks) - 1)]
    voted = rows > 0
    truth = planted.truth[voted]
    assert planted.posterior is not None
    scores = []
    for said in (soft[pattern][voted].argmax(axis=1), planted.posterior[voted].argmax(axis=1)):
        both = [2 * np.sum((said == y) & (truth == y)) for y in range(soft.shape[1])]
        each = [np.sum(said == y) + np.sum(truth == y) for y in range(soft.shape[1])]
        scores.append(float(np.mean(np.array(both) / np.array(each))))
    return scores[0], scores[1]


@pytest.mark.parametrize("method", ["completion", "triplets"])
@pytest.mark.parametrize(
    "draw",
    [
        partial(single.one_sided, share=0.05),
        single.eager,
        copies.copied,
    ],
)
def test_told_nothing_they_come_near_the_true_parameters(
    draw: Callable[[np.random.Generator, int], Planted], method: Method
) -> None:
    planted = draw(np.random.default_rng(5), 10_000)
    found, best = macro_f1(planted, *learned(planted, method))
    assert found > best - 0.03


@pytest.mark.parametrize("method", ["completion", "triplets"])
@pytest.mark.parametrize("kind", ["no rows", "always", "one", "copies", "one label", "silent"])
def test_whatever_comes_there_are_no_nans(kind: str, method: Method) -> None:
    sure = Behavior((1, 2), np.array([[0.9, 0.1], [0.1, 0.9]]))
    behaviors = {
        "no rows": [sure] * 3,
        "always": [sure, sure, Behavior((2,), np.ones((2, 1))), sure],
        "one": [sure],
        "copies": [Behavior((2,), np.array([[0.1], [0.8]]), copies=3, loyalty=1.0)],
        "one label": [Behavior((2,), np.array([[0.1], [0.8]]))] * 4,
        "silent": [Behavior((2,), np.array([[0.0], [0.0]]))] * 4,
    }[kind]
    rows = 0 if kind == "no rows" else 300
    result, patterns, found = learned(
        plant(np.random.default_rng(7), rows, (0.5, 0.5), behaviors), method
    )
    mixture = result.model.mixture
    for values in (mixture.prior, mixture.share, mixture.factor, mixture.weight, mixture.odds):
        assert np.isfinite(values).all()
    shown = gather(patterns, found, result.model.sources.of_lf)[1]
    assert np.isfinite(posterior(mixture, shown).soft).all()
    assert np.isfinite(result.emission.table).all()


@pytest.mark.parametrize("method", ["completion", "triplets"])
def test_the_label_model_can_be_fitted_by_moments(method: Method) -> None:
    planted = copies.copied(np.random.default_rng(8), 4000)
    functions = (replace(lf, groups=frozenset()) for lf in planted.matrix.lfs)
    votes = {"planted": replace(planted.matrix, lfs=tuple(functions))}
    params = fit(votes, planted.graph, Settings(method=method))
    estimate = params.tasks["planted"].estimates[0]
    share = float(planted.truth.mean())
    assert estimate.prior[1] == pytest.approx(share, abs=0.02)
    found = predict(params, votes, planted.graph)["planted"]
    said = found.covered & (found.probabilities[:, 1] > 0.5)
    assert planted.posterior is not None
    best = planted.posterior[:, 1] > 0.5
    truth = planted.truth == 1
    scores = [2 * np.sum(it & truth) / (it.sum() + truth.sum()) for it in (said, best)]
    assert scores[0] > scores[1] - 0.03
