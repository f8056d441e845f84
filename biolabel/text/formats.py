"""Which corpus formats exist, and the reader for a file by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text import pubtator
from biolabel.text.rejects import Rejects


@dataclass(frozen=True, slots=True)
class Format:
    """A corpus format: its name, the endings of its files (any case) and its reader."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, Rejects], Iterator[Document]]


FORMATS = (
    Format(
        "PubTator",
        (".pubtator", ".pubtator.gz", ".pubtator.txt", ".pubtator.txt.gz"),
        pubtator.read,
    ),
)
"""Every format that can be read."""


def read_documents(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a corpus file in whichever format its name tells.

    Raises:
        CorpusError: BL601 when there is no such file; BL603 when no format has its ending; else as
            the format's reader.
    """
    if not path.is_file():
        found = "a folder, not a file" if path.is_dir() else "no such file"
        beside = [file.name for file in path.parent.glob("*") if file.is_file()]
        near = get_close_matches(path.name, beside, n=1)
        hint = f"did you mean {path.with_name(near[0])}?" if near else ""
        raise CorpusError("BL601", f"cannot read {path}: {found}", hint=hint)
    for known in FORMATS:
        if path.name.lower().endswith(known.endings):
            return known.read(path, rejects)
    readable = "; ".join(f"{known.name} ({', '.join(known.endings)})" for known in FORMATS)
    raise CorpusError(
        "BL603",
        f"cannot tell the format of {path.name} by its name",
        hint=f"formats that can be read: {readable}",
    )
