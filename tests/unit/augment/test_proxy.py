"""The stand-in for the end model."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from biolabel.augment.proxy import WIDTH, rows_of_tasks
from biolabel.augment.version import Version

Labeled = Callable[..., Version]


def test_rows_of_all_tasks(labeled: Labeled) -> None:
    one = labeled([("zinc", "X:1"), " causes ", ("pain", "X:2")], pairs=[("X:1", "X:2")]).document
    words = one.entities["names"]
    masked = replace(words, weight=np.array([1, 0, 1], dtype=np.float32))
    two = replace(one, entities={"names": masked}, topics={})
    found = rows_of_tasks([one, two])
    assert {task: len(rows.weight) for task, rows in found.items()} == {
        "names": 5,
        "cid": 2,
        "kind": 1,
    }
    assert found["names"].document.tolist() == [0, 0, 0, 1, 1]
    for rows in found.values():
        assert rows.features.shape == (len(rows.weight), WIDTH)
        np.testing.assert_allclose((rows.features**2).sum(axis=1), 1)
    kept = found["names"].of(found["names"].document == 1)
    assert kept.document.tolist() == [1, 1]
    assert kept.features.shape == (2, WIDTH)


def test_a_pair_is_told_by_the_words_between(labeled: Labeled) -> None:
    parts = [("zinc", "X:1"), " causes ", ("pain", "X:2"), ". ", ("zinc", "X:1")]
    same = labeled(parts, pairs=[("X:1", "X:2")]).document
    other = labeled(
        [("zinc", "X:1"), " relieves ", ("pain", "X:2"), ". ", ("zinc", "X:1")],
        pairs=[("X:1", "X:2")],
    ).document
    features = rows_of_tasks([same, same, other])["cid"].features.toarray()
    np.testing.assert_array_equal(features[0], features[1])
    assert 0.5 < features[0] @ features[2] < 0.99


def test_the_gradient_is_that_of_the_loss(labeled: Labeled, rng: np.random.Generator) -> None:
    document = labeled([("zinc", "X:1"), " or ", ("tin", "X:2")], pairs=[("X:1", "X:2")]).document
    rows = rows_of_tasks([document])["cid"]
    heads = rng.normal(size=(WIDTH, 2))
    slope = rows.gradient(heads)
    step = 1e-5
    for at in np.argwhere(np.abs(slope) > 1e-3)[:5]:
        moved = heads.copy()
        moved[tuple(at)] += step
        measured = (rows.loss(moved) - rows.loss(heads)) / step
        assert np.isclose(measured, slope[tuple(at)], rtol=1e-3)
