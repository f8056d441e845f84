"""Round trips through Snorkel's and MeTaL's matrices, and what they cannot hold."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from biolabel.data.labels import LabelingFunction, LabelMatrix, Task
from biolabel.errors import RunError
from biolabel.interop.matrices import (
    from_metal,
    from_snorkel,
    to_metal,
    to_metal_tasks,
    to_snorkel,
)

TASK = Task("cid", "relation", ("causes", "treats", "none"))


@st.composite
def matrices(draw: st.DrawFn, single: bool = True) -> LabelMatrix:
    """Draw a label matrix, with votes for one label or for any set of labels."""
    k = draw(st.sampled_from((2, 3, 62)))
    task = Task("t", "relation", tuple(f"l{i}" for i in range(k)))
    n, m = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    labels = st.integers(0, k - 1).map(lambda bit: 1 << bit)
    masks = labels if single else st.integers(1, (1 << k) - 1)
    cells = [(i, j) for i in range(n) for j in range(m)]
    votes = {cell: draw(masks) for cell in cells if draw(st.booleans())}
    table = np.array([(*cell, mask) for cell, mask in votes.items()], np.int64).reshape(-1, 3)
    return LabelMatrix(
        task,
        tuple(LabelingFunction(f"r{j}") for j in range(m)),
        n,
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int16),
        table[:, 2],
    )


def same(one: LabelMatrix, other: LabelMatrix) -> bool:
    """Tell whether two label matrices hold the same votes, in the same types."""
    return (one.task, one.lfs, one.n_candidates) == (
        other.task,
        other.lfs,
        other.n_candidates,
    ) and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in ("candidate", "lf", "mask")
    )


@settings(deadline=None, max_examples=50)
@given(matrices())
def test_what_goes_to_snorkel_comes_back(matrix: LabelMatrix) -> None:
    names = [lf.name for lf in matrix.lfs]
    dense = to_snorkel(matrix)
    assert dense.shape == (matrix.n_candidates, len(names))
    assert (dense >= 0).sum() == len(matrix.mask)
    assert same(from_snorkel(dense, matrix.task, names), matrix)


@settings(deadline=None, max_examples=50)
@given(matrices())
def test_what_goes_to_metal_comes_back_sparse_and_dense(matrix: LabelMatrix) -> None:
    names = [lf.name for lf in matrix.lfs]
    rows = to_metal(matrix)
    assert rows.nnz == len(matrix.mask)
    assert same(from_metal(rows, matrix.task, names), matrix)
    assert same(from_metal(rows.toarray(), matrix.task, names), matrix)
    assert np.array_equal(rows.toarray() - 1, to_snorkel(matrix))


@settings(deadline=None, max_examples=50)
@given(matrices(single=False))
def test_votes_for_several_labels_are_refused_or_left_out(matrix: LabelMatrix) -> None:
    several = [int(mask).bit_count() > 1 for mask in matrix.mask.tolist()]
    if any(several):
        with pytest.raises(RunError) as raised:
            to_snorkel(matrix)
        assert raised.value.code == "BL967"
        assert matrix.lfs[int(matrix.lf[several.index(True)])].name in raised.value.message
    assert to_metal(matrix, leave_out=True).nnz == len(several) - sum(several)


@settings(deadline=None, max_examples=50)
@given(matrices(), matrices())
def test_several_tasks_of_metal_share_columns(one: LabelMatrix, other: LabelMatrix) -> None:
    other = replace(other, task=replace(other.task, name="u"))
    if one.n_candidates != other.n_candidates:
        with pytest.raises(RunError) as raised:
            to_metal_tasks([one, other])
        assert raised.value.code == "BL967"
        return
    first, second = to_metal_tasks([one, other])
    cut = len(one.lfs)
    assert first.shape == second.shape
    assert np.array_equal(first.toarray()[:, :cut], to_metal(one).toarray())
    assert np.array_equal(second.toarray()[:, cut:], to_metal(other).toarray())
    assert not first.toarray()[:, cut:].any()
    assert not second.toarray()[:, :cut].any()


def test_drafts_and_tasks_that_pick_many() -> None:
    matrix = from_snorkel([[0, 1], [-1, 2]], TASK, ("a", "b"))
    draft = replace(matrix, lfs=(LabelingFunction("a", draft=True), matrix.lfs[1]))
    assert to_snorkel(draft).tolist() == [[-1, 1], [-1, 2]]
    many = replace(matrix, task=replace(TASK, exclusive=False))
    with pytest.raises(RunError, match="picks many") as raised:
        to_snorkel(many)
    assert raised.value.code == "BL967"


def test_a_dense_array_that_is_too_large_is_refused() -> None:
    matrix = replace(from_snorkel([[0, 1]], TASK, ("a", "b")), n_candidates=10**9)
    with pytest.raises(RunError, match=r"14\.9 GiB of dense votes; 1\.0 GiB") as raised:
        to_snorkel(matrix)
    assert raised.value.code == "BL966"
    assert to_metal(matrix).nnz == 2


@pytest.mark.parametrize(
    ("votes", "rules", "said"),
    [
        ([[0, 3]], ("a", "b"), "label 3 of b is none of cid"),
        ([[0, -2]], ("a", "b"), "label -2 of b"),
        ([[0.5, 1]], ("a", "b"), "no whole numbers"),
        ([[float("nan"), 1]], ("a", "b"), "no whole numbers"),
        ([["x", "y"]], ("a", "b"), "no whole numbers"),
        ([[0, 1]], ("a",), "1 x 2 is no label matrix of 1 rules"),
        ([0, 1], ("a", "b"), "an array of 2"),
        ([[0], [0, 1]], ("a",), "no array"),
        ([[0, 1]], ("a", "a"), "same name"),
    ],
)
def test_what_is_no_label_matrix_is_refused(votes: Any, rules: tuple[str, ...], said: str) -> None:
    with pytest.raises(RunError, match=said) as raised:
        from_snorkel(votes, TASK, rules)
    assert raised.value.code == "BL968"


def test_a_sparse_matrix_of_metal_with_wrong_labels_is_refused() -> None:
    with pytest.raises(RunError, match="label 3 of a") as raised:
        from_metal(sparse.csr_matrix([[4]]), TASK, ("a",))
    assert raised.value.code == "BL968"
