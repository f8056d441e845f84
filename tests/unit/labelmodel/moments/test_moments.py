from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.errors import ModelError
from biolabel.labelmodel.moments.moments import Moments, add, merged, moments, thrice
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.votes import Floats, compress, symbols

TASK = Task("planted", "document", ("a", "b", "c"))


def drawn(seed: int, n: int, m: int, rate: float) -> LabelMatrix:
    generator = np.random.default_rng(seed)
    votes = generator.integers(1, 7, size=(n, m)) * (generator.random((n, m)) < rate)
    lfs = tuple(LabelingFunction(f"lf_{lf}") for lf in range(m))
    return sparse(TASK, lfs, votes)


def of(matrix: LabelMatrix) -> Moments:
    found = symbols(matrix)
    rows = matrix.n_candidates if matrix.times is None else matrix.times.sum()
    return moments(compress(matrix, found, np.ones(len(matrix.lf))), found, rows)


def shown(matrix: LabelMatrix) -> Floats:
    found = symbols(matrix)
    table = np.zeros((matrix.n_candidates, len(found.lf)))
    table[matrix.candidate, found.of_vote] = 1
    return table


def shards(matrix: LabelMatrix, bounds: list[int]) -> list[LabelMatrix]:
    parts = []
    for low, high in zip([0, *bounds], [*bounds, matrix.n_candidates], strict=True):
        kept = (matrix.candidate >= low) & (matrix.candidate < high)
        parts.append(
            replace(
                matrix,
                n_candidates=high - low,
                candidate=matrix.candidate[kept] - np.int32(low),
                lf=matrix.lf[kept],
                mask=matrix.mask[kept],
            )
        )
    return parts


@pytest.mark.parametrize(("m", "rate"), [(4, 0.5), (60, 0.02)])  # dense and sparse products
def test_they_count_rows_that_show_symbols(m: int, rate: float) -> None:
    matrix = drawn(1, 300, m, rate)
    found, table = of(matrix), shown(matrix)
    assert found.rows == 300
    assert np.array_equal(found.once, table.sum(axis=0))
    assert np.array_equal(found.twice, table.T @ table)
    assert np.array_equal(np.lexsort((found.mask, found.lf)), np.arange(len(found.lf)))


def test_dense_and_sparse_products_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = drawn(2, 500, 5, 0.4)
    by_default = of(matrix)
    for gain in (0, 10**9):
        monkeypatch.setattr("biolabel.labelmodel.moments.moments._DENSE_GAIN", gain)
        assert np.array_equal(of(matrix).twice, by_default.twice)


@pytest.mark.parametrize("bounds", [[250], [1, 2, 499], [100, 100, 300]])
def test_shards_add_to_the_whole(bounds: list[int]) -> None:
    matrix = drawn(3, 500, 6, 0.03)  # some shards lack symbols of others
    whole = of(matrix)
    parts = [of(part) for part in shards(matrix, bounds)]
    assert any(len(part.lf) < len(whole.lf) for part in parts)
    for order in (parts, parts[::-1]):
        total = reduce(add, order)
        assert total.rows == whole.rows
        for name in ("lf", "mask", "once", "twice"):
            assert np.array_equal(getattr(total, name), getattr(whole, name)), name


def test_triples_are_counted_among_the_chosen() -> None:
    matrix = drawn(4, 400, 4, 0.6)
    found, table = symbols(matrix), shown(matrix)
    chosen = np.array([5, 0, 11, 7])
    patterns = compress(matrix, found, np.ones(len(matrix.lf)))
    part = table[:, chosen]
    expected = np.einsum("ia,ib,ic->abc", part, part, part)
    assert np.array_equal(thrice(patterns, chosen, len(found.lf)), expected)


@pytest.mark.parametrize("bounds", [[250], [1, 2, 499], [100, 100, 300]])
def test_distinct_rows_of_shards_merge_to_those_of_the_whole(bounds: list[int]) -> None:
    matrix = drawn(5, 500, 3, 0.2)
    whole = merged([matrix])
    parts = shards(matrix, bounds)
    for together in (merged(parts), merged([merged(parts[:1]), merged(parts[1:])])):
        for name in ("candidate", "lf", "mask", "times", "n_candidates"):
            assert np.array_equal(getattr(together, name), getattr(whole, name)), name
    assert whole.times is not None
    assert whole.times.sum() == 500
    assert whole.n_candidates < 300
    assert np.array_equal(of(whole).twice, of(matrix).twice)


def test_nothing_has_moments_too() -> None:
    nothing = drawn(6, 0, 3, 0.5)
    found = of(nothing)
    assert found.rows == 0
    assert found.twice.shape == (0, 0)
    total = add(found, of(drawn(6, 50, 3, 0.5)))
    assert np.array_equal(total.twice, of(drawn(6, 50, 3, 0.5)).twice)
    assert merged([nothing]).n_candidates == 0
    silent = merged([drawn(6, 40, 3, 0.0)])
    assert silent.times is not None
    assert silent.times.tolist() == [40]


def test_votes_of_other_rules_do_not_merge() -> None:
    with pytest.raises(ModelError) as caught:
        merged([drawn(7, 10, 3, 0.5), drawn(7, 10, 4, 0.5)])
    assert caught.value.code == "BL804"
    with pytest.raises(ModelError):
        merged([])
