"""Tables with one document a row: CSV, TSV and Parquet.

The first line of CSV and TSV names the columns. Cells of CSV may stand in `"`, which they need around
line ends, separators and `""` for `"`; the separator is a comma, or a semicolon if the first line has
more of these. In TSV every `"` is an ordinary character. What the columns hold is told by their names or
a map of columns (`biolabel.text.formats.rows`).
"""

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.formats.columnar import opened
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.repeated import Seen
from biolabel.text.formats.rows import COLUMNS, Row, document_of, documents_of, layout_of
from biolabel.text.lines import LONGEST, Line, whole_lines
from biolabel.text.rejects import Lost, Rejects
from biolabel.text.topics import with_topics

Record = tuple[int, list[str]]
"""The line on which a record begins, and its cells."""


def read_csv(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of a CSV file, plain or gzip, holding one at a time.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL641 when it does not have the columns.
    """
    return with_topics(path, _read_text(path, rejects, columns, tabs=False), rejects)


def read_tsv(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of a TSV file, plain or gzip, holding one at a time.

    Raises:
        CorpusError: as `read_csv`.
    """
    return with_topics(path, _read_text(path, rejects, columns, tabs=True), rejects)


def read_parquet(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of a Parquet file, holding a thousand at a time.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL641 when it does not have the columns; BL642
            when it is damaged.
    """
    return with_topics(path, _read_parquet(path, rejects, columns), rejects)


def _read_text(path: Path, rejects: Rejects, columns: Columns, *, tabs: bool) -> Iterator[Document]:
    records = (_tab_records if tabs else _comma_records)(path, rejects)
    _, names = next(records, (0, []))
    names = [name.strip() for name in names]
    layout = layout_of(names, columns, str(path))
    stem = path.name.partition(".")[0]

    def rows() -> Iterator[Row]:
        for line, cells in records:
            if len(cells) == len(names):
                yield line, dict(zip(names, cells, strict=True))
            else:
                reason = f"the row has {len(cells)} cells, the first line {len(names)}"
                rejects.add(path, line, "", "document", reason, " ".join(cells))

    yield from documents_of(
        rows(), lambda line, row: document_of(row, layout, f"{stem}-{line}"), path, rejects, Seen()
    )


def _read_parquet(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    file = opened(path)
    layout = layout_of(file.names, columns, str(path))
    stem = path.name.partition(".")[0]
    yield from documents_of(
        file.rows(rejects),
        lambda number, row: document_of(row, layout, f"{stem}-{number}"),
        path,
        rejects,
        Seen(),
    )


def _tab_records(path: Path, rejects: Rejects) -> Iterator[Record]:
    for line in whole_lines(path, rejects):
        if line.fault:
            rejects.add(path, line.number, "", "document", f"the line is {line.fault}", line.text)
        elif line.text:
            yield line.number, line.text.split("\t")


def _comma_records(path: Path, rejects: Rejects) -> Iterator[Record]:
    """Yield the records of a CSV file, of which each may go over several lines."""
    lines = whole_lines(path, rejects)
    faults: list[str] = []

    def texts(first: Line) -> Iterator[str]:
        for line in chain([first], lines):
            if line.fault:
                faults.append(f"line {line.number} is {line.fault}")
            yield f"{line.text}\n"

    first = next(lines, None)
    if first is None:
        return
    separator = max(",;", key=first.text.count)
    # One limit for the whole process, and the usual one is below the length of a full text.
    csv.field_size_limit(LONGEST)
    reader = csv.reader(texts(first), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            lost: Lost = "rest" if "end of data" in str(error) else "document"
            rejects.add(path, number, "", lost, f"the row is no CSV: {error}", "")
            continue
        if cells is None:
            return
        if faults:
            rejects.add(path, number, "", "document", "; ".join(faults), " ".join(cells))
            faults.clear()
        elif cells:
            yield number, cells


CSV = Format("csv", "CSV", (".csv",), read_csv, columns=COLUMNS)
TSV = Format("tsv", "TSV", (".tsv", ".tab"), read_tsv, columns=COLUMNS)
PARQUET = Format("parquet", "Parquet", (".parquet",), read_parquet, columns=COLUMNS)
