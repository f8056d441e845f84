from pathlib import Path

import pytest

from biolabel.errors import CorpusError
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import read_rejects
from biolabel.text.store import open_store
from biolabel.workflow.corpora import Sources, add, build, replace

NAIVE = Pipeline(sentences="naive", abbreviations=False)


def file(folder: Path, name: str, **texts: str) -> Path:
    path = folder / f"{name}.pubtator"
    lines = (f"{id_[1:]}|t|{text}\n{id_[1:]}|a|\n\n" for id_, text in texts.items())
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store of documents 1 to 3."""
    paths = [file(tmp_path, "one", _1="Tea", _2="Two"), file(tmp_path, "two", _3="Milk")]
    done = build(Sources(paths), tmp_path / "s", NAIVE, shard_documents=2)
    assert (done.used, done.rejects.rows) == (3, [])
    return tmp_path / "s"


def titles(store: Path) -> dict[str, str]:
    corpus = open_store(store).whole()
    return dict(zip(corpus.ids, (text.strip() for text in corpus.texts), strict=True))


def test_files_become_one_store_and_repeated_documents_are_rejected(
    store: Path, tmp_path: Path
) -> None:
    assert titles(store) == {"1": "Tea", "2": "Two", "3": "Milk"}
    paths = [file(tmp_path, "one", _1="Tea"), file(tmp_path, "two", _1="Cup", _2="Two")]
    done = build(Sources(paths), store, NAIVE)
    assert titles(store) == {"1": "Tea", "2": "Two"}
    assert dict(done.rejects.counts()) == {"document": 1}
    (row,) = read_rejects(tmp_path / "s.rejects.tsv").rows
    assert (row.file, row.doc) == ("two.pubtator", "1")
    build(Sources(paths[:1]), store, NAIVE)
    assert not (tmp_path / "s.rejects.tsv").exists()


def test_documents_are_added_and_known_ones_skipped_on_demand(store: Path, tmp_path: Path) -> None:
    both = Sources([file(tmp_path, "new", _3="Other", _4="Cake")])
    with pytest.raises(CorpusError) as caught:
        add(store, both)
    assert caught.value.code == "BL606"
    assert "skip" in caught.value.hint
    done = add(store, both, skip=True)
    assert done.used == 1
    assert titles(store) == {"1": "Tea", "2": "Two", "3": "Milk", "4": "Cake"}
    again = add(store, both, skip=True)
    assert (again.used, len(again.store.ids)) == (0, 4)


def test_documents_are_replaced_and_new_ones_skipped_on_demand(store: Path, tmp_path: Path) -> None:
    both = Sources([file(tmp_path, "new", _3="Other", _4="Cake")])
    with pytest.raises(CorpusError) as caught:
        replace(store, both)
    assert caught.value.code == "BL662"
    assert replace(store, both, skip=True).used == 1
    assert titles(store) == {"1": "Tea", "2": "Two", "3": "Other"}


def test_a_store_is_added_to_another(store: Path, tmp_path: Path) -> None:
    build(Sources([file(tmp_path, "new", _9="Cake")]), tmp_path / "other", NAIVE)
    assert add(store, Sources([tmp_path / "other"])).used == 1
    assert list(titles(store)) == ["1", "2", "3", "9"]


def test_a_file_without_documents_changes_nothing(store: Path, tmp_path: Path) -> None:
    (tmp_path / "none.pubtator").write_text("")
    with pytest.raises(CorpusError) as caught:
        add(store, Sources([tmp_path / "none.pubtator"]), skip=True)
    assert caught.value.code == "BL602"
    assert len(titles(store)) == 3


def test_an_error_says_why_no_document_is_left(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "latin.pubtator"
    path.write_bytes("1|t|Tea\n1|a|Caf\xe9\n\n".encode("latin-1"))
    for change in (add, replace):
        with pytest.raises(CorpusError, match="no documents") as caught:
            change(store, Sources([path]))
        assert caught.value.code == "BL605"
        assert caught.value.hint == "latin.pubtator, line 1: its abstract is not UTF-8"
    with pytest.raises(CorpusError) as caught:
        build(Sources([path]), tmp_path / "other", NAIVE)
    assert "not UTF-8" in caught.value.hint
    assert len(titles(store)) == 3
