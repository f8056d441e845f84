"""From one corpus format to another, with what is lost on the way counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.data.documents import Document
from biolabel.data.progress import Progress, silent
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import missing
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.known import (
    FORMATS,
    Source,
    files_of,
    format_named,
    formats_ending,
    read_documents,
    source_of,
)
from biolabel.text.rejects import Rejects, rejects_path, write_rejects
from biolabel.text.store_format import FORMAT as STORE


@dataclass(slots=True)
class Converted:
    """What a conversion did: from which format to which, how much, and what was lost.

    missing: what the written documents have and their new format does not hold, with how much of it.
    """

    source: Format
    target: Format
    documents: int = 0
    mentions: int = 0
    relations: int = 0
    rejects: Rejects = field(default_factory=Rejects)
    missing: Counter[str] = field(default_factory=Counter)


def convert(
    path: Path,
    out: Path,
    format: str = "",
    to: str = "",
    columns: Columns | None = None,
    progress: Progress = silent,
) -> Converted:
    """Read a corpus and write it in another format, document by document.

    A document that the format cannot hold at all is rejected. What was rejected stands in
    `OUT.rejects.tsv`, which is removed if nothing was.

    Raises:
        CorpusError: BL605 when no document is left; BL630 for an unknown format, BL634 for one that is
            not written, BL635 when the name of the output does not tell one, or tells another; BL672
            when the output would take the place of what is read; else as reading and writing do.
    """
    target = target_of(out, to)
    source = source_of(path, format)
    _check_apart(path, out, source)
    done = Converted(source.format, target)
    many = len(source.parts) > 1
    found = read_documents(path, done.rejects, format, columns, progress if many else silent)
    documents = found if many else progress(found, name=f"writing {target.title}")
    if target.write:
        target.write(out, _counted(documents, out, done))
    beside = rejects_path(out)
    if done.rejects.rows:
        write_rejects(beside, done.rejects)
    else:
        beside.unlink(missing_ok=True)
    return done


def _check_apart(path: Path, out: Path, source: Source) -> None:
    """Refuse an output that would take the place of a file that is read, or of a folder above one.

    Raises:
        CorpusError: BL672 if it would.
    """
    place = out.resolve()
    read = [each.resolve() for each in (path, *files_of(path, source.format.name))]
    # A folder that is read may hold other files, but a store is what its index says, and no more.
    inside = source.format is STORE and path.resolve() in place.parents
    if inside or any(place == each or place in each.parents for each in read):
        raise CorpusError(
            "BL672",
            f"{out} would take the place of what is read: {path}",
            hint="give the output a name of its own",
        )


def _counted(documents: Iterator[Document], out: Path, done: Converted) -> Iterator[Document]:
    """Yield the documents that the format can hold, and count."""
    for document in documents:
        if reason := done.target.unfit(document):
            done.rejects.add(out, 0, document.id, "document", reason, document.text)
            continue
        done.documents += 1
        done.mentions += len(document.mentions)
        done.relations += len(document.relations)
        done.missing += missing(document, done.target.holds)
        yield document
    if not done.documents:
        raise done.rejects.no_documents(f"there are no documents to write to {out}")


def target_of(out: Path, to: str = "") -> Format:
    """Return the format to write a file in: the one that is named, or that of its ending.

    Raises:
        CorpusError: as `convert`.
    """
    written = ", ".join(known.name for known in FORMATS if known.write)
    if to:
        target = format_named(to)
        others = formats_ending(out)
        if others and target.write and target not in others:
            titles = " or ".join(known.title for known in others)
            raise CorpusError(
                "BL635",
                f"{out.name} is the name of a file in {titles}, not in {target.title}",
                hint=f"end it in {target.endings[0]}, or name the format that it says",
            )
        if target.write:
            return target
        message = f"biolabel reads {target.title}, but does not write it"
        raise CorpusError("BL634", message, hint=f"formats that are written: {written}")
    found = [known for known in formats_ending(out) if known.write]
    if len(found) == 1:
        return found[0]
    what = "several formats have" if found else "no format that is written has"
    raise CorpusError(
        "BL635", f"{what} the ending of {out.name}", hint=f"say one with --to: {written}"
    )
