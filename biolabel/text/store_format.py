"""A corpus store as one of the formats that are read: what takes a file of documents takes a store."""

from collections.abc import Iterator
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.documents import corpus_documents
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.rejects import Rejects
from biolabel.text.store import open_store
from biolabel.text.store_files import INDEX


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a store, shard by shard; nothing is ever rejected.

    Raises:
        CorpusError: BL612 when the store is damaged.
    """
    del rejects
    store = open_store(path)
    for shard in range(len(store.shards)):
        yield from corpus_documents(store.corpus(shard))


def is_store(path: Path) -> bool:
    """Return whether a folder is a corpus store."""
    return (path / INDEX).is_file()


FORMAT = Format(
    name="store",
    title="corpus store",
    endings=(),
    read=no_columns(read),
    folder=is_store,
    index=INDEX,
)
"""The store's place in the list of formats; it is written by `biolabel.text.store.write`."""
