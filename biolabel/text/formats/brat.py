"""brat standoff: a folder, or a zip of one, with a text (`ID.txt`) and annotations (`ID.ann`) a document.

    T1 <tab> Type 12 17;20 25 <tab> text        a mention, here of two parts
    N1 <tab> Reference T1 MESH:D1 <tab> name    a concept of it
    R1 <tab> Label Arg1:T1 Arg2:T2              a relation between two mentions

Offsets count code points of the text file. Its lines become passages, two of them title and abstract.
Attributes, notes, events and equivalences are not read. The `.a1` and `.a2` of BioNLP are read as well.
"""

import lzma
import os.path
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.data.files import replacing_file, replacing_folder
from biolabel.data.growth import allowed
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.given import UnusableError, concepts_of, mention_at
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import grown
from biolabel.text.rejects import Lost, Rejects
from biolabel.text.topics import with_topics, writing_topics

_ANNOTATIONS = (".ann", ".a1", ".a2")
_LARGEST = 1 << 26
"""More bytes than any text has; a larger file of a zip is not unpacked."""

_MENTION = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")
_CONCEPT = re.compile(r"\S+ (\S+) (.+)")
_RELATION = re.compile(r"(\S+) ([^\s:]+):(\S+) ([^\s:]+):(\S+)")
_UNREAD: Mapping[str, tuple[Lost, str]] = {
    "E": ("relation", "events are not read"),
    "A": ("line", "attributes are not read"),
    "M": ("line", "attributes are not read"),
    "*": ("line", "equivalences are not read"),
    "#": ("nothing", "notes are not read"),
}

_UNPACKED = (
    zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What unpacking a file of a zip raises that is damaged, or packed in an unknown way."""

Files = Mapping[str, Callable[[], bytes]]
"""The files of a folder or zip by their paths, each with what reads it."""


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a folder or zip in the order of their names, holding one at a time.

    The id of a document is the name of its files, with the folders that not all files are in.

    Raises:
        CorpusError: BL601 when a file cannot be read; BL602 when there are no texts, or no zip; BL643 for a
            zip that holds far more than its size.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    with _opened(path) as files:
        texts = [name for name in files if name.endswith(".txt") and not _leaving(name)]
        if not texts:
            hint = "each document is ID.txt and ID.ann"
            raise CorpusError("BL602", f"{path} has no texts of brat", hint=hint)
        stems = {name[: -len(".txt")] for name in texts}
        shared = os.path.commonpath([PurePosixPath(name).parent for name in texts])
        for name in files:
            stem, ending = os.path.splitext(name)
            if _leaving(name):
                reason = "its name leads out of the archive"
                rejects.add(Path(name), 0, stem, "document", reason, "")
            elif ending in _ANNOTATIONS and stem not in stems:
                reason = "there is no text beside the annotations"
                rejects.add(Path(name), 0, stem, "document", reason, "")
        for name in texts:
            id_ = os.path.relpath(name[: -len(".txt")], shared or ".")
            try:
                text = _decoded(files[name])
                if not text.strip():
                    raise UnusableError("document", "the document has no text")
                document = _document(id_, text, name, files, rejects)
                if again := seen.again(id_, document):
                    raise UnusableError(again.lost, again.reason)
            except UnusableError as fault:
                rejects.add(Path(name), 1, id_, fault.lost, fault.reason, "")
            else:
                yield document


@contextmanager
def _opened(path: Path) -> Iterator[Files]:
    try:
        if path.is_dir():
            found = (file for file in sorted(path.rglob("*")) if file.is_file())
            yield {file.relative_to(path).as_posix(): file.read_bytes for file in found}
            return
        with zipfile.ZipFile(path) as packed:
            infos = sorted(packed.infolist(), key=lambda info: info.filename)
            if sum(info.file_size for info in infos) > allowed(path):
                raise grown(path)
            named = [info for info in infos if info.filename and not info.is_dir()]
            yield {info.filename: _unpacking(packed, info) for info in named}
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise CorpusError("BL602", f"{path} is no zip of brat files: {error}") from error
    except OSError as error:
        raise CorpusError("BL601", f"cannot read {path}: {error.strerror}") from error


def _unpacking(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def unpack() -> bytes:
        if info.flag_bits & 1:
            raise UnusableError("document", "the file is encrypted")
        if info.file_size > _LARGEST:
            raise UnusableError("document", f"the file has {info.file_size} bytes")
        try:
            return packed.read(info)
        except _UNPACKED as error:
            raise UnusableError("document", f"the file cannot be unpacked: {error}") from error

    return unpack


def _leaving(name: str) -> bool:
    """Return whether the name of a file in a zip leads out of it."""
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _decoded(content: Callable[[], bytes]) -> str:
    try:
        return content().decode()
    except UnicodeDecodeError:
        raise UnusableError("document", "the file is not UTF-8") from None


def _document(id_: str, text: str, name: str, files: Files, rejects: Rejects) -> Document:
    passages = _passages(text)
    whole = Document(id_, passages).text
    mentions: dict[str, Mention] = {}
    relations: dict[Relation, None] = {}
    for file, number, line in sorted(_lines(id_, name, files, rejects), key=_rank):
        fields = line.split("\t")
        try:
            if line[0] == "T":
                _add_mention(fields, whole, mentions)
            elif line[0] == "N":
                _add_concept(fields, mentions)
            elif line[0] == "R":
                _add_relation(fields, mentions, relations)
            else:
                raise UnusableError(*_UNREAD.get(line[0], ("line", "it is no annotation")))
        except UnusableError as fault:
            rejects.add(Path(file), number, id_, fault.lost, fault.reason, line)
    return Document(id_, passages, tuple(dict.fromkeys(mentions.values())), tuple(relations))


def _lines(id_: str, name: str, files: Files, rejects: Rejects) -> Iterator[tuple[str, int, str]]:
    """Yield file, number and text of each line of annotations."""
    for ending in _ANNOTATIONS:
        beside = name[: -len(".txt")] + ending
        if beside not in files:
            continue
        try:
            lines = _decoded(files[beside]).split("\n")
        except UnusableError as fault:
            rejects.add(Path(beside), 1, id_, "mention", fault.reason, "")
            continue
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield beside, number, line.removesuffix("\r")


def _rank(line: tuple[str, int, str]) -> int:
    """Sort mentions first, then their concepts, then what may speak of both."""
    return "TN".find(line[2][0]) % 3


def _passages(text: str) -> tuple[Passage, ...]:
    """Return the lines of a text as passages; of just two, title and abstract."""
    found, at = [], 0
    for line in text.split("\n"):
        if shown := line.removesuffix("\r"):
            found.append(Passage("", at, shown))
        at += len(line) + 1
    if len(found) == 2:
        kinds = ("title", "abstract")
        found = [replace(p, kind=kind) for p, kind in zip(found, kinds, strict=True)]
    return tuple(found)


def _add_mention(fields: Sequence[str], text: str, mentions: dict[str, Mention]) -> None:
    match = _MENTION.fullmatch(fields[1].strip()) if len(fields) == 3 else None
    if not match:
        raise UnusableError("mention", "the line is not T1, a type with offsets and a text")
    if fields[0] in mentions:
        raise UnusableError("mention", f"there are two mentions {fields[0]}")
    spans = [(int(a), int(b)) for a, b in (part.split() for part in match[2].split(";"))]
    mentions[fields[0]] = mention_at(text, spans, fields[2], match[1])


def _add_concept(fields: Sequence[str], mentions: dict[str, Mention]) -> None:
    match = _CONCEPT.fullmatch(fields[1].strip()) if len(fields) > 1 else None
    if not match:
        raise UnusableError("concept", "the line is not N1, Reference T1 and an identifier")
    if match[1] not in mentions:
        raise UnusableError("concept", f"there is no mention {match[1]} to have the concept")
    found = concepts_of(match[2])
    if found.malformed:
        raise UnusableError("concept", f"{found.malformed[0]!r} is no identifier")
    mention = mentions[match[1]]
    concepts = tuple(dict.fromkeys((*mention.concepts, *found.curies)))
    mentions[match[1]] = replace(mention, concepts=concepts)


def _add_relation(
    fields: Sequence[str], mentions: Mapping[str, Mention], relations: dict[Relation, None]
) -> None:
    match = _RELATION.fullmatch(fields[1].strip()) if len(fields) > 1 else None
    if not match:
        raise UnusableError("relation", "the line is not R1, a label, Arg1:T1 and Arg2:T2")
    sides = sorted([(match[2], match[3]), (match[4], match[5])], key=lambda side: side[0])
    if not all(re.fullmatch(r"\D+[12]", role) for role, _ in sides):
        sides = [(match[2], match[3]), (match[4], match[5])]
    if lacking := [name for _, name in sides if name not in mentions]:
        raise UnusableError("relation", f"there is no mention {lacking[0]}")
    one, two = (mentions[name].names[-1] for _, name in sides)
    relation = Relation(match[1], one, two, match[1])
    if relation in relations:
        raise UnusableError("nothing", "the same relation stood before")
    relations[relation] = None


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as a folder, or a zip if the name ends in `.zip`, and their topics beside it.

    Line ends inside passages become blanks, those between them line ends. Relations between concepts
    have no place in the format.

    Raises:
        CorpusError: BL604 when it cannot be written, or when a folder with other files is there;
            BL610 for a document whose id is no name of a file, or with a type that has blanks.
    """
    try:
        if path.name.lower().endswith(".zip"):
            with (
                writing_topics(path) as add_topics,
                replacing_file(path) as temporary,
                zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed,
            ):
                for document in documents:
                    for name, content in _files(document):
                        packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
                    add_topics(document)
            return
        if path.is_dir() and any(file.suffix not in (".txt", ".ann") for file in path.iterdir()):
            hint = "give another folder, or remove this one"
            raise CorpusError("BL604", f"cannot write {path}: it holds other files", hint=hint)
        with writing_topics(path) as add_topics, replacing_folder(path) as folder:
            for document in documents:
                for name, content in _files(document):
                    (folder / name).write_bytes(content)
                add_topics(document)
    except OSError as error:
        raise CorpusError("BL604", f"cannot write {path}: {error.strerror}") from error


def unfit(document: Document) -> str:
    """Return why brat cannot hold a document, or nothing."""
    if not re.fullmatch(r"[^./\\\0\r\n][^/\\\0\r\n]{0,199}", document.id):
        return f"brat cannot hold the document id {document.id!r}, which is no name of a file"
    names = [m.type for m in document.mentions] + [r.label for r in document.relations]
    if wrong := [name for name in names if not re.fullmatch(r"\S+", name)]:
        return f"brat cannot hold {wrong[0]!r} of document {document.id}: a name has no blanks"
    if not document.text.strip():
        return f"brat cannot hold document {document.id}, which has no text"
    return ""


def _files(document: Document) -> Iterator[tuple[str, bytes]]:
    if reason := unfit(document):
        raise CorpusError("BL610", reason)
    parts, at = [], 0
    for passage in document.passages:
        parts += ["\n" * (passage.offset - at), re.sub(r"[\r\n]", " ", passage.text)]
        at = passage.offset + len(passage.text)
    yield f"{document.id}.txt", "".join((*parts, "\n")).encode()
    yield f"{document.id}.ann", "".join(f"{line}\n" for line in _annotations(document)).encode()


def _annotations(document: Document) -> Iterator[str]:
    text = re.sub(r"\s", " ", document.text)
    names: dict[str, str] = {}
    concepts = 0
    for number, mention in enumerate(document.mentions, 1):
        spans = mention.parts or ((mention.start, mention.end),)
        place = ";".join(f"{start} {end}" for start, end in spans)
        written = " ".join(text[start:end] for start, end in spans)
        yield f"T{number}\t{mention.type} {place}\t{written}"
        names.setdefault(mention.names[-1], f"T{number}")
        for concept in mention.concepts:
            concepts += 1
            yield f"N{concepts}\tReference T{number} {concept}\t{written}"
    number = 0
    for relation in document.relations:
        if relation.subject in names and relation.object in names:
            number += 1
            sides = f"Arg1:{names[relation.subject]} Arg2:{names[relation.object]}"
            yield f"R{number}\t{relation.label} {sides}"


def _is_brat(folder: Path) -> bool:
    return any(file.suffix in _ANNOTATIONS for file in folder.rglob("*"))


FORMAT = Format(
    name="brat",
    title="brat",
    endings=(".zip",),
    read=no_columns(read),
    write=write,
    folder=_is_brat,
    holds=ALL
    - {
        "line ends inside passages",
        "titles or abstracts alone",
        "titles or abstracts alone in other places",
        "other passages",
        "empty passages",
        "metadata items",
        "sources of mentions",
        "probabilities of mentions",
        "relations between concepts",
        "tasks of relations",
        "probabilities of relations",
    },
    unfit=unfit,
)
