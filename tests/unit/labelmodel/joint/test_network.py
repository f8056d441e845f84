import numpy as np

from biolabel.labelmodel.joint.network import Factor, Network, stacks
from biolabel.labelmodel.votes import Floats

PAIR, LEANING = np.zeros((2, 2)), np.ones((2, 2))


def known(n: int) -> list[Floats]:
    return [np.array([0.0, -float(v)]) for v in range(n)]


def test_parts_of_equal_shape_are_one_stack() -> None:
    factors = [Factor((0, 2), 0), Factor((1, 4), 0)]
    [stack] = stacks(Network(known(5), factors, [PAIR]))
    assert stack.variables.tolist() == [[0, 2], [1, 4]]
    assert stack.factors == (Factor((0, 1), 0),)
    first, second = stack.evidence
    assert (first[:, 1].tolist(), second[:, 1].tolist()) == ([0, -1], [-2, -4])


def test_sizes_tables_and_factors_tell_shapes_apart() -> None:
    evidence = [*known(8), np.zeros(3), np.zeros(2)]
    factors = [
        Factor((0, 1), 0),
        Factor((2, 3), 1),
        Factor((5, 4), 0),
        Factor((6, 7), 0),
        Factor((7, 6), 0),
        Factor((8, 9), 2),
    ]
    found = list(stacks(Network(evidence, factors, [PAIR, LEANING, np.zeros((3, 2))])))
    assert [stack.variables.tolist() for stack in found] == [
        [[0, 1]], [[2, 3]], [[4, 5]], [[6, 7]], [[8, 9]]
    ]  # fmt: skip
    assert found[2].factors == (Factor((1, 0), 0),)
    assert [known.shape for known in found[4].evidence] == [(1, 3), (1, 2)]


def test_what_several_factors_join_is_one_part() -> None:
    factors = [Factor((3, 1), 0), Factor((2, 0), 0), Factor((1, 2), 0)]
    [stack] = stacks(Network(known(6), factors, [PAIR]))
    assert stack.variables.tolist() == [[0, 1, 2, 3]]
    assert {factor.scope for factor in stack.factors} == {(3, 1), (2, 0), (1, 2)}


def test_many_parts_come_in_several_stacks_and_none_is_lost() -> None:
    n = 600
    factors = [Factor((v, v + 1), 0) for v in range(0, n, 2)]
    found = list(stacks(Network(known(n), factors, [PAIR])))
    assert [len(stack.variables) for stack in found] == [256, 44]
    assert np.concatenate([stack.variables.ravel() for stack in found]).tolist() == list(range(n))


def test_variables_without_factors_are_in_no_stack() -> None:
    assert list(stacks(Network(known(3), [], [PAIR]))) == []
    [stack] = stacks(Network(known(3), [Factor((1,), 0)], [np.zeros(2)]))
    assert stack.variables.tolist() == [[1]]
