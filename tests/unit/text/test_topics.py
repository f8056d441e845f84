from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.rejects import Rejects
from biolabel.text.topics import (
    TopicLabels,
    is_topics,
    read_topics,
    reject_unused,
    topics_path,
    with_topics,
    writing_topics,
)


def write(path: Path, *documents: Document) -> None:
    with writing_topics(path) as add:
        for document in documents:
            add(document)


def test_labels_stand_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.pubtator.gz"
    assert topics_path(path).name == "dev.pubtator.gz.topics.tsv"
    document = Document("1", (), topics={"topic": "adverse  event", "kind": "trial"})
    write(path, document)
    assert is_topics(topics_path(path))
    rejects = Rejects()
    found = read_topics(path, rejects)["1"]
    assert found.labels == {"topic": "adverse event", "kind": "trial"}
    assert found.lines == {"topic": 1, "kind": 2}
    assert rejects.rows == []


def test_no_labels_leave_no_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.pubtator"
    write(path, Document("1", (), topics={"topic": "old"}))
    write(path)
    assert list(tmp_path.iterdir()) == []
    assert read_topics(path, Rejects()) == {}


def test_bad_lines_are_rejected_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "dev.pubtator"
    content = b"1\ttopic\tharm\n1 topic harm\n\n1\ttopic\tuse\n2\t\tharm\n3\ttopic\t\xff\n4\tt\tx\n"
    topics_path(path).write_bytes(content)
    rejects = Rejects()
    assert {doc: found.labels for doc, found in read_topics(path, rejects).items()} == {
        "1": {"topic": "harm"},
        "4": {"t": "x"},
    }
    assert [(row.line, row.lost) for row in rejects.rows] == [
        (2, "topic"), (4, "topic"), (5, "topic"), (6, "topic"),
    ]  # fmt: skip
    assert "already" in rejects.rows[1].reason


def test_labels_of_unknown_documents_are_rejected(tmp_path: Path) -> None:
    rejects = Rejects()
    reject_unused(tmp_path / "a", {"9": TopicLabels({"topic": "x"}, {"topic": 5})}, rejects)
    assert [(row.line, row.doc, row.text) for row in rejects.rows] == [(5, "9", "x")]


def test_labels_join_those_that_a_document_has(tmp_path: Path) -> None:
    path = tmp_path / "a"
    topics_path(path).write_text("1\ttopic\tnew\n2\ttopic\tx\n")
    given = [Document("1", (), topics={"topic": "old", "kind": "trial"}), Document("3", ())]
    rejects = Rejects()
    labeled = [document.topics for document in with_topics(path, given, rejects)]
    assert labeled == [{"topic": "new", "kind": "trial"}, {}]
    assert [row.doc for row in rejects.rows] == ["2"]
