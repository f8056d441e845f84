"""Labels of whole documents, kept beside a corpus file in `FILE.topics.tsv`.

Each line is document, task and label with tabs between them; there is no header.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.files import file_beside, replacing_file
from biolabel.text.lines import read_lines
from biolabel.text.rejects import Rejects

_ENDING = ".topics.tsv"


@dataclass(frozen=True, slots=True)
class TopicLabels:
    """The labels of one document, task to label, and the lines that they were read from."""

    labels: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def topics_path(path: Path) -> Path:
    """Return the path of the labels that belong to a corpus file."""
    return file_beside(path, _ENDING)


def is_topics(path: Path) -> bool:
    """Return whether a file holds the labels beside a corpus file."""
    return path.name.endswith(_ENDING)


def with_topics(path: Path, documents: Iterable[Document], rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a corpus file with the labels that stand beside it.

    Labels that a document has already stay where the file beside says nothing of their task.

    Raises:
        CorpusError: BL601 when the file beside is there but cannot be read.
    """
    topics = read_topics(path, rejects)
    for document in documents:
        found = topics.pop(document.id, None)
        yield replace(document, topics={**document.topics, **found.labels}) if found else document
    reject_unused(path, topics, rejects)


def read_topics(path: Path, rejects: Rejects) -> dict[str, TopicLabels]:
    """Return the labels beside a corpus file by document id; none if there is no such file.

    Raises:
        CorpusError: BL601 when the file is there but cannot be read.
    """
    beside = topics_path(path)
    found: dict[str, TopicLabels] = {}
    for line in read_lines(beside) if beside.exists() else ():
        fields = [part.strip() for part in line.text.split("\t")]
        if line.fault:
            reason = f"the line is {line.fault}"
        elif fields == [""]:
            continue
        elif len(fields) != 3 or not all(fields):
            reason = "the line is not document, task and label with tabs between them"
        else:
            topics = found.setdefault(fields[0], TopicLabels())
            if fields[1] not in topics.labels:
                topics.labels[fields[1]] = fields[2]
                topics.lines[fields[1]] = line.number
                continue
            reason = f"the document has a label of {fields[1]} already"
        rejects.add(beside, line.number, fields[0], "topic", reason, line.text)
    return found


def reject_unused(path: Path, topics: Mapping[str, TopicLabels], rejects: Rejects) -> None:
    """Reject labels whose documents were not read from the corpus file."""
    reason = "the document is not among those that were read"
    for doc, found in topics.items():
        for task, label in found.labels.items():
            rejects.add(topics_path(path), found.lines[task], doc, "topic", reason, label)


def topic_lines(document: Document) -> list[str]:
    """Return the lines, without their ends, that hold the labels of a document."""
    return [
        "\t".join((document.id, " ".join(task.split()), " ".join(label.split())))
        for task, label in document.topics.items()
    ]


@contextmanager
def writing_topics(path: Path) -> Iterator[Callable[[Document], None]]:
    """Give what takes each document that is written to a corpus file, to put its labels beside it.

    If there are no labels, what stood there is removed.

    Raises:
        OSError: when the file cannot be written.
    """
    beside = topics_path(path)
    with replacing_file(beside) as temporary, temporary.open("w", encoding="utf-8") as stream:
        yield lambda document: stream.writelines(f"{line}\n" for line in topic_lines(document))
    if not beside.stat().st_size:
        beside.unlink()
