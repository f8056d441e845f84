"""What readers could not use, where it stood and why: nothing is dropped silently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, TypeVar, cast

from biolabel.data.files import file_beside, replacing_file
from biolabel.errors import CorpusError

Lost = Literal["nothing", "concept", "topic", "line", "mention", "relation", "document", "rest"]
"""What is missing because of a reject; `rest` is the part of a file after a fault."""

_ENDING = ".rejects.tsv"
_NAMED = 3
"""Different reasons that an error names."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Reject:
    """One piece of input that was not used; `line` counts from 1, `text` is its beginning."""

    file: str
    line: int
    doc: str
    lost: Lost
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Rejects:
    """The list that a caller hands to readers to collect what they reject."""

    rows: list[Reject] = field(default_factory=list)

    def add(self, file: Path, line: int, doc: str, lost: Lost, reason: str, text: str) -> None:
        """Append one reject, keeping the first 200 characters of its text."""
        self.rows.append(Reject(file.name, line, doc, lost, reason, text[:200]))

    def counts(self) -> Mapping[str, int]:
        """Return how many of each thing were lost; notes that lost nothing are left out."""
        return Counter(row.lost for row in self.rows if row.lost != "nothing")

    def no_documents(self, what: str = "there are no documents") -> CorpusError:
        """Return the error that says why nothing is left to work on (BL605)."""
        lines: dict[tuple[str, str], int] = {}
        for row in self.rows:
            lines.setdefault((row.file, row.reason), row.line)
        told = [f"{file}, line {line}: {why}" for (file, why), line in lines.items()]
        hint = "; ".join(told[:_NAMED]) or "the input holds none"
        return CorpusError("BL605", what, hint=hint)


def at_least_one(documents: Iterable[Item], rejects: Rejects) -> Iterator[Item]:
    """Yield documents as they are.

    Raises:
        CorpusError: BL605 when there are none, with the reasons for which they were rejected.
    """
    none = True
    for document in documents:
        none = False
        yield document
    if none:
        raise rejects.no_documents()


def rejects_path(path: Path) -> Path:
    """Return the path of the rejects that belong to a corpus file that was written."""
    return file_beside(path, _ENDING)


def is_rejects(path: Path) -> bool:
    """Return whether a file holds the rejects of another."""
    return path.name.endswith(_ENDING)


def write_rejects(path: Path, rejects: Rejects) -> None:
    """Write the rejects as a table with a header: tabs between columns, white space as one blank.

    Raises:
        CorpusError: BL604 when the file cannot be written.
    """
    names = [column.name for column in fields(Reject)]
    cells = [[str(getattr(row, name)) for name in names] for row in rejects.rows]
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in [names, *cells]]
    try:
        with replacing_file(path) as temporary:
            temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {path}: {error.strerror}") from error


def read_rejects(path: Path) -> Rejects:
    """Read a table that `write_rejects` wrote.

    Raises:
        CorpusError: BL601 when the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error
    cells = (line.split("\t") for line in lines)
    return Rejects(
        [
            Reject(file, int(n), doc, cast("Lost", lost), reason, text)
            for file, n, doc, lost, reason, text in cells
        ]
    )
