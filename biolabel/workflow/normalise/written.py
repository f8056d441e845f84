"""The files of normalized mentions: a table, JSON Lines or PubTator."""

import gzip
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from biolabel.apply.norm.search import LIKELY
from biolabel.data.concepts import Reading, Readings, best_of
from biolabel.data.documents import Document, Mention
from biolabel.data.files import replacing_file
from biolabel.errors import CorpusError
from biolabel.text.formats import pubtator

Each = tuple[Document, list[tuple[Mention, Readings]]]
"""A document, and what each of its normalized mentions means."""
Write = Callable[[Path, Iterable[Each]], None]
COLUMNS = (
    *("document", "start", "end", "type", "text", "part", "part_text"),
    *("rank", "concept", "score", "name", "why"),
)
"""The columns of a table: a row for each concept that a mention, or a part of it, may mean."""


def writer_of(path: Path) -> Write:
    """Return what writes the format that a name tells: `.tsv`, `.jsonl` or `.pubtator`, maybe `.gz`.

    Raises:
        CorpusError: BL635 for another name.
    """
    name = path.name.lower().removesuffix(".gz")
    for ending, write in _WRITERS.items():
        if name.endswith(ending):
            return write
    message = f"the ending of {path.name} does not tell the format"
    raise CorpusError("BL635", message, hint=f"end it in {', '.join(_WRITERS)}")


def _table(path: Path, each: Iterable[Each]) -> None:
    def lines(document: Document, mention: Mention, readings: Readings) -> Iterable[str]:
        text = document.text[mention.start : mention.end]
        place = (document.id, mention.start, mention.end, mention.type, text)
        for number, reading in enumerate(readings, start=1):
            for row in _rows(reading):
                yield _line((*place, number, reading.text, *row))

    _write(path, each, lines, _line(COLUMNS))


def _rows(reading: Reading) -> list[tuple[object, ...]]:
    """Return rank, concept, score, name and reasons; a row of nothing where no concept is known."""
    return [
        (rank, found.concept, f"{found.score:.3f}", found.name, ", ".join(found.why))
        for rank, found in enumerate(reading.ranked, start=1)
    ] or [("", "", "", "", "")]


def _line(cells: Iterable[object]) -> str:
    return "\t".join(" ".join(str(cell).split()) for cell in cells)


def _json_lines(path: Path, each: Iterable[Each]) -> None:
    def lines(document: Document, mention: Mention, readings: Readings) -> Iterable[str]:
        row = {
            "document": document.id,
            "start": mention.start,
            "end": mention.end,
            "type": mention.type,
            "text": document.text[mention.start : mention.end],
            "readings": [asdict(reading) for reading in readings],
        }
        yield json.dumps(row, ensure_ascii=False)

    _write(path, each, lines)


def _write(
    path: Path,
    each: Iterable[Each],
    lines: Callable[[Document, Mention, Readings], Iterable[str]],
    head: str = "",
) -> None:
    try:
        with replacing_file(path) as temporary, temporary.open("wb") as raw:
            zipped = path.name.lower().endswith(".gz")
            binary: io.BufferedIOBase = gzip.GzipFile("", "wb", 6, raw, 0) if zipped else raw
            with binary:
                binary.write(f"{head}\n".encode() if head else b"")
                for document, pairs in each:
                    for mention, readings in pairs:
                        found = lines(document, mention, readings)
                        binary.writelines(f"{line}\n".encode() for line in found)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {path}: {error.strerror}") from error


def _pubtator(path: Path, each: Iterable[Each]) -> None:
    """Write the documents with the likely concepts of their mentions; other mentions stay as they are."""

    def linked(document: Document, pairs: list[tuple[Mention, Readings]]) -> Document:
        meant = {m.names[-1]: replace(m, concepts=best_of(r, LIKELY)) for m, r in pairs}
        kept = {mention.names[-1]: mention for mention in document.mentions}
        order = sorted((kept | meant).values(), key=lambda m: (m.start, m.end, m.type))
        return replace(document, mentions=tuple(order))

    pubtator.write(path, (linked(document, pairs) for document, pairs in each))


_WRITERS: dict[str, Write] = {
    ".tsv": _table, ".jsonl": _json_lines, ".pubtator": _pubtator
}  # fmt: skip
