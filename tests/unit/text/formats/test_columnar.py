"""Rows of Arrow and Parquet files."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from biolabel.errors import CorpusError
from biolabel.text.formats.columnar import opened
from biolabel.text.rejects import Rejects

LABELS = {"_type": "ClassLabel", "names": ["no", "yes"]}


def written(folder: Path, features: object) -> Path:
    table = pa.table({"text": ["a", "b", "c"], "label": [1, -1, None], "tags": [[0, 1], [], None]})
    info = json.dumps({"info": {"features": features}})
    path = folder / "x.parquet"
    parquet.write_table(table.replace_schema_metadata({"huggingface": info}), path)
    return path


def test_rows_have_the_names_of_labels(tmp_path: Path) -> None:
    file = opened(
        written(tmp_path, {"label": LABELS, "tags": {"_type": "List", "feature": LABELS}})
    )
    assert file.names == ("text", "label", "tags")
    assert file.labels == {"label": ("no", "yes"), "tags": ("no", "yes")}
    assert list(file.rows(Rejects(), before=10)) == [
        (11, {"text": "a", "label": "yes", "tags": ["no", "yes"]}),
        (12, {"text": "b", "label": None, "tags": []}),
        (13, {"text": "c", "label": None, "tags": None}),
    ]


@pytest.mark.parametrize("features", [None, [], {"label": 3}, {"label": {"_type": "Value"}}])
def test_without_names_labels_are_numbers(tmp_path: Path, features: object) -> None:
    file = opened(written(tmp_path, features))
    assert file.labels == {}
    assert [row["label"] for _, row in file.rows(Rejects())] == [1, -1, None]


def test_a_file_in_one_batch_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "x.arrow"
    table = pa.table({"text": [str(n) for n in range(2500)]})
    with pa.ipc.new_stream(str(path), table.schema) as stream:
        stream.write_table(table)
    file = opened(path)
    batches = list(file.batches)
    assert [batch.num_rows for batch in batches] == [1000, 1000, 500]
    assert batches[2].to_pylist()[-1] == {"text": "2499"}


def test_what_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    for name, code in (("no.arrow", "BL601"), ("no.parquet", "BL601"), ("x.arrow", "BL642")):
        (tmp_path / "x.arrow").write_bytes(b"none")
        with pytest.raises(CorpusError) as caught:
            opened(tmp_path / name)
        assert caught.value.code == code


def test_a_file_without_rows_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    parquet.write_table(pa.table({"text": pa.array([], pa.string())}), path)
    rejects = Rejects()
    assert list(opened(path).rows(rejects, 3)) == []
    assert [(row.lost, row.reason) for row in rejects.rows] == [
        ("nothing", "the file holds no rows")
    ]
