"""Plain text: a document a file (`plain`), or a document a line (`lines`).

A file is one document, called after it, and each of its paragraphs, between empty lines, a passage;
offsets count from the start of the file. A folder of files is a corpus. Lines are documents only if that
is said, for nothing in a file tells it; they are called after the file with the line's number behind.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from biolabel.data.documents import Document, Passage
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.lines import LONGEST, read_lines, whole_lines
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    r"""Yield the one document of a text file, plain or gzip; its line ends are `\n`, whatever they were.

    Raises:
        CorpusError: BL601 when the file cannot be read.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    doc = _name(path)
    lines: list[tuple[int, str]] = []
    at = 0
    for line in read_lines(path):
        if line.fault or at > LONGEST:
            what = f"line {line.number} is {line.fault}" if line.fault else "the file is too long"
            rejects.add(path, line.number, doc, "document", what, line.text)
            return
        lines.append((at, line.text))
        at += len(line.text) + 1
    paragraphs = [
        list(group) for has, group in groupby(lines, lambda line: bool(line[1].strip())) if has
    ]
    if paragraphs:
        yield Document(doc, tuple(_passage(paragraph) for paragraph in paragraphs))
    else:
        rejects.add(path, 1, doc, "document", "the file has no text", "")


def _passage(paragraph: list[tuple[int, str]]) -> Passage:
    return Passage("", paragraph[0][0], "\n".join(text for _, text in paragraph))


def read_each_line(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield a document for every line of a file, plain or gzip, that is not empty.

    Raises:
        CorpusError: BL601 when the file cannot be read.
    """
    return with_topics(path, _read_each_line(path, rejects), rejects)


def _read_each_line(path: Path, rejects: Rejects) -> Iterator[Document]:
    for line in whole_lines(path, rejects):
        if line.fault:
            reason = f"the line is {line.fault}"
            rejects.add(path, line.number, "", "document", reason, line.text)
        elif line.text.strip():
            yield Document(f"{_name(path)}-{line.number}", (Passage("", 0, line.text),))


def _name(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rpartition(".")[0] or name


PLAIN = Format("plain", "plain text", (".txt",), no_columns(read))
LINES = Format("lines", "text with a document a line", (), no_columns(read_each_line))
