"""Arrays and tables of other tools: what is wrong with a file is said with its name."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from scipy import sparse

from biolabel.errors import RunError
from biolabel.interop.files import (
    read_array,
    read_object,
    read_rule_names,
    read_sparse,
    read_votes_table,
)

VOTES: dict[str, list[Any]] = {"rule": ["a", "b"], "labels": [["x"], ["y"]], "doc": ["1", "2"]}


def refused(read: Callable[[Path], object], path: Path, said: str) -> None:
    with pytest.raises(RunError, match=said) as raised:
        read(path)
    assert raised.value.code == "BL968"
    assert str(path) in raised.value.message


@pytest.mark.parametrize(
    "read", [read_array, read_sparse, read_rule_names, read_object, read_votes_table]
)
def test_what_is_no_file_of_the_kind_is_named(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    refused(read, tmp_path / "none", "is not there")
    refused(read, tmp_path, "is a folder, not a file")
    for content in (b"", b"PK\3\4", b"PAR1", b"\x93NUMPY", b"\xff\xfe", b"[" * 100_000, b"[]"):
        (tmp_path / "file").write_bytes(content)
        refused(read, tmp_path / "file", "file")


def test_arrays(tmp_path: Path) -> None:
    path = tmp_path / "L.npy"
    np.save(path, np.eye(2))
    assert (read_array(path) == np.eye(2)).all()
    np.save(path, np.zeros(3))
    refused(read_array, path, "an array of 1 dimensions, not of rows and columns")
    np.save(path, np.array([[{}]]), allow_pickle=True)
    refused(read_array, path, "holds no array: ")
    np.save(path, np.eye(2))
    for wrong in (b"{'descr", b"(2, 2)", b"'<f8'"):
        path.write_bytes(path.read_bytes().replace(wrong, b" " * len(wrong)))
        refused(read_array, path, "holds no array: ")
        np.save(path, np.eye(2))
    np.savez(tmp_path / "L.npz", np.eye(2))
    refused(read_array, tmp_path / "L.npz", "holds no array")


def test_sparse_matrices(tmp_path: Path) -> None:
    path = tmp_path / "L.npz"
    for form in (sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix):
        sparse.save_npz(path, form(np.eye(3)))
        assert (read_sparse(path).toarray() == np.eye(3)).all()
    sparse.save_npz(path, sparse.dia_matrix(np.eye(3)))
    refused(read_sparse, path, "no matrix of compressed rows")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.npy", b"\0" * 110_000_000)
    refused(read_sparse, path, "more than 200 times its size")


@pytest.mark.parametrize(
    "wrong",
    [
        {"indices": [0, 9]},
        {"indices": [0, -1]},
        {"indptr": [0, 1, 9]},
        {"indptr": [0, 9, 2]},
        {"indptr": [1, 1, 2]},
        {"indptr": [0, 2]},
        {"data": [1]},
        {"indices": [0.0, 1.0]},
    ],
)
def test_places_outside_of_a_matrix_are_refused_before_anybody_goes_there(
    tmp_path: Path, wrong: dict[str, list[float]]
) -> None:
    whole: dict[str, Any] = {"indices": [0, 1], "indptr": [0, 1, 2], "data": [1, 1]}
    np.savez(tmp_path / "L.npz", **whole | wrong, shape=[2, 2], format=b"csr")
    refused(read_sparse, tmp_path / "L.npz", "votes outside of its 2 rows and 2 columns")


def test_tables(tmp_path: Path) -> None:
    path = tmp_path / "votes.parquet"
    parquet.write_table(pa.table(VOTES), path)
    found = read_votes_table(path).to_pydict()
    assert found == {"doc": ["1", "2"], "rule": ["a", "b"], "label": ["x", "y"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": None}, "has no column `rule`"),
        ({"doc": None}, "has no column `doc`"),
        ({"labels": [1, 2]}, "column labels of .* holds int64"),
        ({"labels": [[1], [2]]}, "column labels of .* holds int64, not texts"),
        ({"rule": [1, 2]}, "column rule of .* holds int64, not texts"),
        ({"rule": ["a", None]}, "row 2 of .* has no rule"),
        ({"labels": [["x"], ["x", "y"]]}, "row 2 of .* one label a vote, not x or y"),
        ({"labels": [["x"], []]}, "row 2 of .* not none"),
        ({"labels": [["x"], None]}, "row 2 of .* not none"),
        ({"labels": [["x"], [None]]}, "row 2 of .* has no labels"),
    ],
)
def test_wrong_tables_are_refused(
    tmp_path: Path, change: dict[str, list[Any] | None], said: str
) -> None:
    columns = {name: values for name, values in (VOTES | change).items() if values is not None}
    parquet.write_table(pa.table(columns), tmp_path / "votes.parquet")
    refused(read_votes_table, tmp_path / "votes.parquet", said)
