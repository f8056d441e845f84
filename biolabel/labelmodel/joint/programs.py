"""The likeliest labeling of a network too large for a junction tree, as an integer program.

Each variable takes one of its values, each factor one of its cells, and a factor's cells add up to the
values of its variables (the local polytope: Wainwright and Jordan 2008, "Graphical models, exponential
families, and variational inference", section 4; with whole values it is exact). HiGHS solves it.
"""

from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array

from biolabel.labelmodel.joint.network import Stack
from biolabel.labelmodel.pooling import Flags
from biolabel.labelmodel.votes import Floats, Ints


def best(stack: Stack) -> tuple[Ints, Floats]:
    """Return the values that are likeliest together, int64[b, v], and their log weight, float64[b].

    The weight is `-inf` where no values are possible.
    """
    found = [
        _solve([known[at] for known in stack.evidence], stack) for at in range(len(stack.variables))
    ]
    return np.stack([values for values, _ in found]), np.array([weight for _, weight in found])


def possible(stack: Stack, tried: Ints) -> Flags:
    """Return which parts of a stack allow some values together, bool[b].

    tried: int64[b, v], values that are likely to be allowed; where they are not, a program decides.
    """
    fine = np.ones(len(tried), dtype=np.bool_)
    for column, known in zip(tried.T, stack.evidence, strict=True):
        fine &= known[np.arange(len(column)), column] > -np.inf
    for factor in stack.factors:
        fine &= stack.tables[factor.table][tuple(tried[:, list(factor.scope)].T)] > -np.inf
    for at in np.flatnonzero(~fine):
        fine[at] = _solve([known[at] for known in stack.evidence], stack)[1] > -np.inf
    return fine


def _solve(evidence: list[Floats], stack: Stack) -> tuple[Ints, float]:
    # The solver takes 30 MB, and few networks are large enough to need it.
    from scipy.optimize import Bounds, LinearConstraint, milp

    sizes = np.array([len(known) for known in evidence])
    start = np.r_[0, np.cumsum(sizes)]
    gain = [np.concatenate(evidence)]
    column, row, sign = [np.arange(start[-1])], [np.repeat(np.arange(len(sizes)), sizes)], []
    sign.append(np.ones(start[-1]))
    columns, rows = int(start[-1]), len(sizes)
    for factor in stack.factors:
        table = stack.tables[factor.table]
        cells = np.stack(np.nonzero(table > -np.inf), axis=1)
        gain.append(table[table > -np.inf])
        for axis, v in enumerate(factor.scope):
            values = np.arange(sizes[v])
            column += [columns + np.arange(len(cells)), start[v] + values]
            row += [rows + cells[:, axis], rows + values]
            sign += [np.ones(len(cells)), -np.ones(len(values))]
            rows += int(sizes[v])
        columns += len(cells)
    value = np.concatenate(gain)
    matrix = coo_array(
        (np.concatenate(sign), (np.concatenate(row), np.concatenate(column))), shape=(rows, columns)
    )
    right = (np.arange(rows) < len(sizes)).astype(np.float64)
    whole = (np.arange(columns) < start[-1]).astype(np.int64)
    possible = value > -np.inf
    answer = milp(
        -np.where(possible, value, 0.0),
        integrality=whole,
        bounds=Bounds(0, possible.astype(np.float64)),
        constraints=LinearConstraint(matrix.tocsr(), right, right),
    )
    if answer.x is None:
        return np.zeros(len(sizes), dtype=np.int64), -np.inf
    chosen = [int(answer.x[a:b].argmax()) for a, b in pairwise(start.tolist())]
    return np.array(chosen, dtype=np.int64), -float(answer.fun)
