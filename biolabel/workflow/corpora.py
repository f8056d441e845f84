"""Corpus stores of their own, made from files and changed by them; a task's stages make theirs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.executor import Processes
from biolabel.data.progress import Progress, silent
from biolabel.text import store_changes
from biolabel.text.formats.format import Columns
from biolabel.text.formats.known import read_documents, source_of
from biolabel.text.formats.repeated import Seen
from biolabel.text.pipeline import Pipeline, annotation_stream, kept_annotations
from biolabel.text.rejects import Rejects, at_least_one, rejects_path, write_rejects
from biolabel.text.store import SHARD_DOCUMENTS, Store, open_store, write
from biolabel.workflow.ingest import total_of


@dataclass(frozen=True, slots=True)
class Sources:
    """Files of documents: their format, if their names do not tell it, and the columns of tables."""

    paths: Sequence[Path]
    format: str = ""
    columns: Columns = field(default_factory=dict)

    def documents(self, rejects: Rejects) -> Iterator[Document]:
        """Yield the documents of all files; of those with the same id the first is kept.

        Raises:
            CorpusError: as `read_documents`.
        """
        seen = Seen()
        for path in self.paths:
            known = source_of(path, self.format).format
            columns = self.columns if known.columns else {}
            for document in read_documents(path, rejects, self.format, columns):
                if again := seen.again(document.id, document):
                    rejects.add(path, 0, document.id, again.lost, again.reason, document.text)
                else:
                    yield document


@dataclass(frozen=True, slots=True)
class Changed:
    """A store as it is now, how many of the documents read were used, and what was rejected."""

    store: Store
    used: int
    rejects: Rejects


def build(
    sources: Sources,
    out: Path,
    pipeline: Pipeline,
    progress: Progress = silent,
    workers: int = 1,
    shard_documents: int = SHARD_DOCUMENTS,
) -> Changed:
    """Make a store from files, in place of the one that is there.

    What was rejected stands in `OUT.rejects.tsv`, here and below, which is removed if nothing was.

    Raises:
        CorpusError: as `Sources.documents` and `write`.
    """
    rejects = Rejects()
    stream = annotation_stream(pipeline, Processes(workers), kept_annotations(pipeline))
    documents = at_least_one(sources.documents(rejects), rejects)
    total = total_of(lambda: sources.documents(Rejects()), pipeline, progress)
    made = write(out, documents, pipeline, progress, total, stream, shard_documents)
    _tell(out, rejects)
    return Changed(made, len(made.ids), rejects)


def add(
    folder: Path,
    sources: Sources,
    progress: Progress = silent,
    workers: int = 1,
    *,
    skip: bool = False,
) -> Changed:
    """Add the documents of files to a store; skip: leave out those that it has, by their ids.

    Raises:
        CorpusError: as `Sources.documents` and `biolabel.text.store_changes.add`.
    """
    return _change(
        store_changes.add, folder, sources, progress, workers, lambda known: not (skip and known)
    )


def replace(
    folder: Path,
    sources: Sources,
    progress: Progress = silent,
    workers: int = 1,
    *,
    skip: bool = False,
) -> Changed:
    """Put the documents of files in the places of those with their ids; skip: leave new ones out.

    Raises:
        CorpusError: as `Sources.documents` and `biolabel.text.store_changes.replace`.
    """
    return _change(
        store_changes.replace, folder, sources, progress, workers, lambda known: known or not skip
    )


def _change(
    change: Callable[..., Store],
    folder: Path,
    sources: Sources,
    progress: Progress,
    workers: int,
    wanted: Callable[[bool], bool],
) -> Changed:
    store = open_store(folder)
    there = frozenset(store.ids)
    stream = annotation_stream(store.pipeline, Processes(workers), kept_annotations(store.pipeline))
    rejects = Rejects()
    used = 0

    def documents() -> Iterator[Document]:
        nonlocal used
        for document in at_least_one(sources.documents(rejects), rejects):
            if wanted(document.id in there):
                used += 1
                yield document

    found = documents()
    first = list(islice(found, 1))
    # Where all are skipped nothing is wrong.
    if first:
        store = change(folder, chain(first, found), progress, None, stream)
    _tell(folder, rejects)
    return Changed(store, used, rejects)


def _tell(folder: Path, rejects: Rejects) -> None:
    beside = rejects_path(folder)
    if rejects.rows:
        write_rejects(beside, rejects)
    else:
        beside.unlink(missing_ok=True)
