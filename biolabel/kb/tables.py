"""Tables of knowledge bases as columns of text."""

from collections import Counter
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from biolabel.errors import KnowledgeError


def read_table(path: Path) -> pa.Table:
    """Read a TSV, CSV or Parquet table (plain or .gz) with every column as text.

    TSV has no quoting: a `"` is an ordinary character. Missing cells are empty texts.

    Raises:
        KnowledgeError: BL705 when the file is no such table.
    """
    try:
        table = pq.read_table(path) if path.suffix == ".parquet" else _read_delimited(path)
        columns = [pc.fill_null(found.cast(pa.string()), "") for found in table.columns]
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise KnowledgeError("BL705", f"{path} cannot be read as a table: {error}") from error
    repeated = [name for name, times in Counter(table.column_names).items() if times > 1]
    if repeated:
        raise KnowledgeError("BL705", f"{path} has the column `{repeated[0]}` more than once")
    return pa.table(columns, names=table.column_names)


def _read_delimited(path: Path) -> pa.Table:
    commas = ".csv" in path.suffixes
    parse = pacsv.ParseOptions(
        delimiter="," if commas else "\t", quote_char='"' if commas else False
    )
    with pa.input_stream(str(path), compression="detect") as stream:
        header = pacsv.open_csv(stream, parse_options=parse).schema.names
    convert = pacsv.ConvertOptions(
        column_types={name: pa.string() for name in header}, strings_can_be_null=False
    )
    with pa.input_stream(str(path), compression="detect") as stream:
        return pacsv.read_csv(stream, parse_options=parse, convert_options=convert)


def column(table: pa.Table, name: str, path: Path) -> list[str]:
    """Return one column of a table as a list of texts.

    Raises:
        KnowledgeError: BL706 when the table has no such column.
    """
    if name not in table.column_names:
        near = get_close_matches(name, table.column_names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"columns: {', '.join(table.column_names)}"
        raise KnowledgeError("BL706", f"column `{name}` is not in {path}", hint=hint)
    values: list[str] = table[name].to_pylist()
    return values


def keep_rows(table: pa.Table, name: str, value: str, path: Path) -> pa.Table:
    """Return the rows whose column `name` equals `value`."""
    return table.filter(pa.array([cell == value for cell in column(table, name, path)]))
