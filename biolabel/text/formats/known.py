"""Which corpus formats exist, and the reader for a file by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.errors import CorpusError
from biolabel.text.formats import drugprot, pubtator
from biolabel.text.rejects import Rejects
from biolabel.text.topics import topics_path


@dataclass(frozen=True, slots=True)
class Format:
    """A corpus format: its name, the endings of its files (any case), its reader, and more files.

    beside: what other files a corpus has whose main file is given, whether or not they exist.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[Path, Rejects], Iterator[Document]]
    beside: Callable[[Path], tuple[Path, ...]] = lambda _: ()


FORMATS = (
    Format(
        "PubTator",
        (".pubtator", ".pubtator.gz", ".pubtator.txt", ".pubtator.txt.gz"),
        pubtator.read,
    ),
    Format(
        "DrugProt",
        ("abstracts.tsv", "abstracts.tsv.gz", "abstracs.tsv", "abstracs.tsv.gz"),
        drugprot.read,
        drugprot.sisters,
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
    known = _format(path)
    if known is not None:
        return known.read(path, rejects)
    readable = "; ".join(f"{known.name} ({', '.join(known.endings)})" for known in FORMATS)
    raise CorpusError(
        "BL603",
        f"cannot tell the format of {path.name} by its name",
        hint=f"formats that can be read: {readable}",
    )


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that a corpus is read from, given the one that names it; only those that exist."""
    known = _format(path)
    beside = known.beside(path) if known else ()
    return tuple(file for file in (path, *beside, topics_path(path)) if file.is_file())


def _format(path: Path) -> Format | None:
    found = (known for known in FORMATS if path.name.lower().endswith(known.endings))
    return next(found, None)
