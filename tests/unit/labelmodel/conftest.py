"""Small networks with their joint distribution added up cell by cell, to hold inference against."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from biolabel.labelmodel.joint.network import Factor, Stack
from biolabel.labelmodel.votes import Floats

Draw = Callable[[int, Sequence[tuple[int, ...]]], tuple[Stack, Floats]]


@pytest.fixture
def draw() -> Draw:
    return drawn


def drawn(seed: int, scopes: Sequence[tuple[int, ...]]) -> tuple[Stack, Floats]:
    """Return three parts with a factor a scope and their log joint tables, float64[3, k, k, ...].

    A tenth of the cells of a table cannot be, never the first.
    """
    generator = np.random.default_rng(seed)
    n = 1 + max(v for scope in scopes for v in scope)
    sizes = [2 + v % 2 for v in range(n)]
    evidence = tuple(np.log(generator.dirichlet(np.ones(k), 3)) for k in sizes)
    tables = []
    for scope in scopes:
        table = generator.normal(size=tuple(sizes[v] for v in scope))
        table[generator.random(table.shape) < 0.1] = -np.inf
        table[(0,) * len(scope)] = 0.0
        tables.append(table)
    factors = tuple(Factor(scope, at) for at, scope in enumerate(scopes))
    stack = Stack(np.arange(3 * n).reshape(3, n), evidence, factors, tables)
    joint = np.zeros((3, *sizes))
    for cell in np.ndindex(*sizes):
        own = sum(evidence[v][:, y] for v, y in enumerate(cell))
        joint[(slice(None), *cell)] = own + sum(
            table[tuple(cell[v] for v in scope)]
            for table, scope in zip(tables, scopes, strict=True)
        )
    return stack, joint
