from dataclasses import replace

import numpy as np
import pytest

from biolabel.labelmodel.em.emissions import Anchor, Rows, begin, converge, score
from biolabel.labelmodel.em.search import Votes, first, rows_of
from biolabel.labelmodel.planted import copies, single
from biolabel.labelmodel.planted.draw import Planted, sparse
from biolabel.labelmodel.pooling import allowed
from biolabel.labelmodel.votes import Floats, Ints, compress, symbols


def votes(planted: Planted, anchor: Anchor | None = None) -> Votes:
    matrix = planted.matrix
    found = symbols(matrix)
    patterns = compress(matrix, found)
    silent = matrix.n_candidates - patterns.count.sum()
    patterns = replace(patterns, count=np.append(patterns.count, silent))
    holds = allowed(found.mask, len(matrix.task.labels))
    precision = np.full(len(found.lf), 0.7)
    return Votes(patterns, found, holds, precision, matrix.lfs, anchor or Anchor())


def rows(planted: Planted, of_lf: Ints | None = None) -> tuple[Rows, Floats]:
    """Return the rows of planted votes, and the majority vote on them."""
    given = votes(planted)
    parts = np.arange(len(given.lfs)) if of_lf is None else of_lf
    return rows_of(given, parts), first(given, parts)


def test_tables_and_prior_are_recovered() -> None:
    planted = single.one_sided(np.random.default_rng(102), 20_000, 0.2)
    own, start = rows(planted)
    fit = converge(own, begin(own, start, paces=False), 1e-6, 500)
    assert fit.converged
    assert fit.mixture.prior[1] == pytest.approx(0.2, abs=0.02)
    for symbol in range(len(own.holds)):
        lf = own.found.lf[own.sources.member[symbol]]
        for label in (0, 1):
            of = planted.truth == label
            fires = np.isin(np.flatnonzero(of), planted.matrix.candidate[planted.matrix.lf == lf])
            assert fit.tables.table[symbol, label] == pytest.approx(fires.mean(), abs=0.04)


def test_extrapolation_arrives_where_plain_steps_do() -> None:
    planted = single.rare_rules(np.random.default_rng(102), 4000)
    own, start = rows(planted)
    joint = begin(own, start, paces=False)
    plain = joint
    for _ in range(400):
        plain = converge(own, plain, 1e-9, 1).posterior.joint
    quick = converge(own, joint, 1e-6, 400)
    assert quick.iterations < 100
    np.testing.assert_allclose(quick.posterior.soft, plain[:, :, 0], atol=1e-2)


def test_iterations_are_counted_and_limited() -> None:
    own, start = rows(single.one_sided(np.random.default_rng(102), 500, 0.2))
    few = converge(own, begin(own, start, paces=False), 1e-9, 3)
    assert few.iterations == 3
    assert not few.converged


def test_the_score_prefers_the_true_sources() -> None:
    planted = copies.repeated(np.random.default_rng(102), 5000, 0.6)
    true = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, *range(3, 11)])
    halved = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, *range(4, 12)])
    wide = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, *range(4, 8)])
    found = []
    for of_lf in (true, halved, wide, np.arange(20)):
        own, start = rows(planted, of_lf)
        found.append(score(own, converge(own, begin(own, start, paces=False), 1e-4, 100)))
    assert found[0] > max(found[1:]) + 10


def test_paces_are_found_where_there_are_some() -> None:
    planted = single.eager(np.random.default_rng(102), 5000)
    own, start = rows(planted)
    one, two = (converge(own, begin(own, start, paces), 1e-4, 200) for paces in (False, True))
    assert score(own, two) > score(own, one) + 100
    assert two.mixture.share @ two.mixture.factor == pytest.approx(1)
    assert two.mixture.factor[1] > 4 * two.mixture.factor[0]
    calm = single.two_sided(np.random.default_rng(102), 5000, 0.5)
    own, start = rows(calm)
    one, two = (converge(own, begin(own, start, paces), 1e-4, 200) for paces in (False, True))
    assert score(own, two) < score(own, one) + 10


def test_a_rare_function_is_held_as_firmly_as_a_common_one() -> None:
    generator = np.random.default_rng(102)
    for rate in (0.4, 0.004):
        planted = single.two_sided(generator, 20_000, 0.5)
        matrix = planted.matrix
        fires = generator.random(20_000) < np.where(planted.truth == 1, rate, 0.05 * rate)
        table = np.zeros((20_000, 11), dtype=np.int64)
        table[matrix.candidate, matrix.lf] = matrix.mask
        table[fires, 10] = 2
        lfs = (*matrix.lfs, replace(matrix.lfs[0], name="rare"))
        from_table = replace(planted, matrix=sparse(matrix.task, lfs, table))
        own, start = rows(from_table)
        fit = converge(own, begin(own, start, paces=False), 1e-5, 200)
        rare = np.flatnonzero(own.found.lf[own.sources.member] == 10)
        odds = fit.tables.table[rare, 1] / fit.tables.table[rare, 0]
        assert float(odds[0]) > 5  # 20 are planted; of 40 votes two are wrong
