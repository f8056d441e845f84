"""Parquet files, opened so that a small one cannot fill the memory.

What a file says of its own size is asked before anything is unpacked. Texts stay in the dictionaries in
which the file has them, so that one long text a million times is one text until somebody asks for rows.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data.growth import allowed

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile


class GrownError(Exception):
    """A file holds far more than its size (`data.growth`)."""


def opened(path: Path) -> "ParquetFile":
    """Open a Parquet file, whose columns of texts are dictionaries.

    Raises:
        GrownError: when it says that it holds more rows or bytes than it may unpack to.
        OSError, pyarrow.ArrowException: as pyarrow does, for a file that is missing or damaged.
    """
    # It brings the file systems of clouds with it, for which other formats need not wait.
    from pyarrow import parquet

    metadata = parquet.read_metadata(path)
    groups = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
    if max(sum(groups), metadata.num_rows) > allowed(path):
        raise GrownError
    leaves = [metadata.schema.column(i) for i in range(metadata.num_columns)]
    texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    return parquet.ParquetFile(path, memory_map=True, read_dictionary=texts)


def size_of(columns: Sequence[pa.Array | pa.ChunkedArray]) -> int:
    """Return how many bytes some columns would have without their dictionaries, about."""
    return sum(_size(column) for column in columns)


def _size(column: pa.Array | pa.ChunkedArray) -> int:
    if isinstance(column, pa.ChunkedArray):
        return sum(map(_size, column.chunks))
    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(column.dictionary).cast(pa.int64())
        return int(pc.sum(lengths.take(column.indices)).as_py() or 0)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _size(column.flatten())
    if pa.types.is_struct(kind):
        return sum(_size(part) for part in column.flatten())
    return int(column.nbytes)
