"""Arrow tables as pandas and polars data frames and as Hugging Face data sets; each library only if asked."""

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from biolabel.errors import RunError

if TYPE_CHECKING:
    import datasets
    import pandas as pd
    import polars as pl


def as_pandas(table: pa.Table) -> "pd.DataFrame":
    """Return a table as a pandas data frame whose columns are the Arrow ones: nothing is copied.

    Columns of few different texts (documents, rules, labels) become categories, whose codes are copied
    where pandas wants them smaller.

    Raises:
        RunError: BL965 when pandas is not installed.
    """
    pandas = _library("pandas")
    found: pd.DataFrame = table.to_pandas(
        types_mapper=lambda kind: None if pa.types.is_dictionary(kind) else pandas.ArrowDtype(kind)
    )
    return found


def as_polars(table: pa.Table) -> "pl.DataFrame":
    """Return a table as a polars data frame, which shares what both keep alike.

    Raises:
        RunError: BL965 when polars is not installed.
    """
    found: pl.DataFrame = _library("polars").from_arrow(table)
    return found


def as_dataset(table: pa.Table, labels: Sequence[str] = ()) -> "datasets.Dataset":
    """Return a table as a Hugging Face data set, which `save_to_disk` writes and `load_from_disk` reads.

    labels: of the task, for a table of soft labels: `label` becomes a `ClassLabel`, and the `p_LABEL`
    columns one list `probabilities`, float32, in the order of the labels, as training on soft labels wants.

    Raises:
        RunError: BL965 when `datasets` is not installed.
    """
    library = _library("datasets")
    wanted = {f"p_{label}" for label in labels}
    columns = {name: _plain(table[name]) for name in table.column_names if name not in wanted}
    schema = library.Features.from_arrow_schema(pa.table(columns).schema)
    if labels:
        schema["label"] = library.ClassLabel(names=list(labels))
        codes = table["label"].combine_chunks()
        codes = codes.indices if pa.types.is_dictionary(codes.type) else codes
        columns["label"] = codes.cast(pa.int64())
        columns["probabilities"] = _rows([table[f"p_{label}"] for label in labels])
        schema["probabilities"] = library.List(library.Value("float32"), length=len(labels))
    found = pa.table(columns).cast(schema.arrow_schema)
    made: datasets.Dataset = library.Dataset(
        found.replace_schema_metadata(schema.arrow_schema.metadata)
    )
    return made


def _library(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        hint = "pip install 'biolabel[interop]'"
        message = f"this needs the package {error.name}, which is not installed"
        raise RunError("BL965", message, hint=hint) from error


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without a dictionary, which data sets cannot hold."""
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column


def _rows(columns: Sequence[pa.ChunkedArray]) -> pa.FixedSizeListArray:
    """Return columns of numbers as one column of lists."""
    table = np.stack([column.to_numpy() for column in columns], axis=1)
    return pa.FixedSizeListArray.from_arrays(pa.array(table.reshape(-1)), len(columns))
