"""Results that are tables: one Arrow table, and the same as a data frame or data set of other libraries."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from biolabel.api.html import Cell, table

if TYPE_CHECKING:
    import datasets
    import pandas as pd
    import polars as pl
    from markupsafe import Markup

SHOWN = 10
"""Rows of a long table that a notebook shows."""


class Tabular(ABC):
    """A result with a row for each thing it is about."""

    @abstractmethod
    def table(self) -> pa.Table:
        """Return the result as an Arrow table."""

    def labels(self) -> Sequence[str]:
        """Return the labels of a table of soft labels, else nothing."""
        return ()

    def pandas(self) -> "pd.DataFrame":
        """Return the table as a pandas data frame, which shares its memory.

        Raises:
            RunError: BL965 when pandas is not installed.
        """
        from biolabel.interop.frames import as_pandas

        return as_pandas(self.table())

    def polars(self) -> "pl.DataFrame":
        """Return the table as a polars data frame.

        Raises:
            RunError: BL965 when polars is not installed.
        """
        from biolabel.interop.frames import as_polars

        return as_polars(self.table())

    def dataset(self) -> "datasets.Dataset":
        """Return the table as a Hugging Face data set; `interop.frames.as_dataset` says of which types.

        Raises:
            RunError: BL965 when `datasets` is not installed.
        """
        from biolabel.interop.frames import as_dataset

        return as_dataset(self.table(), self.labels())


def head_of(found: pa.Table, columns: Sequence[str], most: int = SHOWN) -> "Markup":
    """Return the first rows of some columns as HTML; lists are joined with `or`, as votes mean them."""
    rows = found.select(list(columns)).slice(0, most).to_pylist()
    cells = [[_cell(row[name]) for name in columns] for row in rows]
    return table(columns, cells, found.num_rows - len(rows))


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return " or ".join(map(str, value))
    return value if isinstance(value, str | int | float) else None
