from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.build import content_hash_of, hashes_of, naive, tables_of
from biolabel.text.store_files import (
    hash_of,
    read_index,
    read_shard,
    shard_folder,
    write_index,
    write_shards,
)
from biolabel.text.store_tables import Tables

NAIVE: dict[str, str | bool] = {"sentences": "naive", "abbreviations": False}


def tables(*ids: str) -> Tables:
    documents = [Document(id_, (Passage("title", 0, f"Of {id_}."),)) for id_ in ids]
    return tables_of((each, naive(each)) for each in documents)


def test_an_index_says_what_its_shards_hold(tmp_path: Path) -> None:
    parts = [tables("a", "b"), tables("c")]
    index = write_shards(tmp_path, parts, NAIVE, 2, {})
    write_index(tmp_path, index)
    assert read_index(tmp_path) == index
    assert [note.counts["documents"] for note in index.shards] == [2, 1]
    assert index.content_hash == content_hash_of(h for part in parts for h in hashes_of(part))
    for note, part in zip(index.shards, parts, strict=True):
        assert read_shard(tmp_path, note) == part
        for name, told in note.hashes.items():
            path = shard_folder(tmp_path, note.name) / f"{name}.arrow"
            assert (hash_of(path), path.stat().st_size) == (told, note.sizes[name])


def test_a_shard_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    index = write_shards(tmp_path, [tables("a")], NAIVE, 1, {})
    path = shard_folder(tmp_path, index.shards[0].name)
    before = path.stat().st_ino
    known = {note.content_hash: note for note in index.shards}
    again = write_shards(tmp_path, [tables("b"), tables("a")], NAIVE, 1, known)
    assert again.shards[1] == index.shards[0]
    assert path.stat().st_ino == before


def test_a_folder_without_an_index_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read_index(tmp_path)
    assert caught.value.code == "BL611"
