from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.labelmodel.joint.network import Factor, Stack
from biolabel.labelmodel.joint.programs import best, possible
from biolabel.labelmodel.votes import Floats

Draw = Callable[[int, Sequence[tuple[int, ...]]], tuple[Stack, Floats]]
SHAPES: list[list[tuple[int, ...]]] = [
    [(0,)],
    [(0, 1), (1, 2), (2, 3)],
    [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)],
    [(0, 1, 2), (2, 3), (3, 4, 1), (4, 0)],
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scopes", SHAPES)
def test_it_finds_the_likeliest_cell_of_the_joint_table(
    scopes: list[tuple[int, ...]], seed: int, draw: Draw
) -> None:
    stack, joint = draw(seed, scopes)
    values, weight = best(stack)
    flat = joint.reshape(3, -1)
    np.testing.assert_allclose(weight, flat.max(axis=1), atol=1e-6)
    expected = np.stack(np.unravel_index(flat.argmax(axis=1), joint.shape[1:]), axis=1)
    np.testing.assert_array_equal(values, expected)


def test_frustration_is_solved_in_whole_values() -> None:
    """Three neighbors that want to differ: half of each value is likeliest without whole values."""
    differ = np.array([[-2.0, 0.0], [0.0, -2.0]])
    triangle = (Factor((0, 1), 0), Factor((1, 2), 0), Factor((2, 0), 0))
    leaning = (np.zeros((1, 2)), np.array([[0.0, 0.1]]), np.array([[0.2, 0.0]]))
    values, weight = best(Stack(np.arange(3)[None], leaning, triangle, [differ]))
    assert values[0, 1:].tolist() == [1, 0]
    assert weight[0] == pytest.approx(-1.7)


def test_parts_that_cannot_be_say_so_and_leave_the_others_alone(draw: Draw) -> None:
    stack, _ = draw(1, SHAPES[1])
    expected, before = best(stack)
    stack.evidence[2][1] = -np.inf
    values, weight = best(stack)
    assert weight[1] == -np.inf
    np.testing.assert_array_equal(values[[0, 2]], expected[[0, 2]])
    np.testing.assert_allclose(weight[[0, 2]], before[[0, 2]])


def test_factors_that_forbid_every_way_together_are_found() -> None:
    equal = np.array([[0.0, -np.inf], [-np.inf, 0.0]])
    evidence = (np.array([[0.0, -np.inf]]), np.zeros((1, 2)), np.array([[-np.inf, 0.0]]))
    factors = (Factor((0, 1), 0), Factor((1, 2), 0))
    assert best(Stack(np.arange(3)[None], evidence, factors, [equal]))[1].tolist() == [-np.inf]
    assert possible(
        Stack(np.arange(3)[None], evidence, factors, [equal]), np.zeros((1, 3), np.int64)
    ).tolist() == [False]


def test_what_is_possible_does_not_hang_on_what_was_tried_first() -> None:
    never = np.array([[-np.inf, 0.0], [0.0, 0.0]])
    factors = (Factor((0, 1), 0), Factor((1, 2), 0))
    stack = Stack(np.arange(6).reshape(2, 3), (np.zeros((2, 2)),) * 3, factors, [never])
    for tried in ([0, 0, 0], [1, 1, 1]):
        assert possible(stack, np.array([tried, [1, 0, 1]])).tolist() == [True, True]
    stack.evidence[1][1] = [0.0, -np.inf]
    barred = (np.array([[0.0, 0.0], [0.0, -np.inf]]), stack.evidence[1], np.zeros((2, 2)))
    told = possible(Stack(stack.variables, barred, factors, [never]), np.ones((2, 3), np.int64))
    assert told.tolist() == [True, False]
