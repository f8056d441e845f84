"""Documents added to a corpus store, replaced and removed; the texts of all others stay as they are.

Only shards that change are written, beside the old ones; then an index that names them takes the
place of the old one, and what it does not name is deleted. Who has the store open keeps it as it was.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.build import checked, tables_of
from biolabel.text.pipeline import Stream, annotation_stream
from biolabel.text.sections import with_sections
from biolabel.text.store import Store, open_store, shards_of
from biolabel.text.store_files import (
    locked,
    read_index,
    shard_folder,
    write_index,
    write_shards,
)
from biolabel.text.store_tables import Tables, joined_tables, selected_tables


def add(
    folder: Path,
    documents: Iterable[Document],
    progress: Progress = silent,
    total: int | None = None,
    stream: Stream | None = None,
) -> Store:
    """Add documents behind those that are there, processed by the store's pipeline.

    The last shard is filled first. `stream` and `total` are those of `biolabel.text.store.write`.

    Raises:
        CorpusError: BL604 when the folder cannot be written; BL605 no documents; BL606 for an id
            that is there already; BL661 when another process changes the store; else as
            `open_store`, `annotation_stream` and `checked`.
    """
    with _changing(folder) as store:
        size, pipeline = store.shard_documents, store.pipeline
        fills = store.shards[-1].documents < size
        kept, last = (store.tables[:-1], store.tables[-1:]) if fills else (store.tables, ())
        given = progress(documents, name="processing texts", total=total)
        given = checked(with_sections(given, pipeline.sections), store.ids)
        annotated = (stream or annotation_stream(pipeline))(given)
        _commit(store, chain(kept, shards_of(annotated, size, last)))
    return open_store(folder)


def replace(
    folder: Path,
    documents: Iterable[Document],
    progress: Progress = silent,
    total: int | None = None,
    stream: Stream | None = None,
) -> Store:
    """Put documents in the places of those with the same ids; they are held in memory together.

    Raises:
        CorpusError: as `add`, but BL662 for an id that the store does not have.
    """
    with _changing(folder) as store:
        pipeline = store.pipeline
        given = progress(documents, name="processing texts", total=total)
        given = checked(with_sections(_known(given, store.ids, folder), pipeline.sections))
        fresh = tables_of((stream or annotation_stream(pipeline))(given))
        places = {id_: i for i, id_ in enumerate(_ids(fresh))}

        def changed(tables: Tables) -> Tables:
            ids = _ids(tables)
            order = [len(ids) + places[id_] if id_ in places else i for i, id_ in enumerate(ids)]
            return selected_tables(joined_tables([tables, fresh]), order)

        parts = (changed(t) if not places.keys().isdisjoint(_ids(t)) else t for t in store.tables)
        _commit(store, parts)
    return open_store(folder)


def remove(folder: Path, ids: Collection[str]) -> Store:
    """Take documents out of a store.

    Raises:
        CorpusError: BL604 when the folder cannot be written; BL661 when another process changes
            the store; BL662 for an id that the store does not have; BL663 when no document would be
            left; else as `open_store`.
    """
    with _changing(folder) as store:
        gone, there = frozenset(ids), frozenset(store.ids)
        for id_ in ids:
            _check_known(id_, there, folder)
        if gone == there:
            raise CorpusError(
                "BL663",
                f"no document would be left in {folder}",
                hint="delete the folder if nobody needs it",
            )

        def kept() -> Iterator[Tables]:
            for tables in store.tables:
                order = [i for i, id_ in enumerate(_ids(tables)) if id_ not in gone]
                if order:
                    yield selected_tables(tables, order)

        _commit(store, kept())
    return open_store(folder)


def _ids(tables: Tables) -> Sequence[str]:
    ids: Sequence[str] = tables["documents"]["id"].to_pylist()
    return ids


def _known(documents: Iterable[Document], ids: Iterable[str], folder: Path) -> Iterator[Document]:
    there = frozenset(ids)
    for document in documents:
        _check_known(document.id, there, folder)
        yield document


def _check_known(id_: str, there: Collection[str], folder: Path) -> None:
    if id_ not in there:
        near = get_close_matches(id_, there, n=1)
        hint = f"did you mean {near[0]}?" if near else "biolabel corpus ids lists those it has"
        raise CorpusError("BL662", f"{folder} has no document {id_}", hint=hint)


@contextmanager
def _changing(folder: Path) -> Iterator[Store]:
    """Open a store that nobody else changes until the block ends."""
    read_index(folder)
    try:
        with locked(folder):
            yield open_store(folder)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {folder}: {error.strerror}") from error


def _commit(store: Store, parts: Iterable[Tables]) -> None:
    """Let a store have these shards; what a killed change left behind goes as well."""
    before = {note.content_hash: note for note in read_index(store.folder).shards}
    index = write_shards(store.folder, parts, asdict(store.pipeline), store.shard_documents, before)
    write_index(store.folder, index)
    named = {note.name for note in index.shards}
    for folder in shard_folder(store.folder, "").iterdir():
        if folder.name not in named:
            shutil.rmtree(folder, ignore_errors=True)
