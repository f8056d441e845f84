"""Tables of lines of text, TSV and CSV: their header, what comments say before it, and their rows."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from biolabel.errors import KnowledgeError
from biolabel.kb.streams import opened, place

BLOCK = 1 << 22
"""So many bytes are read at once."""
Keep = Callable[[pa.Table], pa.Table]


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, the comment lines before them, and the line above the first row."""

    names: tuple[str, ...]
    comments: tuple[str, ...]
    line: int


def read_delimited(
    path: Path, comma: bool, columns: Sequence[str] | None = None, keep: Keep | None = None
) -> pa.Table:
    """Read a table of texts (plain or packed), block by block.

    Without `comma` cells are parted by tabs and nothing is quoted. columns: those to read, None for
    all; keep: what leaves the wanted rows of a block, so that a large file needs no memory for others.

    Raises:
        KnowledgeError: BL703 a missing file, BL705 a line that is no row, BL720 as `streams.opened`.
    """
    header = header_of(path, comma)
    if columns is not None:
        columns = [name for name in header.names if name in columns]
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(header.names, pa.string()),
        include_columns=columns,
        strings_can_be_null=False,
    )
    read = pacsv.ReadOptions(
        column_names=header.names, skip_rows=header.line, block_size=BLOCK, use_threads=False
    )
    try:
        with opened(path) as stream:
            blocks = pacsv.open_csv(stream, read, _parse(comma), convert)
            found = [pa.Table.from_batches([block]) for block in blocks]
            kept = [keep(block) for block in found] if keep else found
        if comma and _is_open(path):
            raise _error(path, fault(path, ",", len(header.names), header.line))
        return pa.concat_tables(kept) if kept else blocks.schema.empty_table()
    except pa.ArrowException as error:
        if "Empty CSV" in str(error):
            names = header.names if columns is None else columns
            return pa.table({name: pa.array([], pa.string()) for name in names})
        delimiter = "," if comma else "\t"
        found_at = fault(path, delimiter, len(header.names), header.line)
        raise _error(path, found_at or (None, str(error))) from error


def _is_open(path: Path) -> bool:
    """Return whether the quotation marks of a file are odd, so that one may swallow what follows."""
    with opened(path) as stream:
        return sum(block.count(b'"') for block in iter(lambda: stream.read(BLOCK), b"")) % 2 == 1


def _error(path: Path, found: tuple[int | None, str] | None) -> KnowledgeError:
    line, what = found or (None, "a quotation mark is not closed")
    return KnowledgeError("BL705", f"{place(path, line)} cannot be read as a table: {what}")


def header_of(path: Path, comma: bool) -> Header:
    """Return the header of a table and the comments before it, which begin with `#`.

    The header may itself be a comment: the last one, if it has as many cells as the first row (as in
    NCBI's files), or the one that follows `# Fields:` (as in those of CTD).

    Raises:
        KnowledgeError: as `read_delimited`.
    """
    comments: list[str] = []
    first: list[str] | None = None
    skipped = 0
    with opened(path) as stream:
        for line, raw in enumerate(stream, 1):
            text = _decoded(raw, path, line)
            if text.startswith("#"):
                comments.append(text.lstrip("#").strip())
                skipped = line
            elif text.strip():
                try:
                    first = _cells(text, comma)
                except csv.Error as error:
                    message = f"{place(path, line)} cannot be read as a table: {error}"
                    raise KnowledgeError("BL705", message) from error
                skipped = line - 1
                break
    told = next((i + 1 for i, c in enumerate(comments[:-1]) if c.lower() == "fields:"), None)
    last = told if told is not None else len(comments) - 1
    named = _cells(comments[last], comma) if comments else []
    if len(named) > 1 and (told is not None or (first is not None and len(first) == len(named))):
        return Header(tuple(named), tuple(comments), skipped)
    if first is None:
        raise KnowledgeError("BL705", f"{path} cannot be read as a table: it has no header line")
    return Header(tuple(first), tuple(comments), skipped + 1)


def _cells(line: str, comma: bool) -> list[str]:
    return next(csv.reader([line])) if comma else line.split("\t")


def _decoded(raw: bytes, path: Path, line: int) -> str:
    try:
        return raw.decode("utf-8-sig" if line == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        message = f"{place(path, line)} cannot be read as a table: it is not in UTF-8"
        raise KnowledgeError("BL705", message, hint="save it as UTF-8") from error


def _parse(comma: bool) -> pacsv.ParseOptions:
    if comma:
        return pacsv.ParseOptions(delimiter=",", quote_char='"', newlines_in_values=True)
    return pacsv.ParseOptions(delimiter="\t", quote_char=False)


def fault(path: Path, delimiter: str, wanted: int, after: int = 0) -> tuple[int, str] | None:
    """Return the first line below `after` without so many cells, and why; None if there is none.

    Only where commas part the cells may these be quoted.

    Raises:
        KnowledgeError: BL705 a line that is not in UTF-8, and as `streams.opened`.
    """
    with opened(path) as stream:
        lines = (f"{_decoded(raw, path, number)}\n" for number, raw in enumerate(stream, 1))
        if delimiter == ",":
            return _quoted_fault(lines, wanted, after)
        for number, line in enumerate(lines, 1):
            found = line.count(delimiter) + 1
            if number > after and line.strip("\n") and found != wanted:
                return number, _number_of(found, wanted)
    return None


def _quoted_fault(lines: Iterable[str], wanted: int, after: int) -> tuple[int, str] | None:
    rows = csv.reader(lines, strict=True)
    whole = 0
    try:
        for cells in rows:
            if rows.line_num > after and cells and len(cells) != wanted:
                return rows.line_num, _number_of(len(cells), wanted)
            whole = rows.line_num
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        what = "a quotation mark that begins here is not closed" if unclosed else str(error)
        return whole + 1, what
    return None


def _number_of(found: int, wanted: int) -> str:
    return f"it has {found} cells, and {wanted} are wanted"
