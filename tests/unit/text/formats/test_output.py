import gzip
from pathlib import Path

import pytest

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.output import write_pieces

DOCUMENTS = [Document("1", ()), Document("2", (), topics={"topic": "x"})]


def piece(document: Document) -> bytes:
    if document.id == "bad":
        raise CorpusError("BL610", "no")
    return document.id.encode()


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "A.GZ"])
def test_pieces_stand_between_head_and_tail(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_pieces(path, DOCUMENTS, piece, head=b"<", between=b",", tail=b">")
    content = path.read_bytes()
    assert (gzip.decompress(content) if name.lower().endswith(".gz") else content) == b"<1,2>"
    assert (tmp_path / f"{name}.topics.tsv").read_text() == "2\ttopic\tx\n"
    write_pieces(path, DOCUMENTS, piece, head=b"<", between=b",", tail=b">")
    assert path.read_bytes() == content


def test_a_fault_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_pieces(path, DOCUMENTS, piece)
    with pytest.raises(CorpusError):
        write_pieces(path, [*DOCUMENTS, Document("bad", ())], piece)
    assert path.read_bytes() == b"12"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "a.txt.topics.tsv"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match="cannot write") as caught:
        write_pieces(tmp_path / "file" / "a.txt", DOCUMENTS, piece)
    assert caught.value.code == "BL604"
