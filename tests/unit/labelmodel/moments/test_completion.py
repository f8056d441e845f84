from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, Task
from biolabel.labelmodel.moments.completion import (
    Completion,
    Space,
    Triples,
    complete,
    single,
    triples,
)
from biolabel.labelmodel.moments.moments import Moments, add, moments
from biolabel.labelmodel.moments.structure import independent
from biolabel.labelmodel.planted import copies
from biolabel.labelmodel.planted import single as alone
from biolabel.labelmodel.planted.draw import Behavior, Planted, plant, sparse
from biolabel.labelmodel.pooling import Flags, allowed
from biolabel.labelmodel.votes import Floats, Ints, Patterns, compress, symbols

Draw = Callable[[np.random.Generator, int], Planted]


def read(planted: Planted) -> tuple[Patterns, Moments, Flags]:
    matrix = planted.matrix
    found = symbols(matrix)
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    holds = allowed(found.mask, len(matrix.task.labels))
    return patterns, moments(patterns, found, matrix.n_candidates), holds


def run(planted: Planted, linked: list[tuple[int, int]] | None = None) -> Completion:
    patterns, counted, holds = read(planted)
    precision = np.full(len(holds), 0.7)
    space = single(holds.shape[1], len(holds))
    three = triples(patterns, counted, holds)
    return complete(counted, three, space, holds, precision, independent(counted.lf, linked or []))


def table(planted: Planted) -> Floats:
    """Return P(symbol | label) as gold counts it."""
    found, truth = symbols(planted.matrix), planted.truth
    result = np.zeros((len(found.lf), len(planted.matrix.task.labels)))
    np.add.at(result, (found.of_vote, truth[planted.matrix.candidate]), 1)
    return result / np.bincount(truth, minlength=result.shape[1])


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (partial(alone.two_sided, share=0.1, m=5), 0.02),
        (partial(alone.one_sided, share=0.05), 0.02),
        (partial(alone.five_labels, m=5), 0.02),
        (alone.eager, 0.02),
        (copies.copied, 0.05),  # nobody names the copies: they stay outliers
    ],
)
def test_it_learns_class_prior_and_tables_told_nothing(draw: Draw, error: float) -> None:
    planted = draw(np.random.default_rng(1), 10_000)
    found = run(planted)
    share = np.bincount(planted.truth) / len(planted.truth)
    assert found.emissions[0].prior == pytest.approx(share, abs=0.03)
    assert np.abs(found.emissions[0].table - table(planted)).mean() < error


def test_busy_rows_are_a_factor_and_not_the_label() -> None:
    planted = alone.eager(np.random.default_rng(2), 10_000)
    patterns, counted, holds = read(planted)
    found = run(planted)
    assert found.pairs == pytest.approx(2.0, abs=0.15)
    assert found.triples == pytest.approx(4.8, abs=0.5)
    without = complete(
        counted,
        triples(patterns, counted, holds),
        single(2, len(holds)),
        holds,
        np.full(len(holds), 0.7),
        independent(counted.lf, []),
        busy=False,
    )
    error = [np.abs(one.emissions[0].table - table(planted)).mean() for one in (found, without)]
    assert error[0] < 0.5 * error[1]


def test_added_shards_lead_to_the_same_fit() -> None:
    planted = alone.one_sided(np.random.default_rng(3), 3000, 0.2)
    patterns, whole, holds = read(planted)
    parts = list(_split(patterns))
    shards = [moments(part, symbols(planted.matrix), 1500) for part in parts]
    counted = [triples(part, whole, holds) for part in parts]
    together = complete(
        add(*shards),
        Triples(counted[0].symbol, counted[0].count + counted[1].count),
        single(2, len(holds)),
        holds,
        np.full(len(holds), 0.7),
        independent(whole.lf, []),
    )
    once = run(planted)
    assert np.abs(together.emissions[0].table - once.emissions[0].table).max() < 1e-9
    assert np.abs(together.share - once.share).max() < 1e-9


def _split(patterns: Patterns) -> Iterator[Patterns]:
    half = len(patterns.count) // 2
    first = patterns.row < half
    for kept, start, stop in ((first, 0, half), (~first, half, len(patterns.count))):
        row = patterns.row[kept] - start
        count = patterns.count[start:stop]
        yield Patterns(row, patterns.symbol[kept], patterns.weight[kept], count)


def test_permuting_functions_or_labels_permutes_the_fit() -> None:
    planted = alone.two_sided(np.random.default_rng(4), 4000, 0.3, m=6)
    patterns, counted, holds = read(planted)
    before = run(planted)
    order = np.random.default_rng(5).permutation(len(holds))
    back = np.argsort(order)
    shuffled = Moments(
        counted.lf[order],
        counted.mask[order],
        counted.rows,
        counted.once[order],
        counted.twice[np.ix_(order, order)],
    )
    three = triples(patterns, counted, holds)
    after = complete(
        shuffled,
        Triples(back[three.symbol], three.count),
        single(2, len(holds)),
        holds[order][:, ::-1],
        np.full(len(holds), 0.7),
        independent(shuffled.lf, []),
    )
    expected = before.emissions[0].table[order][:, ::-1]
    assert np.abs(after.emissions[0].table - expected).max() < 1e-3
    assert after.share[::-1] == pytest.approx(before.share, abs=1e-3)


def test_tasks_on_the_same_rows_share_label_vectors() -> None:
    generator = np.random.default_rng(6)
    vectors = np.array([[0, 0], [0, 1], [1, 1]])  # the fine label implies the coarse one
    shares = np.array([0.5, 0.3, 0.2])
    which = generator.choice(3, size=8000, p=shares)
    sides = []
    for at in range(2):
        behaviors = [_either(generator) for _ in range(3)]
        drawn = plant(generator, 8000, (0.5, 0.5), behaviors)
        # The votes of a drawn row of the label that the vector has.
        rows = [generator.permutation(np.flatnonzero(drawn.truth == label)) for label in (0, 1)]
        label = vectors[which, at]
        take = [np.resize(rows[value], np.sum(label == value)) for value in (0, 1)]
        source = np.zeros(8000, dtype=np.int64)
        for value in (0, 1):
            source[label == value] = take[value]
        dense = np.zeros((8000, 3), dtype=np.int64)
        dense[drawn.matrix.candidate, drawn.matrix.lf] = drawn.matrix.mask
        sides.append(dense[source])
    votes = np.concatenate(sides, axis=1)
    planted = _of_votes(votes, vectors[which, 0])
    patterns, counted, holds = read(planted)
    task = (counted.lf >= 3).astype(np.int64)
    found = complete(
        counted,
        triples(patterns, counted, holds),
        Space(vectors, task, (2, 2)),
        holds,
        np.full(len(holds), 0.7),
        independent(counted.lf, []),
    )
    assert found.share == pytest.approx(shares, abs=0.04)
    assert found.emissions[0].prior == pytest.approx([0.8, 0.2], abs=0.04)
    assert found.emissions[1].prior == pytest.approx([0.5, 0.5], abs=0.04)


def _either(generator: np.random.Generator) -> Behavior:
    accuracy = generator.uniform(0.75, 0.9)
    right, wrong = 0.6 * accuracy, 0.6 * (1 - accuracy)
    return Behavior((1, 2), np.array([[right, wrong], [wrong, right]]))


def _of_votes(votes: Ints, truth: Ints) -> Planted:
    lfs = tuple(LabelingFunction(f"lf_{at}") for at in range(votes.shape[1]))
    return Planted(sparse(Task("planted", "document", ("a", "b")), lfs, votes), truth)


@pytest.mark.parametrize("kind", ["no rows", "always", "one", "copies", "one label", "silent"])
def test_whatever_comes_there_are_no_nans(kind: str) -> None:
    sure = Behavior((1, 2), np.array([[0.9, 0.1], [0.1, 0.9]]))
    behaviors = {
        "no rows": [sure] * 3,
        "always": [sure, sure, Behavior((2,), np.ones((2, 1))), sure],
        "one": [sure],
        "copies": [Behavior((2,), np.array([[0.1], [0.8]]), copies=3, loyalty=1.0)],
        "one label": [Behavior((2,), np.array([[0.1], [0.8]]))] * 4,
        "silent": [Behavior((2,), np.array([[0.0], [0.0]]))] * 4,
    }[kind]
    planted = plant(
        np.random.default_rng(7), 0 if kind == "no rows" else 300, (0.5, 0.5), behaviors
    )
    found = run(planted)
    for values in (found.emissions[0].table, found.emissions[0].prior, found.share):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert np.isfinite([found.pairs, found.triples, found.loss]).all()
    assert found.share.sum() == pytest.approx(1)
