"""Plain text, a document a file or a line."""

import gzip
from pathlib import Path

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.text.formats import plain
from biolabel.text.formats.known import format_of, read_documents, source_of
from biolabel.text.rejects import Rejects

CONTENT = "\ufeffZinc and β\r\n\r\n \nIt slept.\nThen it woke.\n\n"


def found(path: Path, format: str = "") -> tuple[list[Document], list[tuple[int, str, str, str]]]:
    rejects = Rejects()
    documents = list(read_documents(path, rejects, format))
    return documents, [(row.line, row.doc, row.lost, row.reason) for row in rejects.rows]


@pytest.mark.parametrize("name", ["a.b.txt", "a.b.txt.gz"])
def test_a_file_is_a_document_and_a_paragraph_a_passage(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = CONTENT.encode()
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert format_of(path).name == "plain"
    (document,), rejects = found(path)
    passages = (Passage("", 0, "Zinc and β"), Passage("", 14, "It slept.\nThen it woke."))
    assert (document, rejects) == (Document("a.b", passages), [])
    text = CONTENT.removeprefix("\ufeff").replace("\r\n", "\n")
    assert text[14:].startswith(passages[1].text)


def test_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(f"This is {name}.")
    assert source_of(tmp_path).format.name == "plain"
    assert [(d.id, d.text) for d in found(tmp_path)[0]] == [
        ("a", "This is a."),
        ("b", "This is b."),
    ]


def test_a_line_is_a_document_if_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"One.\n\nTwo\xe9.\r\nThree. \n")
    documents, rejects = found(path, "lines")
    assert [(d.id, d.text) for d in documents] == [("a-1", "One."), ("a-4", "Three. ")]
    assert rejects == [(3, "", "document", "the line is not UTF-8")]
    (tmp_path / "a.txt.topics.tsv").write_text("a-4\tt\tyes\n")
    assert found(path, "lines")[0][1].topics == {"t": "yes"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file has no text"),
        (b" \n\n", "the file has no text"),
        (b"a\n\xff\n", "line 2 is not UTF-8"),
        (gzip.compress(bytes(range(32, 127)) * 50, mtime=0)[:-10], "is cut off"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    documents, ((_, doc, lost, why),) = found(path, "plain")
    assert (documents, doc, lost) == ([], "a", "document")
    assert reason in why


def test_a_file_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LONGEST", 100)
    path = tmp_path / "a.txt"
    path.write_text("Zinc slept.\n" * 20)
    assert found(path)[1][0][1:] == ("a", "document", "the file is too long")
