"""BioC JSON: one collection, a list of documents, or one document a line.

A file is cut at its documents before it is parsed (`biolabel.text.formats.objects`).
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.bioc import document_of
from biolabel.text.formats.bioc_trees import tree_of
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.objects import pieces
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics


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
    for piece in pieces(path):
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
