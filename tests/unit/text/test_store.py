import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from biolabel.data.corpus import SCHEMAS
from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text.documents import corpus_documents
from biolabel.text.formats.pubtator import read
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects
from biolabel.text.store import open_corpus, read_index, write

SMALL = Path(__file__).parents[2] / "data" / "small.pubtator"
NAIVE = Pipeline(sentences="naive", abbreviations=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "small"
    write(folder, read(SMALL, Rejects()), NAIVE)
    return folder


def test_documents_come_back_from_disk(store: Path) -> None:
    assert list(corpus_documents(open_corpus(store))) == list(read(SMALL, Rejects()))


def test_columns_are_memory_mapped(store: Path) -> None:
    corpus = open_corpus(store)
    before = pa.total_allocated_bytes()
    again = open_corpus(store)
    assert again.row_start.tolist() == corpus.row_start.tolist()
    assert not corpus.row_start.flags.writeable
    assert not corpus.row_start.flags.owndata
    assert pa.total_allocated_bytes() - before < 4096


def test_the_index_says_what_is_there(store: Path) -> None:
    index = read_index(store)
    assert index.pipeline == NAIVE
    assert index.counts["documents"] == 3
    assert index.counts.keys() == index.sizes.keys() == SCHEMAS.keys()
    assert index.content_hash == open_corpus(store).content_hash


def test_writing_twice_gives_the_same_bytes(store: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", read(SMALL, Rejects()), NAIVE)
    for path in store.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_a_store_is_replaced_while_it_is_open(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    old = write(folder, read(SMALL, Rejects()), NAIVE)
    new = write(folder, [Document("x", (Passage("title", 0, "Other text"),))], NAIVE)
    assert old.texts[2] == "A title without an abstract"
    assert new.ids == open_corpus(folder).ids == ("x",)
    assert [entry.name for entry in tmp_path.iterdir()] == ["store"]


def test_a_failed_write_leaves_the_old_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write(folder, read(SMALL, Rejects()), NAIVE)
    with pytest.raises(CorpusError, match="no documents") as caught:
        write(folder, [], NAIVE)
    assert caught.value.code == "BL605"
    assert len(open_corpus(folder).ids) == 3


def test_a_folder_of_something_else_is_neither_read_nor_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CorpusError, match="no corpus store") as caught:
        open_corpus(tmp_path)
    assert caught.value.code == "BL611"
    with pytest.raises(CorpusError, match="not overwritten") as caught:
        write(tmp_path, read(SMALL, Rejects()), NAIVE)
    assert caught.value.code == "BL611"
    assert (tmp_path / "thesis.txt").exists()


def cut(folder: Path) -> None:
    path = folder / "rows.arrow"
    path.write_bytes(path.read_bytes()[:-100])


def overwrite(folder: Path) -> None:
    path = folder / "rows.arrow"
    path.write_bytes(bytes(path.stat().st_size))


def remove(folder: Path) -> None:
    (folder / "mentions.arrow").unlink()


def swap(folder: Path) -> None:
    """Put the sections where the mentions should be, and let the index agree."""
    shutil.copy(folder / "sections.arrow", folder / "mentions.arrow")
    edit(folder, "sizes", "mentions", (folder / "mentions.arrow").stat().st_size)


def miscount(folder: Path) -> None:
    edit(folder, "counts", "rows", 1)


def garble(folder: Path) -> None:
    (folder / "corpus.json").write_text("{")


def age(folder: Path) -> None:
    edit(folder, "version", "", 99)


def edit(folder: Path, key: str, name: str, value: int) -> None:
    path = folder / "corpus.json"
    index = json.loads(path.read_text())
    if name:
        index[key][name] = value
    else:
        index[key] = value
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
    ],
)
def test_damage_is_told(
    store: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(store, folder)
    harm(folder)
    with pytest.raises(CorpusError, match=said) as caught:
        open_corpus(folder)
    assert caught.value.code == "BL612"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="cannot write") as caught:
        write(tmp_path / "file" / "store", read(SMALL, Rejects()), NAIVE)
    assert caught.value.code == "BL604"
