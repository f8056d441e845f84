"""Which corpus formats exist, and which of them a file or folder is of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from biolabel.data.documents import Document
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text import store_format
from biolabel.text.formats import (
    bioc_json,
    bioc_xml,
    brat,
    conll,
    datasets,
    drugprot,
    jats,
    jsonl,
    labelstudio,
    medline,
    plain,
    prodigy,
    pubtator,
    tables,
)
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import DAMAGED, unpacked
from biolabel.text.rejects import Lost, Rejects, is_rejects
from biolabel.text.topics import is_topics, topics_path

FORMATS: tuple[Format, ...] = (
    store_format.FORMAT,
    pubtator.FORMAT,
    drugprot.FORMAT,
    medline.FORMAT,
    jats.FORMAT,
    jsonl.FORMAT,
    labelstudio.FORMAT,
    labelstudio.PREDICTIONS,
    prodigy.FORMAT,
    tables.CSV,
    tables.TSV,
    tables.PARQUET,
    datasets.FORMAT,
    bioc_xml.FORMAT,
    bioc_json.FORMAT,
    brat.FORMAT,
    conll.FORMAT,
    plain.PLAIN,
    plain.LINES,
)
"""Every format, in the order in which they are asked about a file whose ending several have."""

_HEAD = 65536


class Strange(NamedTuple):
    """A file of a folder that is not read, why, and what that costs."""

    file: Path
    lost: Lost
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus as it lies on disk: its format, what to read in order, and files that are not read.

    parts: the path itself, or the files of a folder of files.
    """

    path: Path
    format: Format
    parts: tuple[Path, ...]
    strange: tuple[Strange, ...] = ()


def read_documents(
    path: Path,
    rejects: Rejects,
    format: str = "",
    columns: Columns | None = None,
    progress: Progress = silent,
) -> Iterator[Document]:
    """Yield the documents of a corpus file or folder, one at a time.

    A folder of files of one format is read in the order of the files' names, with progress; of
    documents with the same id the first is kept then. Files of no known format are left out with a
    note in the rejects, and one that cannot be read costs itself.

    format: the name of a format, else the path and, where that is not enough, the content tell.
    columns: see `Columns`.

    Raises:
        CorpusError: at once: as `source_of`; BL633 for columns that the format does not have. While
            reading: as the format's reader.
    """
    source = source_of(path, format)
    columns = columns or {}
    _check_columns(source.format, columns)
    for file, lost, reason in source.strange:
        rejects.add(file, 0, "", lost, reason, "")
    if source.parts == (path,):
        return source.format.read(path, rejects, columns)
    return _of_files(source, rejects, columns, progress)


def _of_files(
    source: Source, rejects: Rejects, columns: Columns, progress: Progress
) -> Iterator[Document]:
    seen = Seen()
    name = f"reading {source.format.title} files"
    for file in progress(source.parts, name=name, total=len(source.parts)):
        try:
            for document in source.format.read(file, rejects, columns):
                if again := seen.again(document.id, document):
                    rejects.add(file, 0, document.id, again.lost, again.reason, document.text)
                else:
                    yield document
        except CorpusError as error:
            rejects.add(file, 0, "", "rest", error.message, "")


def source_of(path: Path, format: str = "") -> Source:
    """Return how a corpus lies on disk.

    Raises:
        CorpusError: BL601 when there is nothing at the path; BL603 when no format has its ending;
            BL630 an unknown format; BL631 a file whose content is of no format with its ending;
            BL632 a folder without files of a format, or with files of several.
    """
    wanted = format_named(format) if format else None
    if path.is_dir():
        return _folder(path, wanted)
    if not path.is_file():
        beside = [file.name for file in path.parent.glob("*") if file.is_file()]
        near = get_close_matches(path.name, beside, n=1)
        hint = f"did you mean {path.with_name(near[0])}?" if near else ""
        raise CorpusError("BL601", f"cannot read {path}: no such file or folder", hint=hint)
    return Source(path, wanted or format_of(path), (path,))


def files_of(path: Path, format: str = "") -> tuple[Path, ...]:
    """Return every file that a corpus is read from; those beside a file only if they exist.

    Raises:
        CorpusError: as `source_of`.
    """
    source = source_of(path, format)
    found: list[Path] = []
    for part in source.parts:
        index = source.format.index
        files = [part / index] if index else sorted(part.rglob("*"))
        inside = [file for file in files if file.is_file()]
        found += [*(inside or [part]), *source.format.beside(part), topics_path(part)]
    return tuple(file for file in found if file.is_file())


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        CorpusError: BL630 when there is none.
    """
    found = {known.name: known for known in FORMATS}
    if name in found:
        return found[name]
    near = get_close_matches(name.lower(), found, n=1)
    there = f"there are: {', '.join(found)}"
    hint = f"did you mean {near[0]}? {there}" if near else there
    raise CorpusError("BL630", f"no format is called {name!r}", hint=hint)


def format_of(path: Path) -> Format:
    """Return the format of a file by its name, and by its content where several may have that ending.

    An export of Label Studio or Prodigy often has a name without the part that tells it, and looks so.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL603 when no format has its ending; BL631
            when its content is of none of those that have.
    """
    candidates = formats_ending(path)
    if not candidates:
        ending = (known for known in FORMATS if known.endings)
        named = "; ".join(f"{known.name} ({', '.join(known.endings)})" for known in ending)
        raise CorpusError(
            "BL603",
            f"cannot tell the format of {path.name} by its name",
            hint=f"rename the file, or say its format (see `biolabel explain BL603`): {named}",
        )
    more = [known for known in _longer(candidates) if known.looks]
    if len(candidates) == 1 and not more:
        return candidates[0]
    head = _head(path)
    for known in more:
        if known.looks and known.looks(head):
            return known
    if len(candidates) == 1:
        return candidates[0]
    looked = [known for known in candidates if known.looks and known.looks(head)]
    plain = [known for known in candidates if known.looks is None]
    if looked or plain:
        return (looked or plain)[0]
    titles = ", ".join(known.title for known in candidates)
    raise CorpusError(
        "BL631",
        f"{path} is of no known format: by its name it could be {titles}, by its content none of them",
        hint="look at how the file begins; `biolabel explain BL603` says how to name a format",
    )


def _longer(candidates: list[Format]) -> list[Format]:
    """Return the other formats with an ending that ends as one of these formats' does."""
    ends = tuple(end for known in candidates for end in known.endings)
    return [
        known
        for known in FORMATS
        if known not in candidates and any(end.endswith(ends) for end in known.endings)
    ]


def formats_ending(path: Path) -> list[Format]:
    """Return the formats with the longest ending that fits the name of a file; `.gz` does not count."""
    name = path.name.lower().removesuffix(".gz")
    fitting = [
        (len(end), known) for known in FORMATS for end in known.endings if name.endswith(end)
    ]
    longest = max((length for length, _ in fitting), default=0)
    return [known for length, known in fitting if length == longest]


def _folder(path: Path, wanted: Format | None) -> Source:
    """Return a folder that is a corpus of a format, or holds files of one format."""
    for known in [wanted] if wanted else FORMATS:
        if known.folder and known.folder(path):
            return Source(path, known, (path,))
    files = [file for file in sorted(path.rglob("*")) if _is_content(file, path)]
    told: dict[Path, Format] = {}
    strange: list[Strange] = []
    fitting = {file for file in files if wanted in formats_ending(file)} or set(files)
    for file in files:
        try:
            if wanted is None and formats_ending(file):
                told[file] = format_of(file)
            elif wanted and file in fitting:
                told[file] = wanted
            else:
                strange.append(Strange(file, "nothing", "no format that is read has this ending"))
        except CorpusError as error:
            strange.append(Strange(file, "rest", error.message))
    beside = {other for file, known in told.items() for other in known.beside(file)}
    parts = tuple(file for file in told if file not in beside)
    formats = {told[file].name: file for file in reversed(parts)}
    if len(formats) == 1:
        unread = tuple(each for each in strange if each.file not in beside)
        return Source(path, told[parts[0]], parts, unread)
    each = [f"{name} ({file.relative_to(path)})" for name, file in sorted(formats.items())]
    found = f"has files of several formats: {', '.join(each)}" if each else "has no corpus files"
    raise CorpusError(
        "BL632",
        f"the folder {path} {found}",
        hint="give a folder with files of one format, or say which format to read",
    )


def _is_content(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.is_file() and not (hidden or is_topics(file) or is_rejects(file))


def _head(path: Path) -> bytes:
    """Return the beginning of a file, unpacked if it is gzip; of a damaged one nothing."""
    try:
        with path.open("rb") as raw:
            return unpacked(raw, path).read(_HEAD)
    except DAMAGED:
        return b""
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error


def _check_columns(known: Format, columns: Iterable[str]) -> None:
    for name in columns:
        if name in known.columns:
            continue
        near = get_close_matches(name, known.columns, n=1)
        there = f"it has: {', '.join(known.columns)}" if known.columns else "it has none to choose"
        hint = f"did you mean {near[0]}?" if near else there
        message = f"columns.{name}: {known.title} has no such content of a column"
        raise CorpusError("BL633", message, hint=hint)
