"""Many rows at a time: written past what SQLAlchemy does for each, with indices made anew at the end."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, text
from sqlalchemy.engine import Dialect

Row = Mapping[str, Any]
"""Values by the names of their columns."""

_MADE = text(
    "SELECT name, type, sql FROM sqlite_master WHERE tbl_name IN :tables AND sql IS NOT NULL "
    "AND type IN ('index', 'trigger')"
).bindparams(bindparam("tables", expanding=True))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that have a value for each column of a table.

    SQLAlchemy prepares the parameters of each row, which takes longer than a file takes to insert it;
    here each column is prepared, and the driver gets the rows as they are.
    """
    if not rows:
        return
    dialect = connection.dialect
    quoted = ", ".join(map(dialect.identifier_preparer.format_column, table.c))
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(table.c))
    values = [_prepared(column, rows, dialect) for column in table.c]
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({quoted}) VALUES ({marks})", list(zip(*values, strict=True))
    )


def _prepared(column: Column[Any], rows: Sequence[Row], dialect: Dialect) -> list[Any]:
    """Return what the driver gets for a column of each row."""
    prepare = column.type.dialect_impl(dialect).bind_processor(dialect)
    name = column.name
    return [row[name] if prepare is None else prepare(row[name]) for row in rows]


@contextmanager
def indices_afterwards(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Have SQLite make the indices of tables, and what triggers keep up, once at the end of the block.

    Sorted once they take a tenth of the time of row by row, if most rows are new. Nobody else sees the
    tables without them, as it is all in one transaction. A server would have others wait for the tables
    instead, so it makes its indices row by row.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    made = connection.execute(_MADE, {"tables": [table.name for table in tables]}).all()
    for each in made:
        connection.exec_driver_sql(f"DROP {each.type} {each.name}")
    yield
    for each in made:
        connection.exec_driver_sql(each.sql)
    # What the triggers of `names` keep up otherwise (sqlite.org/fts5.html, the command 'rebuild').
    connection.exec_driver_sql("INSERT INTO grams (grams) VALUES ('rebuild')")


@contextmanager
def without_garbage() -> Iterator[None]:
    """Make many objects that have no cycles without looking through them again and again for some."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
