import gzip
from pathlib import Path

import pytest

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.known import read_documents
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import Rejects, read_rejects
from biolabel.workflow.convert import convert, target_of
from biolabel.workflow.corpora import Sources, build

CONTENT = (
    "1|t|Zinc harms\n1|a|It does.\n1\t0\t4\tZinc\tX\tD1\n1\t0\t10\tZinc harms\tY\t-1\n"
    "1\tr\tD1\tD2\t0.5\n\n2 b|t|Iron\n2 b|a|\n2 b\t0\t4\tZinc\tX\t-1\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.pubtator.gz"
    path.write_bytes(gzip.compress(CONTENT.encode()))
    path.with_name(path.name + ".topics.tsv").write_text("1\ttopic\tx\n")
    return path


def read(path: Path) -> list[Document]:
    return list(read_documents(path, Rejects()))


def test_what_the_format_holds_is_all_there(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.bioc.json"
    done = convert(source, out)
    assert (done.source.name, done.target.name) == ("pubtator", "bioc-json")
    assert (done.documents, done.mentions, done.relations) == (2, 2, 1)
    assert read(out) == read(source)
    assert done.missing == {}
    assert [row.lost for row in read_rejects(tmp_path / "b.bioc.json.rejects.tsv").rows] == [
        "mention"
    ]


def test_what_the_format_does_not_hold_is_counted(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "b"
    done = convert(source, out, to="brat")
    # Offsets hold, but a document with a title alone comes back as one without sections.
    assert done.missing == {
        "titles or abstracts alone": 1,
        "relations between concepts": 1,
        "probabilities of relations": 1,
    }
    assert [document.text for document in read(out)] == ["Zinc harms It does.", "Iron"]


def test_documents_that_do_not_fit_are_rejected(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.conll"
    done = convert(source, out)
    assert [document.id for document in read(out)] == ["1"]
    assert (done.documents, done.rejects.counts()["document"]) == (1, 1)
    assert "2 b" in done.rejects.rows[-1].reason
    assert done.missing["overlapping mentions"] == 1


def test_nothing_is_written_without_documents(source: Path, tmp_path: Path) -> None:
    source.write_bytes(gzip.compress(b"2 b|t|Iron\n"))
    out = tmp_path / "b.conll"
    out.write_text("old")
    with pytest.raises(CorpusError, match="no documents to write") as caught:
        convert(source, out)
    assert caught.value.code == "BL605"
    assert "blanks" in caught.value.hint
    assert out.read_text() == "old"


def test_old_rejects_go_when_there_are_none(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.pubtator"
    convert(source, out)
    assert (tmp_path / "b.pubtator.rejects.tsv").exists()
    source.write_bytes(gzip.compress(b"3|t|Iron\n"))
    source.with_name(source.name + ".topics.tsv").unlink()
    convert(source, out)
    assert not (tmp_path / "b.pubtator.rejects.tsv").exists()


def test_a_folder_is_converted_into_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.pubtator").write_text(f"{number}|t|Zinc\n")
    assert convert(folder, tmp_path / "b.bioc.xml").documents == 2


def test_a_corpus_is_not_written_over_itself(source: Path, tmp_path: Path) -> None:
    (tmp_path / "link.pubtator.gz").symlink_to(source)
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "1.pubtator").write_text("1|t|Zinc\n")
    before = source.read_bytes()
    for path, out in (
        (source, source),
        (source, tmp_path / "many" / ".." / source.name),
        (source, tmp_path / "link.pubtator.gz"),
        (folder, folder / "1.pubtator"),
        (folder, folder),
        (folder / "1.pubtator", folder),
    ):
        with pytest.raises(CorpusError) as caught:
            convert(path, out, to="brat" if out == folder else "")
        assert caught.value.code == "BL672"
        assert str(out) in caught.value.message
    assert source.read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["1.pubtator"]
    assert convert(folder, folder / "2.jsonl").documents == 1


def test_nothing_is_written_into_a_store(source: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(Sources([source]), store, Pipeline())
    before = sorted(path.name for path in store.rglob("*"))
    for out in (store / "out.jsonl", store / "00000" / "out.jsonl"):
        with pytest.raises(CorpusError) as caught:
            convert(store, out)
        assert caught.value.code == "BL672"
    assert sorted(path.name for path in store.rglob("*")) == before


def test_a_name_that_belongs_to_another_format_is_refused(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.bioc.json"
    with pytest.raises(CorpusError) as caught:
        convert(source, out, to="pubtator")
    assert caught.value.code == "BL635"
    assert "b.bioc.json" in caught.value.message
    assert "BioC JSON" in caught.value.message
    assert ".pubtator" in caught.value.hint
    assert not out.exists()
    assert target_of(tmp_path / "b.txt.gz", "pubtator").name == "pubtator"
    assert target_of(tmp_path / "b.json", "bioc-json").name == "bioc-json"


def test_the_format_to_write_must_be_told() -> None:
    assert target_of(Path("a.xml")).name == "bioc-xml"
    assert target_of(Path("a.dat"), "conll").name == "conll"
    for name, to, code in (("a.dat", "", "BL635"), ("a", "drugprot", "BL634"), ("a", "x", "BL630")):
        with pytest.raises(CorpusError) as caught:
            target_of(Path(name), to)
        assert caught.value.code == code
        assert "bioc-xml" in caught.value.hint
