"""Tables of knowledge bases as columns of text, and the rows of them that count."""

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data import parquet
from biolabel.data.growth import allowed
from biolabel.errors import KnowledgeError
from biolabel.kb.delimited import Keep, read_delimited
from biolabel.kb.streams import bomb

_COMPARE: Mapping[str, Callable[[Any, Any], pa.ChunkedArray]] = {
    "<": pc.less, "<=": pc.less_equal, "=": pc.equal,
    "!=": pc.not_equal, ">=": pc.greater_equal, ">": pc.greater,
}  # fmt: skip
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
"""What the operators of the rule language mean for two numbers."""
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Keep the rows whose column compares so with a text or a number.

    A cell that is no number fails every comparison with one.
    """

    column: str
    operator: str
    value: str | float


TableFormat = Literal["tsv", "csv", "parquet"]


def read_table(
    path: Path,
    format_: TableFormat | None = None,
    columns: Sequence[str] | None = None,
    keep: Keep | None = None,
) -> pa.Table:
    """Read a TSV, CSV or Parquet table (plain, .gz, .bz2 or .zip) with every column as text.

    Without a format the file's ending says it. TSV has no quoting: a `"` is an ordinary character.
    Lines that begin with `#` above the first row are comments, or the header (`delimited.header_of`).
    Missing cells are empty texts. columns, keep: as `delimited.read_delimited`.

    Raises:
        KnowledgeError: BL703 when the file is missing, BL705 when it is no such table, BL720 when it
            unpacks to far more than its size.
    """
    known = format_ or _format(path)
    if known == "parquet":
        table = _read_parquet(path, columns)
        table = keep(table) if keep else table
    else:
        table = read_delimited(path, known == "csv", columns, keep)
    repeated = [name for name, times in Counter(table.column_names).items() if times > 1]
    if repeated:
        raise KnowledgeError("BL705", f"{path} has the column `{repeated[0]}` more than once")
    return table


def _format(path: Path) -> TableFormat:
    return "parquet" if path.suffix == ".parquet" else "csv" if ".csv" in path.suffixes else "tsv"


def _read_parquet(path: Path, columns: Sequence[str] | None) -> pa.Table:
    try:
        file = parquet.opened(path)
        names = file.schema_arrow.names if columns is None else columns
        table = file.read(columns=[name for name in names if name in file.schema_arrow.names])
        table.validate(full=True)
        if parquet.size_of(table.columns) > allowed(path):
            raise parquet.GrownError
        texts = [pc.fill_null(_as_text(found), "") for found in table.columns]
    except FileNotFoundError as error:
        raise KnowledgeError("BL703", f"there is no table {path}") from error
    except parquet.GrownError as error:
        raise bomb(path) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise KnowledgeError("BL705", f"{path} cannot be read as a table: {error}") from error
    return pa.table(texts, names=table.column_names)


def _as_text(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return cells as texts; those of a dictionary are taken out of it first."""
    kind = cells.type
    plain = cells.cast(kind.value_type) if pa.types.is_dictionary(kind) else cells
    return plain.cast(pa.string())


def column(table: pa.Table, name: str, path: Path, code: str = "BL706") -> list[str]:
    """Return one column of a table as a list of texts.

    Raises:
        KnowledgeError: when the table has no such column; `code` is BL706 where a kb.toml names the
            column, and BL402 where a rule file does.
    """
    need(table, [name], path, code)
    values: list[str] = table[name].to_pylist()
    return values


def need(table: pa.Table, names: Sequence[str], path: Path, code: str) -> None:
    """Check that a table has some columns.

    Raises:
        KnowledgeError: as `column`.
    """
    for name in names:
        if name not in table.column_names:
            near = get_close_matches(name, table.column_names, n=1)
            hint = f"columns: {', '.join(table.column_names)}"
            hint = f"did you mean `{near[0]}`? {hint}" if near else hint
            raise KnowledgeError(code, f"column `{name}` is not in {path}", hint=hint)


def keep_rows(
    table: pa.Table, where: Sequence[RowFilter], path: Path, code: str = "BL706"
) -> pa.Table:
    """Return the rows that pass every filter.

    Raises:
        KnowledgeError: BL706 or BL402 (`code`) an unknown column, BL713 a number asked of a column
            that holds none.
    """
    for found in where:
        need(table, [found.column], path, code)
        cells, value = table[found.column], found.value
        if isinstance(value, float):
            cells = _numbers(cells)
            if table.num_rows and cells.null_count == table.num_rows:
                message = f"no cell of the column `{found.column}` in {path} is a number"
                hint = f'compare it with a text: {found.column} = "{value:g}"'
                raise KnowledgeError("BL713", message, hint=hint)
        table = table.filter(pc.fill_null(_COMPARE[found.operator](cells, value), False))
    return table


def _numbers(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(cells)
    numeric = pc.match_substring_regex(trimmed, _NUMBER)
    return pc.if_else(numeric, trimmed, pa.scalar(None, pa.string())).cast(pa.float64())
