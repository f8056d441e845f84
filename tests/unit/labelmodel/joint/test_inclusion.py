from itertools import product

import numpy as np
import pytest

from biolabel.errors import ModelError
from biolabel.labelmodel.joint.feasible import Component
from biolabel.labelmodel.joint.inclusion import AtomRows, atom_rows, posteriors
from biolabel.labelmodel.votes import Floats, Ints

MASKS = {"pairs": (0b010, 0b110), "topics": (0b01,)}
PLACES = {"pairs": np.array([0, 0, 1, 0], np.int32), "topics": np.array([0, 1], np.int32)}


def drawn(seed: int) -> tuple[Component, dict[str, Floats]]:
    """Return some of the eight states with weights of their own, and the rows of two documents."""
    generator = np.random.default_rng(seed)
    states = np.array(list(product((False, True), repeat=3)), dtype=np.bool_)
    kept = np.r_[True, generator.random(7) < 0.7]
    soft = {
        "pairs": generator.dirichlet(np.ones(3), 4),
        "topics": generator.dirichlet(np.ones(2), 2),
    }
    return Component(MASKS, states[kept], generator.normal(size=kept.sum())), soft


def seen(soft: dict[str, Floats]) -> dict[str, AtomRows]:
    return {name: atom_rows(own, PLACES[name], MASKS[name]) for name, own in soft.items()}


def enumerated(component: Component, soft: dict[str, Floats]) -> dict[str, Floats]:
    weight = {
        tuple(state): np.exp(log)
        for state, log in zip(component.states.tolist(), component.log_weight, strict=True)
    }
    total = {name: np.zeros_like(own) for name, own in soft.items()}
    for document in range(2):
        rows = [(n, r) for n, place in PLACES.items() for r in np.flatnonzero(place == document)]
        for labels in product(*(range(soft[name].shape[1]) for name, _ in rows)):
            state = tuple(
                any(
                    mask >> y & 1
                    for (other, _), y in zip(rows, labels, strict=True)
                    if other == name
                )
                for name, masks in MASKS.items()
                for mask in masks
            )
            own = weight.get(state, 0.0)
            for (name, row), y in zip(rows, labels, strict=True):
                own *= soft[name][row, y]
            for (name, row), y in zip(rows, labels, strict=True):
                total[name][row, y] += own
    return {name: own / own.sum(axis=1, keepdims=True) for name, own in total.items()}


def test_rows_are_clear_of_sets_of_atoms() -> None:
    soft = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    found = atom_rows(soft, np.zeros(3, np.int32), (0b010, 0b100))
    clear = np.array([[1, 0.7, 0.5, 0.2], [1, 1, 1, 1], [1, 1, 0, 0]])
    np.testing.assert_allclose(np.exp(found.log_clear), clear)
    assert found.clear.astype(int).tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 0], [1, 0, 0]]


def test_small_probabilities_are_not_lost_beside_one() -> None:
    found = atom_rows(np.array([[1 - 1e-18, 1e-18]]), np.zeros(1, np.int32), (0b10,))
    assert found.log_clear[0, 1] == pytest.approx(-1e-18, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_posteriors_are_enumeration(seed: int) -> None:
    component, soft = drawn(seed)
    expected = enumerated(component, soft)
    for name, found in posteriors(component, seen(soft), 2).items():
        np.testing.assert_allclose(found, expected[name], atol=1e-9)


def test_order_of_rows_does_not_matter() -> None:
    component, soft = drawn(3)
    order: Ints = np.array([2, 0, 3, 1])
    expected = posteriors(component, seen(soft), 2)
    moved = seen(soft) | {
        "pairs": atom_rows(soft["pairs"][order], PLACES["pairs"][order], MASKS["pairs"])
    }
    found = posteriors(component, moved, 2)
    np.testing.assert_allclose(found["pairs"], expected["pairs"][order], atol=1e-12)
    np.testing.assert_allclose(found["topics"], expected["topics"], atol=1e-12)


def test_thousands_of_rows_neither_vanish_nor_overflow() -> None:
    """All that is asked is that some row has the label: so many rows hardly notice."""
    n = 5000
    component = Component({"pairs": (0b010,)}, np.array([[True]]), np.zeros(1))
    soft = np.tile([0.5, 0.3, 0.2], (n, 1))
    rows = {"pairs": atom_rows(soft, np.zeros(n, np.int32), (0b010,))}
    np.testing.assert_allclose(posteriors(component, rows, 1)["pairs"], soft, atol=1e-9)
    none = Component({"pairs": (0b010,)}, np.array([[False]]), np.zeros(1))
    found = posteriors(none, rows, 1)["pairs"]
    np.testing.assert_allclose(found, np.tile([5 / 7, 0, 2 / 7], (n, 1)), atol=1e-9)
    assert np.all(found[:, 1] == 0)


def test_rows_of_which_none_is_possible_are_an_error() -> None:
    component = Component({"pairs": (0b010,)}, np.array([[True]]), np.zeros(1))
    rows = {"pairs": atom_rows(np.array([[1.0, 0, 0]]), np.zeros(1, np.int32), (0b010,))}
    with pytest.raises(ModelError, match="1 documents or rows of `pairs`") as caught:
        posteriors(component, rows, 1)
    assert caught.value.code == "BL808"
