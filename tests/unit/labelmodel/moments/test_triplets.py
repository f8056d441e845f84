from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from biolabel.labelmodel.moments.completion import triples
from biolabel.labelmodel.moments.moments import Moments, moments
from biolabel.labelmodel.moments.structure import independent
from biolabel.labelmodel.moments.triplets import Tripled, tripled
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant
from biolabel.labelmodel.pooling import allowed, anchors
from biolabel.labelmodel.votes import Floats, Symbols, compress, symbols

Pairs = list[tuple[int, int]]


def run(planted: Planted, linked: Pairs | None = None) -> Tripled:
    found, counted, holds = read(planted)
    patterns = compress(planted.matrix, found, np.ones(len(planted.matrix.lf)))
    three = triples(patterns, counted, holds)
    apart = independent(counted.lf, linked or [])
    return tripled(counted, three, holds, np.full(len(holds), 0.7), apart)


def read(
    planted: Planted,
) -> tuple[Symbols, Moments, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    matrix = planted.matrix
    found = symbols(matrix)
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    holds = allowed(found.mask, len(matrix.task.labels))
    return found, moments(patterns, found, matrix.n_candidates), holds


def table(planted: Planted) -> Floats:
    """Return P(symbol | label) as gold counts it."""
    found, truth = symbols(planted.matrix), planted.truth
    k = len(planted.matrix.task.labels)
    result = np.zeros((len(found.lf), k))
    np.add.at(result, (found.of_vote, truth[planted.matrix.candidate]), 1)
    return result / np.bincount(truth, minlength=k)


def groups(*parts: range) -> Pairs:
    return [(one, other) for part in parts for one in part for other in part if one < other]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("draw", "linked"),
    [
        (partial(single.two_sided, share=0.05), []),
        (partial(single.one_sided, share=0.05), []),
        (partial(copies.copied), groups(range(4))),
        (partial(copies.repeated, loyalty=0.6), groups(range(3), range(3, 7), range(7, 12))),
    ],
)
def test_they_learn_the_class_prior_and_the_tables(
    draw: Callable[..., Planted], linked: Pairs, seed: int
) -> None:
    planted = draw(np.random.default_rng(seed), 20_000)
    found = run(planted, linked)
    share = np.bincount(planted.truth) / len(planted.truth)
    assert found.solved.all()
    assert found.known.all()
    assert found.emission.prior == pytest.approx(share, abs=0.02)
    error = np.abs(found.emission.table - table(planted)).mean()
    assert error < 0.03


def test_more_labels_are_solved_one_against_the_rest() -> None:
    planted = single.five_labels(np.random.default_rng(4), 20_000)
    found = run(planted)
    assert found.emission.prior == pytest.approx(np.bincount(planted.truth) / 20_000, abs=0.03)
    assert np.abs(found.emission.table - table(planted)).mean() < 0.02


def test_votes_for_sets_are_one_symbol() -> None:
    planted = single.hierarchy(np.random.default_rng(5), 20_000)
    found = run(planted)
    assert np.abs(found.emission.table - table(planted)).mean() < 0.03


def test_copies_that_nobody_names_mislead_them() -> None:
    planted = copies.repeated(np.random.default_rng(6), 10_000, loyalty=0.95)
    share = float(planted.truth.mean())
    linked = groups(range(3), range(3, 7), range(7, 12))
    assert abs(run(planted).emission.prior[1] - share) > 0.1
    assert abs(run(planted, linked).emission.prior[1] - share) < 0.02


def test_a_function_without_partners_has_its_stated_precision() -> None:
    behaviors = [Behavior((1, 2), 0.6 * np.array([[0.8, 0.2], [0.2, 0.8]])) for _ in range(4)]
    planted = plant(np.random.default_rng(7), 5000, (0.5, 0.5), behaviors)
    found = run(planted, [(0, 1), (0, 2), (0, 3)])
    assert found.solved.tolist() == [False, False] + [True] * 6
    joint = found.emission.table[:2] * found.emission.prior
    believed = anchors(np.eye(2, dtype=np.bool_), np.full(2, 0.7), found.emission.prior)
    assert joint / joint.sum(axis=1, keepdims=True) == pytest.approx(believed)
    two = plant(np.random.default_rng(8), 5000, (0.5, 0.5), behaviors[:2])
    nothing = run(two)
    assert not nothing.solved.any()
    assert nothing.emission.prior == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("kind", ["no rows", "always", "one", "copies", "one label"])
def test_whatever_comes_there_are_no_nans(kind: str) -> None:
    generator = np.random.default_rng(9)
    sure = Behavior((1, 2), np.array([[0.9, 0.1], [0.1, 0.9]]))
    behaviors = {
        "no rows": [sure] * 3,
        "always": [sure, sure, Behavior((2,), np.ones((2, 1))), sure],
        "one": [sure],
        "copies": [Behavior((2,), np.array([[0.1], [0.8]]), copies=3, loyalty=1.0)],
        "one label": [Behavior((2,), np.array([[0.1], [0.8]]))] * 4,
    }[kind]
    found = run(plant(generator, 0 if kind == "no rows" else 500, (0.5, 0.5), behaviors))
    emission = found.emission
    assert np.isfinite(emission.table).all()
    assert (emission.table >= 0).all()
    assert (emission.prior > 0).all()
    assert emission.prior.sum() == pytest.approx(1)
