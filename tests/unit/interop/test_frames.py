import sys
from pathlib import Path

import datasets
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from biolabel.errors import RunError
from biolabel.interop.frames import as_dataset, as_pandas, as_polars

SOFT = pa.table(
    {
        "doc": pa.array(["d0", "d1"]).dictionary_encode(),
        "start": pa.array([0, 3], pa.int32()),
        "label": pa.DictionaryArray.from_arrays(pa.array([1, 0], pa.int32()), pa.array(["x", "y"])),
        "p_x": pa.array([0.25, 0.75], pa.float32()),
        "p_y": pa.array([0.75, 0.25], pa.float32()),
        "labels": [["x"], ["x", "y"]],
    }
)


def test_frames_hold_the_columns_themselves() -> None:
    frame = as_pandas(SOFT)
    assert frame["start"].array.__arrow_array__().chunk(0).buffers()[1].address == (
        SOFT["start"].chunk(0).buffers()[1].address
    )
    assert frame["doc"].tolist() == ["d0", "d1"]
    assert frame["labels"].tolist()[1] == ["x", "y"]
    assert as_polars(SOFT).equals(pl.DataFrame(SOFT))
    assert as_polars(SOFT)["start"].to_list() == [0, 3]


def test_a_data_set_is_read_back_with_its_types(tmp_path: Path) -> None:
    as_dataset(SOFT, ("x", "y")).save_to_disk(tmp_path / "soft")
    found = datasets.load_from_disk(str(tmp_path / "soft"))
    assert isinstance(found, datasets.Dataset)
    assert found.features["label"] == datasets.ClassLabel(names=["x", "y"])
    assert found.features["probabilities"] == datasets.List(datasets.Value("float32"), length=2)
    assert found.features["doc"] == datasets.Value("string")
    assert found["label"][:] == [1, 0]
    assert np.asarray(found.with_format("numpy")["probabilities"][:]).tolist() == [
        [0.25, 0.75], [0.75, 0.25],
    ]  # fmt: skip


@pytest.mark.parametrize("library", ["pandas", "polars", "datasets"])
def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    convert = {"pandas": as_pandas, "polars": as_polars, "datasets": as_dataset}[library]
    with pytest.raises(RunError, match=f"package {library}") as raised:
        convert(SOFT)
    assert raised.value.code == "BL965"
    assert "biolabel[interop]" in raised.value.hint
