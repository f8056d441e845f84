from dataclasses import replace

import numpy as np
import pytest

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.errors import ModelError
from biolabel.labelmodel.planted.draw import sparse
from biolabel.labelmodel.votes import check, compress, distinct, group_weights, symbols

TASK = Task("cid", "relation", ("none", "causes"))


def functions(*groups: str) -> tuple[LabelingFunction, ...]:
    return tuple(
        LabelingFunction(f"lf_{at}", groups=frozenset(names.split()))
        for at, names in enumerate(groups)
    )


def matrix() -> LabelMatrix:
    return sparse(TASK, functions("", ""), np.array([[1, 2], [0, 2], [0, 0]]))


def test_check_accepts_votes_and_no_votes() -> None:
    check(matrix())
    check(sparse(TASK, (), np.zeros((0, 0), dtype=np.int64)))
    check(sparse(TASK, functions(""), np.zeros((4, 1), dtype=np.int64)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mask": np.array([1, 2])}, "BL801"),
        ({"n_candidates": 1}, "BL801"),
        ({"candidate": np.array([-1, 0, 1], dtype=np.int32)}, "BL801"),
        ({"candidate": np.array([1, 0, 1], dtype=np.int32)}, "BL801"),
        ({"lf": np.array([0, 0, 1], dtype=np.int16)}, "BL801"),
        ({"lf": np.array([0, 2, 1], dtype=np.int16)}, "BL801"),
        ({"mask": np.array([1, 0, 2])}, "BL802"),
        ({"mask": np.array([1, 4, 2])}, "BL802"),
        ({"task": Task("cid", "relation", ("none",))}, "BL802"),
        ({"task": Task("cid", "relation", tuple(map(str, range(63))))}, "BL802"),
        ({"lfs": (LabelingFunction("a", 1.5), LabelingFunction("b"))}, "BL803"),
        ({"lfs": (LabelingFunction("a", 0.0), LabelingFunction("b"))}, "BL803"),
    ],
)
def test_check_names_what_is_wrong(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ModelError) as caught:
        check(replace(matrix(), **changes))  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_group_weighs_at_most_one_vote_and_overlap_does_not_merge() -> None:
    votes = np.array([[1, 1, 1, 1], [1, 0, 0, 1], [0, 1, 1, 0]])
    weighed = group_weights(sparse(TASK, functions("a", "a b", "b", ""), votes))
    np.testing.assert_allclose(weighed, [0.5, 0.5, 0.5, 1, 1, 1, 0.5, 0.5])


def test_symbols_are_the_distinct_votes() -> None:
    found = symbols(sparse(TASK, functions("", ""), np.array([[2, 1], [1, 1], [2, 0]])))
    assert found.lf.tolist() == [0, 0, 1]
    assert found.mask.tolist() == [1, 2, 1]
    assert found.of_vote.tolist() == [1, 2, 0, 2, 1]


def test_compress_keeps_every_row_once_with_its_count() -> None:
    generator = np.random.default_rng(5)
    votes = generator.choice([0, 1, 2], size=(500, 4), p=[0.6, 0.2, 0.2])
    given = sparse(TASK, functions("a", "a", "", ""), votes)
    found = symbols(given)
    patterns = compress(given, found, group_weights(given))
    seen = {}
    for at, count in enumerate(patterns.count):
        own = patterns.row == at
        row = [0, 0, 0, 0]
        for symbol in patterns.symbol[own]:
            row[found.lf[symbol]] = int(found.mask[symbol])
        expected = [0.5 if lf < 2 and row[0] and row[1] else 1.0 for lf in np.flatnonzero(row)]
        np.testing.assert_allclose(patterns.weight[own], expected)
        seen[tuple(row)] = int(count)
    rows, counts = np.unique(votes[votes.any(axis=1)], axis=0, return_counts=True)
    assert seen == dict(zip(map(tuple, rows.tolist()), counts.tolist(), strict=True))


def test_equal_rows_are_one_row_that_counts_several_times() -> None:
    masks = np.array([[1, 2], [0, 2], [0, 0], [1, 2], [0, 2], [0, 2], [3, 0]])
    found = distinct(sparse(TASK, functions("", ""), masks))
    check(found)
    rows = np.zeros((found.n_candidates, 2), dtype=np.int64)
    rows[found.candidate, found.lf] = found.mask
    assert found.times is not None
    counted = {tuple(row): n for row, n in zip(rows.tolist(), found.times.tolist(), strict=True)}
    assert counted == {(1, 2): 2, (0, 2): 3, (3, 0): 1}
    again = distinct(found)
    assert again.times is not None
    assert sorted(again.times) == [1, 2, 3]
    with pytest.raises(ModelError) as raised:
        check(replace(found, times=np.ones(2)))
    assert raised.value.code == "BL801"


def test_no_votes_are_no_rows() -> None:
    found = distinct(sparse(TASK, functions(""), np.zeros((4, 1), dtype=np.int64)))
    check(found)
    assert found.n_candidates == 0
