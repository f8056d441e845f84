"""Votes in files of other tools, arrays and tables: whatever is in them, they are read or refused."""

import json
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from biolabel.data import parquet
from biolabel.data.files import fits_utf8
from biolabel.data.growth import GROWTH, allowed
from biolabel.errors import RunError

_BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, EOFError, OverflowError),
    *(RuntimeError, SyntaxError, MemoryError, TokenError, zipfile.BadZipFile, zlib.error),
)
"""What numpy and zipfile make of files that are damaged, encrypted or packed in unknown ways."""
_ARRAY = b"\x93NUMPY"
"""What a file of `numpy.save` begins with."""
_TABLE = "as `votes export --to parquet` writes it: rule, labels (a list of one), doc, and what says where"


def read_array(path: Path) -> NDArray[np.generic]:
    """Return an array of rows and columns, as `numpy.save` writes it.

    Raises:
        RunError: BL968 for a file that is missing or holds something else.
    """
    hint = "numpy.save writes one; arrays of Python's own objects are not read"
    try:
        with there(path).open("rb") as file:
            begins = file.read(len(_ARRAY))
        if begins != _ARRAY:
            raise RunError("BL968", f"{path} holds no array", hint=hint)
        # As a map of the file it is never larger than the file is.
        found: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except _BROKEN as error:
        raise RunError("BL968", f"{path} holds no array: {_reason(error)}", hint=hint) from error
    if found.ndim != 2:
        message = f"{path} holds an array of {found.ndim} dimensions, not of rows and columns"
        raise RunError("BL968", message)
    return found


def read_sparse(path: Path) -> sparse.spmatrix:
    """Return a sparse matrix as `scipy.sparse.save_npz` writes it.

    Raises:
        RunError: BL968 for a file that is missing, holds something else, or far more than its size.
    """
    try:
        with zipfile.ZipFile(there(path)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > allowed(path):
            raise RunError("BL968", f"{path} holds more than {GROWTH} times its size")
        with path.open("rb") as file, np.load(file, allow_pickle=False) as parts:
            _check_places(path, {name: parts[name] for name in parts.files})
        return sparse.load_npz(path)
    except _BROKEN as error:
        message = f"{path} holds no sparse matrix: {_reason(error)}"
        raise RunError("BL968", message, hint="scipy.sparse.save_npz writes one") from error


def read_rule_names(path: Path) -> list[str]:
    """Return what the columns of a matrix are called, as the file `votes.json` beside it says.

    Raises:
        RunError: BL968 for a file that names none.
    """
    found = read_object(path).get("rules")
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        hint = 'it needs "rules": a list with a name for each column'
        raise RunError("BL968", f"{path} names no rules", hint=hint)
    return found


def read_votes_table(path: Path) -> pa.Table:
    """Return a table of votes: `rule` and `label` as texts, one row a vote, the other columns as they are.

    Raises:
        RunError: BL968 for a file that is missing or holds something else, and for votes for several labels.
    """
    try:
        table = parquet.opened(there(path)).read()
        table.validate(full=True)
    except parquet.GrownError:
        raise RunError("BL968", f"{path} holds more than {GROWTH} times its size") from None
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"{path} cannot be read as Parquet: {_reason(error)}"
        raise RunError("BL968", message, hint=f"a table {_TABLE}") from error
    for name in ("rule", "labels", "doc"):
        if table.column_names.count(name) != 1:
            had = ", ".join(table.column_names) or "none"
            what = "no column" if name not in table.column_names else "several columns"
            hint = f"columns found: {had}; a table {_TABLE}"
            raise RunError("BL968", f"{path} has {what} `{name}`", hint=hint)
    kind = table.schema.field("labels").type
    if not pa.types.is_list(kind) and not pa.types.is_large_list(kind):
        hint = f"expected lists of texts; a table {_TABLE}"
        raise RunError("BL968", f"column labels of {path} holds {kind}", hint=hint)
    labels, rules = table["labels"], _texts(table["rule"], path, "rule")
    one = pc.equal(pc.list_value_length(labels), 1).fill_null(False).to_numpy()
    if not one.all():
        row = int(np.flatnonzero(~one)[0])
        told = " or ".join(map(str, labels[row].as_py() or ())) or "none"
        message = f"row {row + 1} of {path}: a file of votes has one label a vote, not {told}"
        raise RunError("BL968", message)
    label = _texts(pc.list_flatten(labels), path, "labels")
    kept = table.drop_columns(["rule", "labels", *{"label"} & set(table.column_names)])
    return kept.append_column("rule", rules).append_column("label", label)


def read_object(path: Path) -> dict[str, object]:
    """Return an object of JSON.

    Raises:
        RunError: BL968 for a file that is missing or holds something else.
    """
    try:
        found = json.loads(there(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError("BL968", f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RunError("BL968", f"{path} is no JSON: {_reason(error)}") from error
    if not isinstance(found, dict):
        raise RunError("BL968", f"{path} holds a {type(found).__name__} of JSON, not an object")
    if not fits_utf8(json.dumps(found, ensure_ascii=False)):
        hint = "write the file as UTF-8, not as two JSON escapes for one character"
        raise RunError("BL968", f"{path} holds half a character, a lone surrogate", hint=hint)
    return found


def there(path: Path) -> Path:
    """Return a path at which there is a file.

    Raises:
        RunError: BL968 if there is none.
    """
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "is not there"
        raise RunError("BL968", f"{path} {what}")
    return path


def _check_places(path: Path, parts: dict[str, NDArray[Any]]) -> None:
    """Refuse places outside of the matrix, which scipy takes as they are."""
    shape, form = parts["shape"], parts["format"].item()
    if shape.shape != (2,) or shape.dtype.kind not in "iu" or (shape < 0).any():
        raise RunError("BL968", f"{path} says no number of rows and columns")
    rows, columns = shape.tolist()
    if form in (b"coo", "coo"):
        return  # of this form it checks them itself
    if form not in (b"csr", b"csc", "csr", "csc"):
        hint = "matrix.tocsr() makes one"
        raise RunError("BL968", f"{path} holds no matrix of compressed rows", hint=hint)
    lines, across = (rows, columns) if form in (b"csr", "csr") else (columns, rows)
    data, places, starts = parts["data"], parts["indices"], parts["indptr"]
    if (
        any(each.ndim != 1 or each.dtype.kind not in "iu" for each in (places, starts))
        or data.shape != places.shape
        or len(starts) != lines + 1
        or starts[0] != 0
        or starts[-1] != len(places)
        or (starts[1:] < starts[:-1]).any()
        or (places < 0).any()
        or (places >= across).any()
    ):
        message = f"{path} has votes outside of its {rows:,} rows and {columns:,} columns"
        raise RunError("BL968", message, hint="the file is damaged: write it again")


def _texts(column: pa.ChunkedArray, path: Path, name: str) -> pa.ChunkedArray:
    """Return a column as texts, of which none is missing."""
    kind = column.type
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not pa.types.is_string(plain) and not pa.types.is_large_string(plain):
        raise RunError("BL968", f"column {name} of {path} holds {plain}, not texts")
    found = column.cast(plain).cast(pa.string())
    if found.null_count:
        row = found.is_null().index(True).as_py()
        raise RunError("BL968", f"row {row + 1} of {path} has no {name}")
    return found


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
