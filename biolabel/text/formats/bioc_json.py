"""BioC JSON: one collection, a list of documents, or one document a line.

A file is cut at the braces of its documents before it is parsed, so that a broken document costs itself
and memory holds one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.bioc import document_of
from biolabel.text.formats.bioc_trees import tree_of
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import DAMAGED, read_blocks
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_BLOCK = 1 << 20
_LARGEST = 1 << 26
"""More bytes than any document has: what goes on beyond them has lost its end."""

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{}"]', re.DOTALL)
_LISTS = (b'"documents"', b'"PubTator3"')
"""The keys under which files have their documents."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The text of one object, or of what goes on to the end with a fault."""

    line: int
    data: bytes
    fault: str = ""


@dataclass(slots=True)
class _Cutter:
    """Where a file is being cut: `rest` is what is not cut yet, and `line` the line of its byte `at`."""

    rest: bytes = b""
    line: int = 1
    at: int = 0
    sought: int = 0
    key: bytes = b""
    open: list[bytes] = field(default_factory=list)
    start: int = -1
    depth: int = 0

    def pieces(self, block: bytes) -> Iterator[_Piece]:
        """Yield the objects that end in a block."""
        self.rest += block
        for token in _TOKEN.finditer(self.rest, self.sought):
            sign = token[0]
            if sign == b'"':
                break  # a text that goes on in the next block
            self.sought = token.end()
            if len(sign) > 1:
                self.key = sign
            elif sign in b"{[":
                self._opened(sign, token.start())
            elif self.open:
                self.open.pop()
                if self.start >= 0 and len(self.open) == self.depth:
                    self._go_to(self.start)
                    yield _Piece(self.line, self.rest[self.start : token.end()])
                    self.start = -1
        done = self.start if self.start >= 0 else self.sought
        self._go_to(done)
        self.rest, self.sought, self.at = self.rest[done:], self.sought - done, 0
        self.start = min(self.start, 0)

    def _go_to(self, place: int) -> None:
        self.line += self.rest.count(b"\n", self.at, place)
        self.at = place

    def _opened(self, sign: bytes, place: int) -> None:
        """Begin an object, unless it is inside of one; a list of documents ends what it is in."""
        if sign == b"[" and self.start >= 0 and len(self.open) == self.depth + 1:
            self.start = -1 if self.key in _LISTS else self.start
        elif sign == b"{" and self.start < 0 and self.open[-1:] != [b"{"]:
            self.start, self.depth = place, len(self.open)
        self.open.append(sign)


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a BioC JSON file, plain or gzip, holding one at a time.

    How trees become documents says `biolabel.text.formats.bioc`. Of documents with the same id the
    first good one is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL602 when it has no object.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    found = False
    for piece in _pieces(path):
        found = True
        start = piece.data[:400].decode(errors="replace")
        if piece.fault:
            rejects.add(path, piece.line, "", "rest", piece.fault, start)
            continue
        try:
            tree = json.loads(piece.data)
        except (ValueError, RecursionError) as error:
            reason = f"the document is no JSON: {error}"
            rejects.add(path, piece.line, "", "document", reason, start)
            continue
        if document := document_of(tree, path, piece.line, rejects):
            if again := seen.again(document.id, document):
                rejects.add(path, piece.line, document.id, again.lost, again.reason, document.text)
            else:
                yield document
    if not found:
        raise CorpusError(
            "BL602",
            f"{path} is no BioC JSON file: it has no documents",
            hint='a collection is {"documents": [...]}',
        )


def _pieces(path: Path) -> Iterator[_Piece]:
    cutter, fault = _Cutter(), ""
    try:
        for block in read_blocks(path, _BLOCK):
            yield from cutter.pieces(block)
            if len(cutter.rest) > _LARGEST:
                fault = "a document or text does not end within 64 MB"
                break
    except DAMAGED:
        fault = "the gzip file is damaged or ends early"
    if fault or cutter.open:
        yield _Piece(cutter.line, cutter.rest[:400], fault or "the file ends inside its content")


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as BioC JSON, gzip if the name ends in `.gz`, and their topics beside it.

    One document stands on a line of the collection. A metadata field with several items is a list.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    head = b'{"source": "biolabel", "date": "", "key": "", "infons": {}, "documents": [\n'
    write_pieces(path, documents, _piece, head=head, between=b",\n", tail=b"\n]}\n")


def _piece(document: Document) -> bytes:
    return json.dumps(tree_of(document), ensure_ascii=False).encode(errors="surrogatepass")


FORMAT = Format(
    name="bioc-json",
    title="BioC JSON",
    endings=(".bioc.json", ".biocjson", ".json"),
    read=no_columns(read),
    write=write,
    looks=lambda head: b'"passages"' in head or b'"documents"' in head,
    holds=ALL,
)
