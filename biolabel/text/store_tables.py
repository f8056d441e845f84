"""Tables of corpora put together and taken apart: rows move, texts are not looked at again."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from biolabel.data.corpus import SCHEMAS

Tables = Mapping[str, pa.Table]

POINTERS: Mapping[str, Mapping[str, str]] = {
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
    "abbreviations": {
        "doc": "documents",
        **dict.fromkeys(
            ("short_first_row", "short_end_row", "long_first_row", "long_end_row"), "rows"
        ),
    },
}
"""The columns that hold numbers of rows of other tables, and of which."""


def joined_tables(parts: Sequence[Tables]) -> Tables:
    """Return the tables of several corpora as those of one; a single one is returned as it is.

    Names are numbered as they first occur, as if all documents had been processed together.
    """
    if len(parts) == 1:
        return parts[0]
    starts = dict.fromkeys(SCHEMAS, 0)
    moved = []
    for part in parts:
        moved.append({name: _moved(name, table, starts) for name, table in part.items()})
        starts = {name: start + part[name].num_rows for name, start in starts.items()}
    return {
        name: pa.concat_tables([part[name] for part in moved]).unify_dictionaries().combine_chunks()
        for name in SCHEMAS
    }


def _moved(name: str, table: pa.Table, starts: Mapping[str, int]) -> pa.Table:
    for column, target in POINTERS.get(name, {}).items():
        numbers = table[column]
        by = pa.scalar(starts[target], pa.int32())
        shifted = pc.add(numbers, by)
        if column == "head":
            shifted = pc.if_else(pc.less(numbers, 0), numbers, shifted)
        table = table.set_column(table.schema.get_field_index(column), column, shifted)
    return table
