from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.rejects import Rejects
from biolabel.text.topics import (
    TopicLabels,
    read_topics,
    reject_unused,
    topic_lines,
    topics_path,
    write_topics,
)


def test_labels_stand_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.pubtator.gz"
    assert topics_path(path).name == "dev.pubtator.gz.topics.tsv"
    document = Document("1", (), topics={"topic": "adverse  event", "kind": "trial"})
    write_topics(path, topic_lines(document))
    rejects = Rejects()
    found = read_topics(path, rejects)["1"]
    assert found.labels == {"topic": "adverse event", "kind": "trial"}
    assert found.lines == {"topic": 1, "kind": 2}
    assert rejects.rows == []


def test_no_labels_leave_no_file(tmp_path: Path) -> None:
    path = tmp_path / "dev.pubtator"
    write_topics(path, ["1\ttopic\told"])
    write_topics(path, [])
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
