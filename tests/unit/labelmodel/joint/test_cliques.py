from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.labelmodel.joint.cliques import cliques, likeliest, marginals, sum_out
from biolabel.labelmodel.joint.network import Factor, Stack
from biolabel.labelmodel.votes import Floats

Draw = Callable[[int, Sequence[tuple[int, ...]]], tuple[Stack, Floats]]
SHAPES: dict[str, list[tuple[int, ...]]] = {
    "one": [(0,)],
    "chain": [(0, 1), (1, 2), (3, 2), (3, 4)],
    "star": [(2, 0), (2, 1), (2, 3), (2,)],
    "loop": [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)],
    "wide": [(0, 1, 2), (2, 3), (3, 4, 1), (1, 0)],
}


def shares(log: Floats) -> Floats:
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_junction_tree_is_enumeration(shape: str, seed: int, draw: Draw) -> None:
    stack, joint = draw(seed, SHAPES[shape])
    tree = cliques(stack)
    for v, log in enumerate(marginals(stack, tree)):
        others = tuple(at for at in range(1, joint.ndim) if at != v + 1)
        np.testing.assert_allclose(shares(log), shares(sum_out(joint, others)), atol=1e-9)
    values, weight = likeliest(stack, tree)
    flat = joint.reshape(3, -1)
    np.testing.assert_allclose(weight, flat.max(axis=1))
    expected = np.stack(np.unravel_index(flat.argmax(axis=1), joint.shape[1:]), axis=1)
    np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cliques_of_a_variable_hang_together(shape: str, draw: Draw) -> None:
    stack, _ = draw(0, SHAPES[shape])
    tree = cliques(stack)
    for factor in stack.factors:
        assert any(set(factor.scope) <= set(own) for own in tree.variables)
    for v in range(len(stack.evidence)):
        holding = [at for at, own in enumerate(tree.variables) if v in own]
        tops = [at for at in holding if tree.parent[at] == at or tree.parent[at] not in holding]
        assert len(tops) == 1
    assert all(parent < at or parent == at == 0 for at, parent in enumerate(tree.parent))


def test_the_largest_table_is_known_before_it_is_made(draw: Draw) -> None:
    assert cliques(draw(0, SHAPES["chain"])[0]).cells == 6
    assert cliques(draw(0, SHAPES["wide"])[0]).cells == 2 * 3 * 3
    n = 30
    every = tuple(Factor((a, b), 0) for a in range(n) for b in range(a))
    known = tuple(np.zeros((1, 2)) for _ in range(n))
    clique = Stack(np.arange(n)[None], known, every, [np.zeros((2, 2))])
    assert cliques(clique).cells == 2**n


def test_parts_that_cannot_be_say_so_and_leave_the_others_alone(draw: Draw) -> None:
    stack, joint = draw(3, SHAPES["chain"])
    expected, before = likeliest(stack, cliques(stack))
    stack.evidence[2][1] = -np.inf
    values, weight = likeliest(stack, cliques(stack))
    assert weight[1] == -np.inf
    np.testing.assert_array_equal(values[[0, 2]], expected[[0, 2]])
    np.testing.assert_array_equal(weight[[0, 2]], before[[0, 2]])
    for v, log in enumerate(marginals(stack, cliques(stack))):
        assert np.all(log[1] == -np.inf)
        others = tuple(at for at in range(1, joint.ndim) if at != v + 1)
        np.testing.assert_allclose(
            shares(log[[0, 2]]), shares(sum_out(joint[[0, 2]], others)), atol=1e-9
        )


def test_sums_in_log_space() -> None:
    table = np.array([[-1000.0, -1000.0, -np.inf], [-np.inf, -np.inf, -np.inf]])
    np.testing.assert_allclose(sum_out(table, (1,)), [np.log(2) - 1000, -np.inf])
    assert sum_out(table, ()) is table
