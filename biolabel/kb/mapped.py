"""Columns of any length in one Arrow file that is memory-mapped, and texts by key that stay there.

Behind the Arrow file stands its sha256, which is checked when the file is opened.
"""

import hashlib
import os
import time
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import pyarrow as pa

from biolabel.data.files import replacing_file
from biolabel.data.sums import tell_of_damage

T = TypeVar("T")
Texts = tuple[str, ...]
DAYS = 30
"""Days after which a file that nobody read is deleted, when another one is written."""
_DIGEST = hashlib.sha256().digest_size


def write_columns(path: Path, columns: Mapping[str, pa.Array], said: Mapping[str, str]) -> None:
    """Write columns to a file: a record batch of one row, whose cells are the columns as lists.

    said: short texts beside them. Files of the folder that nobody read for `DAYS` are deleted.

    Raises:
        OSError: as the file system does.
    """
    rows = {name: pa.LargeListArray.from_arrays([0, len(c)], c) for name, c in columns.items()}
    batch = pa.record_batch(rows).replace_schema_metadata(dict(said))
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing_file(path) as temporary:
        with (
            pa.OSFile(str(temporary), "wb") as sink,
            pa.ipc.new_file(sink, batch.schema) as writer,
        ):
            writer.write_batch(batch)
        with temporary.open("r+b") as file:
            file.write(hashlib.file_digest(file, "sha256").digest())
    _forget(path.parent)


def _forget(folder: Path) -> None:
    oldest = time.time() - DAYS * 86_400
    for file in folder.glob("*.arrow"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest:
                file.unlink()


def read_columns(path: Path) -> tuple[dict[str, pa.Array], dict[str, str]]:
    """Return the columns of a file, memory-mapped, and the texts beside them.

    Raises:
        OSError, pa.ArrowInvalid: if there is no such file, or it is not as it was written (BL932).
    """
    whole = pa.memory_map(str(path)).read_buffer()
    end = max(whole.size - _DIGEST, 0)
    content, digest = whole.slice(0, end), whole.slice(end)
    if hashlib.sha256(content).digest() != digest.to_pybytes():
        tell_of_damage(f"{path} has other bytes than were written")
        raise pa.ArrowInvalid(f"{path} is not as it was written")
    with suppress(OSError):
        os.utime(path)
    batch = pa.ipc.open_file(content).get_batch(0)
    said = {key.decode(): text.decode() for key, text in (batch.schema.metadata or {}).items()}
    return {name: batch.column(name).values for name in batch.schema.names}, said


def _as_it_is(value: Any) -> Any:
    return value


class Column(Sequence[T]):
    """Values that stay in their Arrow column until they are asked for."""

    def __init__(self, column: pa.Array, read: Callable[[Any], T] = _as_it_is) -> None:
        """Keep the column, which may be memory-mapped, and what makes a value of one of Arrow."""
        self.column = column
        self._read = read

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.column)

    def __iter__(self) -> Iterator[T]:
        """Yield all values, which is faster than asking for one after the other."""
        return map(self._read, self.column.to_pylist())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> "Column[T]": ...
    def __getitem__(self, index: int | slice) -> "T | Column[T]":
        """Return one value, or a view of several."""
        if isinstance(index, slice):
            return Column(self.column[index], self._read)
        return self._read(self.column[int(index)].as_py())


class MappedTexts(Mapping[str, Texts]):
    """Texts by key in Arrow columns: nothing is copied before it is asked for.

    mark: what tells the content apart from any other. Keys are only looked up after a table of them
    was made, with the first one.
    """

    def __init__(self, keys: pa.Array, texts: pa.Array, mark: str) -> None:
        """Keep the keys, string[n], and the texts of each, list<string>[n]."""
        self._keys, self._texts, self.mark = keys, texts, mark

    @property
    def total(self) -> int:
        """The number of texts of all keys."""
        return int(self._texts.offsets[-1].as_py() - self._texts.offsets[0].as_py())

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self._keys.to_pylist())}

    def __getitem__(self, key: str) -> Texts:
        """Return the texts of a key."""
        return tuple(self._texts[self._rows[key]].as_py())

    def __contains__(self, key: object) -> bool:
        """Return whether there is a key."""
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in their order."""
        return iter(self._keys.to_pylist())

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._keys)

    def items(self) -> ItemsView[str, Texts]:
        """Return all keys with their texts, which are read at once."""
        return _Items(self)

    def read(self) -> Iterator[tuple[str, Texts]]:
        """Yield all keys with their texts."""
        offsets = np.asarray(self._texts.offsets).tolist()
        texts = self._texts.values.to_pylist()
        for row, key in enumerate(self._keys.to_pylist()):
            yield key, tuple(texts[offsets[row] : offsets[row + 1]])


class _Items(ItemsView[str, Texts]):
    """The items of mapped texts, read in one go."""

    def __init__(self, texts: MappedTexts) -> None:
        super().__init__(texts)
        self._of = texts

    def __iter__(self) -> Iterator[tuple[str, Texts]]:
        return self._of.read()


def columns_of_texts(texts: Mapping[str, Texts]) -> tuple[pa.Array, pa.Array]:
    """Return the two columns of which `MappedTexts` makes the same mapping again."""
    found = list(texts.items())
    keys = pa.array([key for key, _ in found], pa.large_string())
    return keys, pa.array([each for _, each in found], pa.large_list(pa.large_string()))
