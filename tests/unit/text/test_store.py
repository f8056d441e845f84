import json
import shutil
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from biolabel.data.corpus import SCHEMAS, Corpus
from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.documents import corpus_documents
from biolabel.text.formats.pubtator import read
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects
from biolabel.text.store import Store, open_store, take_over, write

SMALL = Path(__file__).parents[2] / "data" / "small.pubtator"
NAIVE = Pipeline(sentences="naive", abbreviations=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "small"
    write(folder, read(SMALL, Rejects()), NAIVE)
    return folder


def test_documents_come_back_from_disk(store: Path) -> None:
    assert list(corpus_documents(open_store(store).whole())) == list(read(SMALL, Rejects()))


def test_columns_are_memory_mapped(store: Path) -> None:
    before = pa.total_allocated_bytes()
    corpus = open_store(store).corpus(0)
    assert not corpus.row_start.flags.writeable
    assert not corpus.row_start.flags.owndata
    assert pa.total_allocated_bytes() - before < 16_384


def test_a_store_says_what_is_there(store: Path) -> None:
    found = open_store(store)
    assert found.pipeline == NAIVE
    assert found.ids == tuple(document.id for document in read(SMALL, Rejects()))
    (shard,) = found.shards
    assert shard.documents == 3
    assert shard.folder.is_dir()
    assert shard.content_hash == found.content_hash == found.whole().content_hash


def test_a_store_of_many_shards_opens_at_once_and_without_a_copy(tmp_path: Path) -> None:
    """The columns of 20 shards, which 100,000 abstracts have; benchmarks/store.py opens these."""
    documents = (Document(str(i), (Passage("title", 0, f"Of {i}."),)) for i in range(20))
    write(tmp_path / "s", documents, NAIVE, shard_documents=1)
    seconds = []
    for _ in range(3):
        before, started = pa.total_allocated_bytes(), time.process_time()
        opened = open_store(tmp_path / "s")
        corpora = [opened.corpus(shard) for shard in range(20)]
        seconds.append(time.process_time() - started)
        assert pa.total_allocated_bytes() - before < 20 * 16_384
        del opened, corpora
    assert min(seconds) < 0.2


def several(tmp_path: Path, size: int) -> Store:
    return write(tmp_path / f"by{size}", read(SMALL, Rejects()), NAIVE, shard_documents=size)


def test_shards_make_no_difference(store: Path, tmp_path: Path) -> None:
    whole = open_store(store).whole()
    for size, numbers in enumerate(([1, 1, 1], [2, 1], [3], [3]), 1):
        found = several(tmp_path, size)
        assert [shard.documents for shard in found.shards] == numbers
        assert found.content_hash == whole.content_hash
        assert found.ids == whole.ids
        same(found.whole(), whole)


def same(one: Corpus, other: Corpus) -> None:
    for field in fields(Corpus):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right, field.name)
        elif field.name not in ("content_hash", "columns", "texts"):
            assert left == right, field.name
    for name in ("ids", "meta", "topics", "relations", "mention_concepts", "forms", "lowers"):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.texts) == list(other.texts)


def test_a_shard_is_a_corpus_of_its_own(tmp_path: Path) -> None:
    found = several(tmp_path, 2)
    again = write(tmp_path / "rest", list(read(SMALL, Rejects()))[2:], NAIVE)
    same(found.corpus(1), again.whole())
    assert found.shards[1].content_hash == again.content_hash != found.content_hash


@pytest.mark.parametrize("linking", [True, False])
def test_shards_are_taken_over_from_another_store(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linking: bool
) -> None:
    def refuse(*_: str) -> None:
        raise OSError("another file system")

    if not linking:
        monkeypatch.setattr("os.link", refuse)
    taken = take_over(store, tmp_path / "new")
    assert taken.content_hash == open_store(store).content_hash
    same(taken.whole(), open_store(store).whole())
    paths = [path / "rows.arrow" for path in (taken.shards[0].folder, *store.glob("shards/*"))]
    assert paths[0].samefile(paths[1]) == linking
    with pytest.raises(CorpusError) as caught:
        take_over(tmp_path, tmp_path / "other")
    assert caught.value.code == "BL611"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_an_id_twice_is_told_also_over_shards(tmp_path: Path) -> None:
    twice = [*read(SMALL, Rejects()), *read(SMALL, Rejects())]
    with pytest.raises(CorpusError, match="is there twice") as caught:
        write(tmp_path / "store", twice, NAIVE, shard_documents=2)
    assert caught.value.code == "BL606"
    assert list(tmp_path.iterdir()) == []


def test_writing_twice_gives_the_same_bytes(store: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", read(SMALL, Rejects()), NAIVE)
    paths = [path.relative_to(store) for path in store.rglob("*") if path.is_file()]
    assert len(paths) == 1 + len(SCHEMAS)
    for path in paths:
        assert (store / path).read_bytes() == (tmp_path / "again" / path).read_bytes(), path


def test_a_store_is_replaced_while_it_is_open(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    old = write(folder, read(SMALL, Rejects()), NAIVE)
    new = write(folder, [Document("x", (Passage("title", 0, "Other text"),))], NAIVE)
    assert old.whole().texts[2] == "A title without an abstract"
    assert new.ids == open_store(folder).ids == ("x",)
    assert [entry.name for entry in tmp_path.iterdir()] == ["store"]


def test_a_failed_write_leaves_the_old_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write(folder, read(SMALL, Rejects()), NAIVE)
    with pytest.raises(CorpusError, match="no documents") as caught:
        write(folder, [], NAIVE)
    assert caught.value.code == "BL605"
    assert len(open_store(folder).ids) == 3


def test_a_folder_of_something_else_is_neither_read_nor_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CorpusError, match="no corpus store") as caught:
        open_store(tmp_path)
    assert caught.value.code == "BL611"
    with pytest.raises(CorpusError, match="not overwritten") as caught:
        write(tmp_path, read(SMALL, Rejects()), NAIVE)
    assert caught.value.code == "BL611"
    assert (tmp_path / "thesis.txt").exists()


def table(folder: Path, name: str) -> Path:
    (path,) = folder.glob(f"shards/*/{name}.arrow")
    return path


def cut(folder: Path) -> None:
    path = table(folder, "rows")
    path.write_bytes(path.read_bytes()[:-100])


def overwrite(folder: Path) -> None:
    path = table(folder, "rows")
    path.write_bytes(bytes(path.stat().st_size))


def remove(folder: Path) -> None:
    table(folder, "mentions").unlink()


def swap(folder: Path) -> None:
    """Put the sections where the mentions should be, and let the index agree."""
    path = table(folder, "mentions")
    shutil.copy(table(folder, "sections"), path)
    edit(folder, "sizes", "mentions", path.stat().st_size)


def miscount(folder: Path) -> None:
    edit(folder, "counts", "rows", 1)


def garble(folder: Path) -> None:
    (folder / "corpus.json").write_text("{")


def age(folder: Path) -> None:
    path = folder / "corpus.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 99}))


def stray(folder: Path) -> None:
    path = folder / "corpus.json"
    index = json.loads(path.read_text())
    index["shards"][0]["name"] = "../elsewhere"
    path.write_text(json.dumps(index))


def rename(folder: Path) -> None:
    path = folder / "corpus.json"
    path.write_text(path.read_text().replace('"tagger"', '"tager"'))


def edit(folder: Path, key: str, name: str, value: int) -> None:
    path = folder / "corpus.json"
    index = json.loads(path.read_text())
    index["shards"][0][key][name] = value
    path.write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (cut, "rows.arrow has"),
        (overwrite, "rows.arrow cannot be read"),
        (remove, "mentions.arrow cannot be read"),
        (swap, "mentions.arrow has other columns"),
        (miscount, "the index says otherwise"),
        (garble, "in corpus.json"),
        (age, "version"),
        (rename, "in corpus.json, pipeline: .*'tager'"),
        (stray, "in corpus.json, shards.0.name"),
    ],
)
def test_damage_is_told(
    store: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(store, folder)
    harm(folder)
    with pytest.raises(CorpusError, match=said) as caught:
        open_store(folder)
    assert caught.value.code == "BL612"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot write") as caught:
        write(tmp_path / "file" / "store", read(SMALL, Rejects()), NAIVE)
    assert caught.value.code == "BL604"
