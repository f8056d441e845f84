from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.labelmodel.joint.beliefs import propagate
from biolabel.labelmodel.joint.cliques import cliques, marginals
from biolabel.labelmodel.joint.network import Factor, Stack
from biolabel.labelmodel.votes import Floats

Draw = Callable[[int, Sequence[tuple[int, ...]]], tuple[Stack, Floats]]
CHAIN = [(0, 1), (1, 2), (3, 2), (3, 4)]
LOOP = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]


def shares(log: Floats) -> Floats:
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "scopes", [[(0,)], CHAIN, [(2, 0, 1), (2, 3, 4)], [(2, 0), (2, 1), (2, 3)]]
)
def test_it_is_exact_on_trees(scopes: list[tuple[int, ...]], seed: int, draw: Draw) -> None:
    stack, joint = draw(seed, scopes)
    found = propagate(stack)
    assert found.converged
    weight = np.exp(joint)
    for v, log in enumerate(found.marginals):
        others = tuple(at for at in range(1, joint.ndim) if at != v + 1)
        expected = weight.sum(axis=others)
        expected /= expected.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(shares(log), expected, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_near_on_a_loop(seed: int, draw: Draw) -> None:
    stack, _ = draw(seed, LOOP)
    found = propagate(stack)
    assert found.converged
    for near, exact in zip(found.marginals, marginals(stack, cliques(stack)), strict=True):
        np.testing.assert_allclose(shares(near), shares(exact), atol=0.15)


def test_what_no_neighbor_allows_is_never_said() -> None:
    implies = np.array([[0.0, 0.0], [-np.inf, 0.0]])
    loop = tuple(Factor((v, (v + 1) % 4), 0) for v in range(4))
    evidence = [np.log(np.array([[0.9, 0.1]])) for _ in range(4)]
    evidence[0] = np.array([[-np.inf, 0.0]])
    found = propagate(Stack(np.arange(4)[None], tuple(evidence), loop, [implies]))
    for log in found.marginals:
        assert shares(log)[0].tolist() == [0, 1]


def test_order_of_variables_and_axes_does_not_matter(draw: Draw) -> None:
    stack, _ = draw(1, LOOP)
    order = np.array([3, 0, 4, 1, 2])
    place = np.argsort(order).tolist()
    moved = Stack(
        stack.variables[:, order],
        tuple(stack.evidence[v] for v in order),
        tuple(Factor(tuple(place[v] for v in f.scope[::-1]), f.table) for f in stack.factors[::-1]),
        [table.T for table in stack.tables],
    )
    expected = propagate(stack).marginals
    for v, log in zip(order.tolist(), propagate(moved).marginals, strict=True):
        np.testing.assert_allclose(shares(log), shares(expected[v]), atol=1e-7)
