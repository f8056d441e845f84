"""The corpus store: shards of processed documents in a folder, memory-mapped when it is opened."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from biolabel.data.corpus import Corpus, corpus_from
from biolabel.data.documents import Document
from biolabel.data.files import replacing_folder
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.build import Annotation, checked, tables_of
from biolabel.text.pipeline import Pipeline, Stream, annotation_stream
from biolabel.text.sections import with_sections
from biolabel.text.store_files import (
    INDEX,
    damaged,
    locked,
    read_index,
    read_tables,
    shard_folder,
    write_index,
    write_shards,
)
from biolabel.text.store_tables import Tables, joined_tables

SHARD_DOCUMENTS = 5_000
"""Documents a shard: 40 MB of abstracts; 100,000 are 20 shards, which open at once (benchmarks/store.py)."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Where a shard lies, the hash of its documents and all found in them, and their number."""

    folder: Path
    content_hash: str
    documents: int


@dataclass(frozen=True, eq=False)
class Store:
    """An opened corpus store: it stays as it was opened, also if its folder changes.

    content_hash identifies all documents and what was found in them, in their order, but not their
    shards; shard_documents: how many documents a shard holds at most; tables: of each shard.
    """

    folder: Path
    pipeline: Pipeline
    content_hash: str
    shard_documents: int
    shards: tuple[Shard, ...]
    tables: tuple[Tables, ...]

    def corpus(self, shard: int) -> Corpus:
        """Return the columns of one shard, which stay on disk and are read when they are used."""
        return corpus_from(self.tables[shard], self.shards[shard].content_hash)

    def whole(self) -> Corpus:
        """Return the columns of all documents: those of the only shard, else copies in memory."""
        if len(self.shards) == 1:
            return self.corpus(0)
        return corpus_from(joined_tables(self.tables), self.content_hash)

    @cached_property
    def ids(self) -> Sequence[str]:
        """The ids of all documents, in their order."""
        return tuple(chain.from_iterable(t["documents"]["id"].to_pylist() for t in self.tables))


def open_store(folder: Path) -> Store:
    """Open a corpus store.

    Raises:
        CorpusError: BL611 when the folder is no corpus store; BL612 when it is damaged.
    """
    index, tables = read_tables(folder)
    try:
        pipeline = Pipeline(**index.pipeline)  # type: ignore[arg-type]
    except TypeError as error:
        raise damaged(folder, f"in {INDEX}, pipeline: {error}") from error
    return Store(
        folder,
        pipeline,
        index.content_hash,
        index.shard_documents,
        tuple(
            Shard(shard_folder(folder, note.name), note.content_hash, note.counts["documents"])
            for note in index.shards
        ),
        tables,
    )


def write(
    folder: Path,
    documents: Iterable[Document],
    pipeline: Pipeline | None = None,
    progress: Progress = silent,
    total: int | None = None,
    stream: Stream | None = None,
    shard_documents: int = SHARD_DOCUMENTS,
) -> Store:
    """Process documents into a corpus store, in place of the one that is there, and open it.

    A shard is written as soon as it has `shard_documents` documents, so that memory does not grow
    with their number. `pipeline` is `Pipeline()` unless given; `stream`, which annotates documents,
    is that of the pipeline unless given; `total`, the number of documents, is for the progress.

    Raises:
        CorpusError: BL604 when the folder cannot be written; BL611 when something else than a
            corpus store is there; BL661 when another process changes the one that is; else as
            `annotation_stream`, `with_sections`, `checked` and `tables_of`.
    """
    pipeline = pipeline or Pipeline()
    if folder.exists() and not (folder / INDEX).is_file():
        raise CorpusError(
            "BL611",
            f"{folder} exists and is no corpus store, so it is not overwritten",
            hint="give another folder, or remove this one",
        )
    stream = stream or annotation_stream(pipeline)
    found = stream(checked(with_sections(documents, pipeline.sections)))
    # Documents count when they are processed: many are read ahead.
    found = progress(found, name="processing texts", total=total)
    parts = shards_of(found, shard_documents)
    try:
        # A change of the store that is there would end in the new one.
        with (
            locked(folder) if folder.exists() else nullcontext(),
            replacing_folder(folder) as temporary,
        ):
            index = write_shards(temporary, parts, asdict(pipeline), shard_documents, {})
            write_index(temporary, index)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {folder}: {error.strerror}") from error
    return open_store(folder)


def take_over(source: Path, folder: Path) -> Store:
    """Make a store of the shards of another, which are not processed again, and open it.

    The files are shared where the file system can, else copied; neither store notices what becomes
    of the other.

    Raises:
        CorpusError: BL604 when the folder cannot be written; BL661 when another process changes the
            source; else as `open_store`.
    """
    read_index(source)
    try:
        with locked(source), replacing_folder(folder) as temporary:
            for shard in open_store(source).shards:
                place = shard_folder(temporary, shard.folder.name)
                shutil.copytree(shard.folder, place, copy_function=_linked)
            write_index(temporary, read_index(source))
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {folder}: {error.strerror}") from error
    return open_store(folder)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def shards_of(
    annotated: Iterator[tuple[Document, Annotation]], size: int, first: Sequence[Tables] = ()
) -> Iterator[Tables]:
    """Yield the tables of each shard; first: those of the shard that is to be filled up.

    Raises:
        CorpusError: as `tables_of`, so BL605 where there are no documents at all.
    """
    start = list(first)
    room = size - sum(tables["documents"].num_rows for tables in start)
    waiting = list(islice(annotated, 1))
    while True:
        yield joined_tables([*start, tables_of(chain(waiting, islice(annotated, room - 1)))])
        start, room = [], size
        waiting = list(islice(annotated, 1))
        if not waiting:
            return
