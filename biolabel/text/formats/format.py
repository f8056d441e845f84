"""What a corpus format is: how its files are named, told apart, read and written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.text.rejects import Rejects

Columns = Mapping[str, str]
"""Which column of a table holds what: `{"text": "abstract"}`; empty for the names that are usual."""

Read = Callable[[Path, Rejects, Columns], Iterator[Document]]
Write = Callable[[Path, Iterable[Document]], None]


def no_columns(read: Callable[[Path, Rejects], Iterator[Document]]) -> Read:
    """Return the reader of a format that has no columns to choose from."""
    return lambda path, rejects, _: read(path, rejects)


@dataclass(frozen=True, slots=True)
class Format:
    """A corpus format.

    name: what users write after `--format`; title: what it is called in text.
    endings: of its files, in lower case and without `.gz`, which every format may have; the longest
        one that fits a file decides.
    read: yields the documents of a file (or of a folder, see `folder`) one at a time, with the topics
        beside it; what it cannot use goes to the rejects.
    write: writes documents one at a time, or None; `.gz` in the name packs the file.
    looks: whether the beginning of a file (unpacked, 64 KiB) is of this format; asked only where several
        formats have the file's ending, or one that ends in it. None for the format that is taken if no
        other fits.
    folder: whether a folder as a whole is a corpus of this format; None if a corpus is a file.
        (A folder of files of one format is a corpus too; that needs nothing here.)
    index: a file of such a folder that changes whenever another one does, so that it stands for all.
    columns: what a map of columns can name, nothing if the format has no columns.
    beside: what other files a corpus has whose main file is given, whether or not they exist.
    holds: what of a document the format keeps, names of `aspects.ASPECTS`.
    unfit: why a document cannot be written at all (`write` raises BL610 for it), or nothing.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    read: Read
    write: Write | None = None
    looks: Callable[[bytes], bool] | None = None
    folder: Callable[[Path], bool] | None = None
    index: str = ""
    columns: tuple[str, ...] = ()
    beside: Callable[[Path], tuple[Path, ...]] = lambda _: ()
    holds: frozenset[str] = frozenset()
    unfit: Callable[[Document], str] = lambda _: ""
