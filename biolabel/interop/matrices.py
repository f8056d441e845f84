"""Label matrices as Snorkel and Snorkel MeTaL keep them, and back.

Snorkel has a dense array with a column a labeling function, labels 0 to k - 1 and -1 for abstain
(snorkel/labeling/model/label_model.py); MeTaL one with labels 1 to k and 0 for abstain, dense or sparse
(metal/label_model/label_model.py). Both know votes for one label only. Votes of drafts are left out, as
they are never weighed; the columns stay.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from biolabel.data.labels import MOST_LABELS, LabelingFunction, LabelMatrix, Task
from biolabel.data.votes import weighed
from biolabel.errors import RunError

GIBIBYTE = 1 << 30
"""Memory that a dense array may take where nothing else is said."""
_MOST_RULES = 1 << 15
_MOST_CANDIDATES = 1 << 31


def to_snorkel(
    matrix: LabelMatrix, *, leave_out: bool = False, memory: int = GIBIBYTE
) -> NDArray[np.int64]:
    """Return a label matrix as Snorkel's: int64[n, m], the number of the label, -1 for abstain.

    leave_out: drop votes for several labels instead of refusing them; memory: bytes that the array may take.

    Raises:
        RunError: BL966 when it would take more memory; BL967 for votes for several labels, and tasks
            that pick many.
    """
    shape = matrix.n_candidates, len(matrix.lfs)
    check_memory(shape, memory)
    kept, label = single_labels(matrix, leave_out=leave_out)
    dense = np.full(shape, -1, dtype=np.int64)
    dense[kept.candidate, kept.lf] = label
    return dense


def to_metal(matrix: LabelMatrix, *, leave_out: bool = False) -> sparse.csr_matrix:
    """Return a label matrix as MeTaL's: int64 in compressed rows, the number of the label + 1.

    Raises:
        RunError: BL967 as `to_snorkel`.
    """
    kept, label = single_labels(matrix, leave_out=leave_out)
    places = kept.candidate, kept.lf
    return sparse.csr_matrix(
        (label + 1, places), shape=(matrix.n_candidates, len(matrix.lfs)), dtype=np.int64
    )


def to_metal_tasks(
    matrices: Sequence[LabelMatrix], *, leave_out: bool = False
) -> list[sparse.csr_matrix]:
    """Return the label matrices of several tasks on the same candidates as MeTaL takes them.

    All have the columns of all tasks, in their order; a function abstains on the tasks that are not its own.

    Raises:
        RunError: BL967 as `to_snorkel`, and for tasks with different numbers of candidates.
    """
    sizes = {matrix.task.name: matrix.n_candidates for matrix in matrices}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {n:,}" for name, n in sizes.items())
        hint = "export these tasks one by one"
        raise RunError("BL967", f"MeTaL wants tasks on the same candidates: {told}", hint=hint)
    own = [to_metal(matrix, leave_out=leave_out) for matrix in matrices]
    before = list(accumulate((found.shape[1] for found in own), initial=0))
    found = []
    for at, one in enumerate(own):
        rest = before[-1] - before[at] - one.shape[1]
        sides = [
            sparse.csr_matrix((one.shape[0], width), dtype=np.int64) for width in (before[at], rest)
        ]
        found.append(sparse.hstack([sides[0], one, sides[1]], format="csr", dtype=np.int64))
    return found


def from_snorkel(votes: ArrayLike, task: Task, rules: Sequence[str]) -> LabelMatrix:
    """Return Snorkel's label matrix as ours; rules: what its columns are called.

    Raises:
        RunError: BL968 for an array that is none, or has other labels or another number of columns.
    """
    dense = _whole(votes)
    _check_shape(dense.shape, rules, task)
    candidate, lf = np.nonzero(dense != -1)
    return _matrix(task, rules, dense.shape[0], candidate, lf, dense[candidate, lf])


def from_metal(
    votes: "ArrayLike | sparse.spmatrix", task: Task, rules: Sequence[str]
) -> LabelMatrix:
    """Return MeTaL's label matrix, dense or sparse, as ours; rules: what its columns are called.

    Raises:
        RunError: BL968 as `from_snorkel`.
    """
    if sparse.issparse(votes):
        rows = sparse.csr_matrix(votes, copy=True)
        rows.sum_duplicates()
        _check_shape(rows.shape, rules, task)
        found = rows.tocoo()
        label = _whole(found.data)
        candidate, lf = found.row, found.col
    else:
        dense = _whole(votes)
        _check_shape(dense.shape, rules, task)
        candidate, lf = np.nonzero(dense)
        label = dense[candidate, lf]
    voted = label != 0
    n = int(np.shape(votes)[0])
    return _matrix(task, rules, n, candidate[voted], lf[voted], label[voted] - 1)


def single_labels(matrix: LabelMatrix, *, leave_out: bool) -> tuple[LabelMatrix, NDArray[np.int64]]:
    """Return the votes for one label each, without those of drafts, and the number of each one's label.

    Raises:
        RunError: BL967 for a task that picks many labels, and, unless they are left out, for votes that
            leave several labels possible.
    """
    task = matrix.task
    if not task.exclusive:
        hint = "--to parquet holds votes as sets of labels"
        message = f"`{task.name}` picks many labels, and the other tool knows one label a candidate"
        raise RunError("BL967", message, hint=hint)
    matrix = weighed(matrix)
    one = np.array([int(mask).bit_count() == 1 for mask in np.unique(matrix.mask)], dtype=bool)
    single = one[np.unique(matrix.mask, return_inverse=True)[1].reshape(-1)]
    if not leave_out and not single.all():
        counts = np.bincount(matrix.lf[~single], minlength=len(matrix.lfs))
        told = [f"{matrix.lfs[lf].name} ({counts[lf]:,})" for lf in np.flatnonzero(counts)]
        raise RunError(
            "BL967",
            f"votes for several labels have no place there: {', '.join(told)}",
            hint="leave these votes out (--leave-out), or choose parquet, which holds them",
        )
    kept = replace(
        matrix,
        candidate=matrix.candidate[single],
        lf=matrix.lf[single],
        mask=matrix.mask[single],
    )
    label = np.round(np.log2(kept.mask.astype(np.float64))).astype(np.int64)
    return kept, label


def check_memory(shape: tuple[int, ...], memory: int, width: int = 8) -> None:
    """Refuse a dense array that takes too much.

    Raises:
        RunError: BL966 when it takes more bytes than `memory`.
    """
    size = width * int(np.prod(shape, dtype=np.float64))
    if size > memory:
        raise RunError(
            "BL966",
            f"{shape[0]:,} candidates and {shape[1]:,} rules are {size / GIBIBYTE:,.1f} GiB of dense"
            f" votes; {memory / GIBIBYTE:,.1f} GiB are allowed",
            hint="allow more with --memory, or choose metal or parquet, which stay sparse",
        )


def _whole(votes: ArrayLike) -> NDArray[np.int64]:
    try:
        found = np.asarray(votes)
    except ValueError as error:
        raise RunError("BL968", f"the votes are no array: {error}") from error
    if found.dtype.kind not in "iuf" or not bool((found == np.round(found)).all()):
        raise RunError("BL968", "the votes are no whole numbers")
    return found.astype(np.int64)


def _check_shape(shape: tuple[int, ...], rules: Sequence[str], task: Task) -> None:
    if len(shape) != 2 or shape[1] != len(rules):
        told = " x ".join(map(str, shape))
        message = f"an array of {told} is no label matrix of {len(rules)} rules"
        raise RunError("BL968", message, hint="it needs a row a candidate and a column a rule")
    if len(set(rules)) < len(rules):
        raise RunError("BL968", "two rules have the same name")
    if shape[1] >= _MOST_RULES or shape[0] >= _MOST_CANDIDATES:
        raise RunError("BL968", "biolabel holds up to 32,767 rules and 2 billion candidates")
    if len(task.labels) > MOST_LABELS:
        message = f"{task.name} has {len(task.labels)} labels; biolabel holds up to {MOST_LABELS}"
        raise RunError("BL968", message, hint="leave out or join rare labels")


def _matrix(
    task: Task,
    rules: Sequence[str],
    n: int,
    candidate: NDArray[np.int64],
    lf: NDArray[np.int64],
    label: NDArray[np.int64],
) -> LabelMatrix:
    wrong = np.flatnonzero((label < 0) | (label >= len(task.labels)))
    if len(wrong):
        at = int(wrong[0])
        names = ", ".join(f"{number} {name}" for number, name in enumerate(task.labels))
        raise RunError(
            "BL968",
            f"label {int(label[at])} of {rules[int(lf[at])]} is none of {task.name}",
            hint=f"counted from 0 there are: {names}",
        )
    return LabelMatrix(
        task,
        tuple(LabelingFunction(name) for name in rules),
        n,
        candidate.astype(np.int32),
        lf.astype(np.int16),
        np.left_shift(np.int64(1), label).astype(np.int64),
    )
