"""What a run predicted, one document at a time: a file of 100,000 takes many seconds to read as a whole."""

import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats.pubtator import read_piece
from biolabel.text.rejects import Rejects
from biolabel.text.topics import TopicLabels, read_topics

_BETWEEN = b"\n\n"
"""What `pubtator.write` ends a document with; no line in it is empty."""
_NO_TEXT = re.compile(rb"[^|]*\|t\|\s*\n[^|]*\|a\|\s*(?:\n|\Z)")


class Predicted(Mapping[str, Document]):
    """The documents of a file that `pubtator.write` wrote, by id, each read when it is asked for.

    All of them can be gone through as well, in the order of the file. It stays as it was when the
    first document was asked for, also if somebody deletes the file.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read yet."""
        self._path = path

    @cached_property
    def _content(self) -> "mmap.mmap | bytes":
        try:
            with self._path.open("rb") as file:
                if not self._path.stat().st_size:
                    return b""
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise CorpusError("BL601", f"cannot read {self._path}: {error.strerror}") from error

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        """Where each document begins and ends, in bytes."""
        content, start = self._content, 0
        found: dict[str, tuple[int, int]] = {}
        while (end := content.find(_BETWEEN, start)) >= 0:
            if not _NO_TEXT.match(content, start, end):
                name = content[start : content.find(b"|", start, end)]
                found[name.decode()] = start, end
            start = end + len(_BETWEEN)
        return found

    @cached_property
    def _topics(self) -> Mapping[str, TopicLabels]:
        return read_topics(self._path, Rejects())

    def __getitem__(self, name: str) -> Document:
        """Return a document; KeyError for an id that the file has not.

        Raises:
            CorpusError: BL601 when the file cannot be read.
        """
        start, end = self._places[name]
        found = next(read_piece(self._content[start:end], self._path))
        labels = self._topics.get(name)
        return replace(found, topics={**found.topics, **labels.labels}) if labels else found

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many documents there are."""
        return len(self._places)
