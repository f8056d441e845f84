"""Corpus files written piece by piece: packed by their names, complete or not there at all."""

import gzip
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.files import replacing_file
from biolabel.errors import CorpusError
from biolabel.text.topics import writing_topics


def write_pieces(
    path: Path,
    documents: Iterable[Document],
    piece: Callable[[Document], bytes],
    *,
    head: bytes = b"",
    between: bytes = b"",
    tail: bytes = b"",
    topics_beside: bool = True,
) -> None:
    """Write a file of one piece a document, gzip if its name ends in `.gz`, and the topics beside it.

    One document is held at a time. The same documents give the same bytes, also as gzip.
    topics_beside: False for a format that holds them; topics of an older file are removed.

    Raises:
        CorpusError: BL604 when the file cannot be written; else as `piece`.
    """
    try:
        with (
            writing_topics(path) as add_topics,
            replacing_file(path) as temporary,
            temporary.open("wb") as raw,
        ):
            zipped = path.name.lower().endswith(".gz")
            binary: io.BufferedIOBase = gzip.GzipFile("", "wb", 6, raw, 0) if zipped else raw
            with binary:
                binary.write(head)
                for number, document in enumerate(documents):
                    binary.write((between if number else b"") + piece(document))
                    if topics_beside:
                        add_topics(document)
                binary.write(tail)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {path}: {error.strerror}") from error
