"""Tables of corpora put together and taken apart: rows move, texts are not looked at again.

Names are numbered as they first occur, so that the tables are the same as if all their documents had
been processed together.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from biolabel.data.corpus import GRAMMAR, SCHEMAS

Tables = Mapping[str, pa.Table]
Numbers = NDArray[np.int64]

_OF_ROWS = ("short_first_row", "short_end_row", "long_first_row", "long_end_row")
POINTERS: Mapping[str, Mapping[str, str]] = {
    "documents": {},
    "sections": {"doc": "documents"},
    "sentences": {
        "doc": "documents",
        "section": "sections",
        "first_row": "rows",
        "end_row": "rows",
    },
    "rows": {"doc": "documents", "sentence": "sentences", "head": "rows"},
    "mentions": {"doc": "documents", "first_row": "rows", "end_row": "rows"},
    "relations": {"doc": "documents"},
    "abbreviations": {"doc": "documents", **dict.fromkeys(_OF_ROWS, "rows")},
}
"""The columns of each table that hold numbers of rows of other tables, and of which."""


def joined_tables(parts: Sequence[Tables]) -> Tables:
    """Return the tables of several corpora as those of one; a single one is returned as it is.

    Beside the result, one column at a time is in memory.
    """
    if len(parts) == 1:
        return parts[0]
    starts: list[Mapping[str, int]] = [dict.fromkeys(SCHEMAS, 0)]
    for part in parts:
        starts.append({name: start + part[name].num_rows for name, start in starts[-1].items()})
    return {name: _joined(name, parts, starts) for name in SCHEMAS}


def _joined(name: str, parts: Sequence[Tables], starts: Sequence[Mapping[str, int]]) -> pa.Table:
    schema = SCHEMAS[name]
    nothing = pa.nulls(starts[-1][name], pa.null())
    columns = []
    fields = [f for f in schema if any(f.name in part[name].column_names for part in parts)]
    for field in fields:
        target = POINTERS[name].get(field.name)
        pieces = [_column(part[name], field) for part in parts]
        if len(nothing) and sum(piece.null_count for piece in pieces) == len(nothing):
            columns.append(nothing.cast(field.type))
            continue
        if target is not None:
            pieces = [_moved(p, start[target]) for p, start in zip(pieces, starts, strict=False)]
        chunks = pa.chunked_array([chunk for p in pieces for chunk in p.chunks], field.type)
        columns.append(chunks.unify_dictionaries().combine_chunks())
    return pa.table(columns, schema=pa.schema(fields))


def _column(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    """Return a column of a table, or one of what is not known where it is left out."""
    if field.name in table.column_names:
        return table[field.name]
    unknown = pa.nulls(table.num_rows, field.type)
    if pa.types.is_integer(field.type):
        unknown = pa.array(np.full(table.num_rows, -1), field.type)
    return pa.chunked_array([unknown])


def without_unknown(rows: pa.Table) -> pa.Table:
    """Return rows without the columns of `GRAMMAR` if none of them holds anything."""
    known = [name for name in GRAMMAR if name in rows.column_names and name != "head"]
    if known and all(rows[name].null_count == rows.num_rows for name in known):
        return rows.drop_columns(list(GRAMMAR))
    return rows


def selected_tables(tables: Tables, documents: Sequence[int]) -> Tables:
    """Return the tables of some of the documents of a corpus, in the order of their numbers given."""
    docs = np.array(documents, np.int64)
    n = tables["documents"].num_rows
    if np.array_equal(docs, np.arange(n)):
        return tables
    old, counts = {}, {}
    for name, table in tables.items():
        borders = np.arange(n + 1)
        if name != "documents":
            borders = np.searchsorted(table["doc"].to_numpy(), borders)
        old[name], counts[name] = borders[docs], np.diff(borders)[docs]
    new = {name: np.cumsum(count) - count for name, count in counts.items()}
    by = {name: new[name] - old[name] for name in tables}
    kept = {}
    for name, table in tables.items():
        owner = np.repeat(np.arange(len(docs)), counts[name])
        part = table.take(pa.array(np.arange(len(owner)) - by[name][owner]))
        for column, target in POINTERS[name].items():
            if column not in part.column_names:
                continue
            moved = _moved(part[column], by[target][owner])
            part = part.set_column(part.schema.get_field_index(column), column, moved)
        kept[name] = _renumbered(part)
    return {**kept, "rows": without_unknown(kept["rows"])}


def _moved(column: pa.ChunkedArray, by: int | Numbers) -> pa.ChunkedArray:
    """Return numbers of rows of another table that are greater; -1 stays, which is none."""
    numbers = column.to_numpy()
    numbers = np.where(numbers < 0, numbers, numbers + by).astype(np.int32)
    return pa.chunked_array([pa.array(numbers)])


def _renumbered(table: pa.Table) -> pa.Table:
    """Return a table that names what occurs in it, in this order."""
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            names = pc.cast(table.column(at), field.type.value_type)
            table = table.set_column(at, field, pc.dictionary_encode(names).combine_chunks())
    return table.combine_chunks()
