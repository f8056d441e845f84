"""Rows of Arrow and Parquet files, a batch of them in memory at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from biolabel.data import parquet
from biolabel.data.growth import allowed
from biolabel.data.parquet import size_of
from biolabel.errors import CorpusError
from biolabel.text.formats.rows import Row
from biolabel.text.lines import grown
from biolabel.text.rejects import Rejects

_BATCH = 1000
_LARGE = 1 << 26
"""Bytes of a batch beyond which its rows are taken one at a time."""
_BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError)
"""What pyarrow raises for files that are damaged, or say nonsense: a name twice is a ValueError."""


@dataclass(frozen=True, slots=True)
class Columnar:
    """An open file: its columns, and the names of the labels of those that hold numbers of labels.

    labels: column to names; `datasets` of Hugging Face writes them into the file's schema.
    """

    path: Path
    names: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    batches: Iterable[pa.RecordBatch]

    def rows(self, rejects: Rejects, before: int = 0) -> Iterator[Row]:
        """Yield the rows with the names of labels; what follows a fault is rejected, no rows are noted.

        before: how many rows other files have before them, which count too.

        Raises:
            CorpusError: BL643 when they hold far more than the file's size.
        """
        number, left = before, allowed(self.path)
        try:
            for batch in self.batches:
                # Offsets that point outside of the file would end the process.
                batch.validate(full=True)
                size = size_of(batch.columns)
                left -= size
                if left < 0:
                    raise grown(self.path)
                for row in _rows(batch, _BATCH if size < _LARGE else 1):
                    number += 1
                    named = {
                        name: _named(row[name], labels) for name, labels in self.labels.items()
                    }
                    yield number, row | named
            if number == before:
                # A stream that was cut off after its schema looks like one without rows.
                rejects.add(self.path, number, "", "nothing", "the file holds no rows", "")
        except _BROKEN as error:
            reason = f"the file is damaged: {_first_line(error)}"
            rejects.add(self.path, number + 1, "", "rest", reason, "")


def opened(path: Path) -> Columnar:
    """Open a Parquet file (`.parquet`), or a file with an Arrow stream.

    Raises:
        CorpusError: BL601 when the file cannot be opened; BL642 when it is damaged; BL643 when it says
            that it holds far more than its size.
    """
    try:
        if path.suffix.lower() == ".parquet":
            file = parquet.opened(path)
            schema, batches = file.schema_arrow, file.iter_batches(batch_size=_BATCH)
        else:
            # Pages that were read can be dropped again: the file may be larger than the memory.
            mapped = pa.memory_map(str(path))
            file = pa.ipc.open_stream(mapped)
            schema, batches = file.schema, _slices(file)
        return Columnar(path, tuple(schema.names), _labels(schema.metadata or {}), batches)
    except FileNotFoundError as error:
        raise CorpusError("BL601", f"cannot read {path}: no such file") from error
    except parquet.GrownError as error:
        raise grown(path) from error
    except _BROKEN as error:
        raise CorpusError("BL642", f"{path} cannot be read: {_first_line(error)}") from error


def _rows(batch: pa.RecordBatch, step: int) -> Iterator[dict[str, object]]:
    for start in range(0, batch.num_rows, step):
        yield from batch.slice(start, step).to_pylist()


def _slices(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield parts of batches, which the writer may have made as long as the whole file."""
    for batch in batches:
        for start in range(0, batch.num_rows, _BATCH):
            yield batch.slice(start, _BATCH)


def _labels(metadata: Mapping[bytes, bytes]) -> dict[str, tuple[str, ...]]:
    """Return the names of the labels of columns that are numbers, or lists of numbers, of labels."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    found = {}
    for name, feature in features.items() if isinstance(features, dict) else ():
        inner = feature.get("feature", feature) if isinstance(feature, dict) else {}
        if isinstance(inner, dict) and inner.get("_type") == "ClassLabel":
            found[name] = tuple(map(str, inner.get("names", ())))
    return found


def _named(value: object, labels: tuple[str, ...]) -> object:
    if isinstance(value, list):
        return [_named(item, labels) for item in value]
    if isinstance(value, int):
        return labels[value] if 0 <= value < len(labels) else None
    return value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
