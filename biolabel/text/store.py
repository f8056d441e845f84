"""The corpus store: a folder of Arrow files that are memory-mapped when opened.

One file a table of `biolabel.data.corpus.SCHEMAS`, and `corpus.json`, which says what they hold.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, ValidationError

from biolabel.data.corpus import SCHEMAS, Corpus, corpus_from
from biolabel.data.documents import Document
from biolabel.data.files import replacing_folder
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.build import tables_of
from biolabel.text.pipeline import Pipeline, annotation_stream
from biolabel.text.sections import with_sections

_INDEX = "corpus.json"


class Index(BaseModel):
    """What `corpus.json` says: format version, pipeline, content hash, rows and bytes a table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[2]
    pipeline: Pipeline
    content_hash: str
    counts: dict[str, int]
    sizes: dict[str, int]


def write(
    folder: Path,
    documents: Iterable[Document],
    pipeline: Pipeline | None = None,
    progress: Progress = silent,
    total: int | None = None,
) -> Corpus:
    """Process documents into a corpus store, in place of the one that is there, and open it.

    `pipeline` is `Pipeline()` unless given; `total`, the number of documents, is for the progress.

    Raises:
        CorpusError: BL604 when the folder cannot be written; BL611 when something else than a
            corpus store is there; else as `annotation_stream`,
            `with_sections` and `tables_of`.
    """
    pipeline = pipeline or Pipeline()
    if folder.exists() and not (folder / _INDEX).is_file():
        raise CorpusError(
            "BL611",
            f"{folder} exists and is no corpus store, so it is not overwritten",
            hint="give another folder, or remove this one",
        )
    stream = annotation_stream(pipeline)
    documents = with_sections(documents, pipeline.sections)
    documents = progress(documents, name="processing texts", total=total)
    tables, content_hash = tables_of(stream(documents))
    try:
        with replacing_folder(folder) as temporary:
            for name, table in tables.items():
                with pa.ipc.new_file(str(_file(temporary, name)), SCHEMAS[name]) as writer:
                    writer.write_table(table.combine_chunks())
            index = Index(
                version=2,
                pipeline=pipeline,
                content_hash=content_hash,
                counts={name: table.num_rows for name, table in tables.items()},
                sizes={name: _file(temporary, name).stat().st_size for name in tables},
            )
            (temporary / _INDEX).write_text(index.model_dump_json(indent=1) + "\n", "utf-8")
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {folder}: {error.strerror}") from error
    return open_corpus(folder)


def read_index(folder: Path) -> Index:
    """Return what a corpus store says about itself, without opening its tables.

    Raises:
        CorpusError: BL611 when the folder is no corpus store; BL612 when its index is damaged or of
            another version.
    """
    path = folder / _INDEX
    if not path.is_file():
        raise CorpusError("BL611", f"{folder} is no corpus store: it has no {_INDEX}")
    try:
        return Index.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise _damaged(folder, f"in {_INDEX}, {place}: {first['msg']}") from error


def open_corpus(folder: Path) -> Corpus:
    """Open a corpus store; its columns stay on disk and are read when they are used.

    Raises:
        CorpusError: BL611 when the folder is no corpus store; BL612 when it is damaged.
    """
    index = read_index(folder)
    tables = {name: _open(folder, name, index) for name in SCHEMAS}
    return corpus_from(tables, index.content_hash)


def _open(folder: Path, name: str, index: Index) -> pa.Table:
    path = _file(folder, name)
    try:
        size = path.stat().st_size
        if size != index.sizes.get(name):
            wanted = index.sizes.get(name, 0)
            raise _damaged(folder, f"{path.name} has {size} bytes instead of {wanted}")
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise _damaged(folder, f"{path.name} cannot be read: {error}") from error
    if table.schema != SCHEMAS[name]:
        raise _damaged(folder, f"{path.name} has other columns than it should")
    if table.num_rows != index.counts.get(name):
        raise _damaged(folder, f"{path.name} has {table.num_rows} rows, the index says otherwise")
    return table


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.arrow"


def _damaged(folder: Path, what: str) -> CorpusError:
    return CorpusError(
        "BL612",
        f"the corpus store {folder} is damaged: {what}",
        hint="make it again from the corpus file",
    )
