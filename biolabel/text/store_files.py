"""The files of a corpus store: an index, and a folder of Arrow tables for each shard.

`corpus.json` names the shards in their order; a shard is `shards/NAME/TABLE.arrow`, one file a table
of `biolabel.data.corpus.SCHEMAS`. No file of a shard is ever changed: a store changes when another
index, which names other shards, takes the place of the one before.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from biolabel.data.corpus import GRAMMAR, SCHEMAS
from biolabel.data.files import replacing_file, replacing_folder
from biolabel.errors import CorpusError
from biolabel.text.build import content_hash_of, hashes_of
from biolabel.text.store_tables import Tables

INDEX = "corpus.json"
_BARE = pa.schema([field for field in SCHEMAS["rows"] if field.name not in GRAMMAR])
_KNOWN = {
    name: (schema, _BARE) if name == "rows" else (schema,) for name, schema in SCHEMAS.items()
}


class ShardNote(BaseModel):
    """What the index says of a shard: its folder and content, and each table's rows, bytes, SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern="^[0-9a-f]+$")]
    content_hash: str
    counts: dict[str, int]
    sizes: dict[str, int]
    hashes: dict[str, str]


class Index(BaseModel):
    """What `corpus.json` says.

    pipeline: the fields of a `biolabel.text.pipeline.Pipeline`, which needs spaCy, as this must not;
    content_hash: the SHA-256 of the hashes of all documents in order, whatever their shards;
    shard_documents: how many documents a shard holds at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[4]
    pipeline: dict[str, str | bool]
    content_hash: str
    shard_documents: int
    shards: tuple[ShardNote, ...]


def read_index(folder: Path) -> Index:
    """Return what a corpus store says about itself, without opening its tables.

    Raises:
        CorpusError: BL611 when the folder is no corpus store; BL612 when its index is damaged or of
            another version.
    """
    path = folder / INDEX
    if not path.is_file():
        raise CorpusError("BL611", f"{folder} is no corpus store: it has no {INDEX}")
    try:
        return Index.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise damaged(folder, f"in {INDEX}, {place}: {first['msg']}") from error


def write_index(folder: Path, index: Index) -> None:
    """Let an index take the place of the one before; an OSError is raised as it is."""
    with replacing_file(folder / INDEX) as temporary:
        temporary.write_text(index.model_dump_json(indent=1) + "\n", "utf-8")


def write_shards(
    folder: Path,
    parts: Iterable[Tables],
    pipeline: Mapping[str, str | bool],
    shard_documents: int,
    before: Mapping[str, ShardNote],
) -> Index:
    """Write the tables of each shard, and return the index that names them; it is not written yet.

    before: the shards that the folder has, by their content hashes; they are not written again. An
    OSError is raised as it is.
    """
    digest = hashlib.sha256()
    notes = []
    for tables in parts:
        hashes = hashes_of(tables)
        digest.update(b"".join(hashes))
        content_hash = content_hash_of(hashes)
        notes.append(before.get(content_hash) or _write_shard(folder, tables, content_hash))
    return Index(
        version=4,
        pipeline=dict(pipeline),
        content_hash=digest.hexdigest(),
        shard_documents=shard_documents,
        shards=tuple(notes),
    )


def _write_shard(folder: Path, tables: Tables, content_hash: str) -> ShardNote:
    name = content_hash[:32]
    sizes, hashes = {}, {}
    with replacing_folder(shard_folder(folder, name)) as temporary:
        for table, content in tables.items():
            path = temporary / f"{table}.arrow"
            with pa.ipc.new_file(str(path), content.schema) as writer:
                writer.write_table(content.combine_chunks())
            sizes[table] = path.stat().st_size
            hashes[table] = hash_of(path)
    return ShardNote(
        name=name,
        content_hash=content_hash,
        counts={table: content.num_rows for table, content in tables.items()},
        sizes=sizes,
        hashes=hashes,
    )


def read_tables(folder: Path) -> tuple[Index, tuple[Tables, ...]]:
    """Return the index of a store and the tables of each shard.

    Raises:
        CorpusError: as `read_index` and `read_shard`.
    """
    index = read_index(folder)
    try:
        return index, tuple(read_shard(folder, note) for note in index.shards)
    except CorpusError:
        # Another process may have changed the store since its index was read.
        if read_index(folder) == index:
            raise
    return read_tables(folder)


def read_shard(folder: Path, note: ShardNote) -> Tables:
    """Map the tables of a shard; they stay on disk, and there also if the store changes.

    Raises:
        CorpusError: BL612 when they are not what the index says.
    """
    return {name: _read(folder, name, note) for name in SCHEMAS}


def _read(folder: Path, name: str, note: ShardNote) -> pa.Table:
    path = shard_folder(folder, note.name) / f"{name}.arrow"
    place = path.relative_to(folder)
    try:
        size = path.stat().st_size
        if size != note.sizes.get(name):
            wanted = note.sizes.get(name, 0)
            raise damaged(folder, f"{place} has {size} bytes instead of {wanted}")
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowException) as error:
        raise damaged(folder, f"{place} cannot be read: {error}") from error
    if table.schema not in _KNOWN[name]:
        raise damaged(folder, f"{place} has other columns than it should")
    if table.num_rows != note.counts.get(name):
        raise damaged(folder, f"{place} has {table.num_rows} rows, the index says otherwise")
    return table


def shard_folder(folder: Path, name: str) -> Path:
    """Return where a shard of a store lies."""
    return folder / "shards" / name


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others from changing a store until the block ends, or this process does, however it ends.

    Raises:
        CorpusError: BL661 when another process changes it.
        OSError: as the file system does.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise CorpusError(
            "BL661", f"another process is changing {folder}", hint="try again when it is done"
        ) from error
    try:
        yield
    finally:
        os.close(handle)


def check_files(folder: Path, index: Index) -> None:
    """Check that all files of a store have the bytes that its index says.

    Raises:
        CorpusError: BL664 for the first that has not; an OSError is raised as it is.
    """
    for note in index.shards:
        for name, wanted in note.hashes.items():
            path = shard_folder(folder, note.name) / f"{name}.arrow"
            if hash_of(path) != wanted:
                said = f"{path} has other bytes than were written"
                hint = f"`biolabel corpus verify {folder}` tells all that is wrong; make the store again"
                raise CorpusError("BL664", said, hint=hint)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal; an OSError is raised as it is."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged(folder: Path, what: str) -> CorpusError:
    """Return the error for a store whose files are not what they should be (BL612)."""
    return CorpusError(
        "BL612",
        f"the corpus store {folder} is damaged: {what}",
        hint="make it again from the corpus file",
    )
