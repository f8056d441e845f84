"""PubTator, the text format of BC5CDR and its kin: title, abstract, mentions, relations.

    PMID|t|title
    PMID|a|abstract
    PMID <tab> start <tab> end <tab> text <tab> type <tab> ids [<tab> ...]
    PMID <tab> relation <tab> id <tab> id [<tab> probability]

A relation between mentions, not concepts, has their keys in place of ids: `@start-end:type`, the place
and type of a mention of the document.
Offsets count code points of title + one blank + abstract. Labels of whole documents, which PubTator
cannot hold, stand beside the file (`biolabel.text.topics`).
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path

from biolabel.data.documents import Document, Mention, Passage, Relation, place_of_key
from biolabel.errors import CorpusError
from biolabel.kb.curie import NO_CONCEPT, curie_of, curies_of
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import Line, read_lines
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_TEXT = re.compile(r"([^|\t]*)\|([taTA])\|(.*)", re.DOTALL)

_ID = re.compile(r"(?:[A-Za-z][\w.-]*:)?[\w.-]+")

_PATIENCE = 1000
"""A file with this many lines and no text line is no PubTator; headers are shorter."""


@dataclass(slots=True)
class _Block:
    """The lines of one document while they are read; `texts` has title, abstract or both."""

    id: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    items: list[Line] = field(default_factory=list)


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a PubTator file, plain or gzip, holding one at a time.

    What cannot be used goes to `rejects`, and only that: a wrong mention does not cost its
    document. `A|B` and `A+B` give several concepts; `-1`, `-` and nothing give none. Of documents
    with the same id the first good one is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL602 when it is not PubTator.
    """
    return with_topics(path, _read(read_lines(path), path, rejects), rejects)


def read_piece(content: bytes, path: Path) -> Iterator[Document]:
    """Yield the documents of a piece of a file that `write` wrote, without what stands beside it.

    path: the file, for messages. What cannot be used is left out.

    Raises:
        CorpusError: BL602 when no document is in there.
    """
    lines = enumerate(content.decode(errors="replace").split("\n"), start=1)
    return _read((Line(number, text) for number, text in lines), path, Rejects())


def _read(lines: Iterable[Line], path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    for block in _blocks(lines, path, rejects):
        try:
            _check(block)
            content = sorted(block.texts.items()), [line.text for line in block.items]
            if again := seen.again(block.id, content):
                raise UnusableError(*again)
        except UnusableError as fault:
            text = " ".join(block.texts.values())
            rejects.add(path, block.line, block.id, fault.lost, fault.reason, text)
            continue
        yield _document(block, path, rejects)


def _blocks(lines: Iterable[Line], path: Path, rejects: Rejects) -> Iterator[_Block]:
    """Gather the lines of each document; lines that belong to none are rejected here."""
    block: _Block | None = None
    number = 0
    for line in lines:
        number = line.number
        if line.fault == "cut off":
            reason = "the gzip file is damaged or ends early"
            rejects.add(path, number, "", "rest", reason, "")
            if block:
                block.fault = reason
        elif header := _TEXT.fullmatch(line.text):
            doc, part = header[1].strip(), "title" if header[2] in "tT" else "abstract"
            if block is None or block.id != doc or part in block.texts:
                if block:
                    yield block
                block = _Block(doc, number)
            block.texts[part] = header[3]
            if line.fault:
                block.fault = f"its {part} is {line.fault}"
        elif line.text.strip():
            if block is None and number >= _PATIENCE:
                break
            if reason := _misplaced(line, block):
                rejects.add(path, number, block.id if block else "", "line", reason, line.text)
            elif block:
                block.items.append(line)
    if block is None:
        raise CorpusError(
            "BL602",
            f"{path} is no PubTator file: "
            + (f"none of its first {number} lines gives a text" if number else "it is empty"),
            hint="a document starts with a line such as 12345|t|Title of the paper",
        )
    yield block


def _misplaced(line: Line, block: _Block | None) -> str:
    """Return why a line cannot be a mention or relation of the document being read, or nothing."""
    fields = line.text.split("\t")
    if line.fault:
        return f"the line is {line.fault}"
    if len(fields) < 4:
        return "the line is neither text nor mention nor relation"
    if block is None or fields[0].strip() != block.id:
        return f"the line names document {fields[0].strip()!r}, whose text does not stand before it"
    return ""


def _check(block: _Block) -> None:
    """Refuse a document as a whole."""
    if block.fault:
        raise UnusableError("document", block.fault)
    if not block.id:
        raise UnusableError("document", "the document has no id")
    text = "".join(block.texts.values())
    if not text.strip():
        raise UnusableError("document", "the document has neither a title nor an abstract")
    if "\r" in text:
        raise UnusableError("document", "there is a carriage return inside its text")


def _document(block: _Block, path: Path, rejects: Rejects) -> Document:
    title, abstract = block.texts.get("title", ""), block.texts.get("abstract", "")
    passages = (Passage("title", 0, title), Passage("abstract", len(title) + 1, abstract))
    text = f"{title} {abstract}" if abstract else title
    found: dict[Mention | Relation, None] = {}
    keys: set[str] = set()
    for line in sorted(block.items, key=_names_mentions):
        try:
            item = _item(line, text)
            if item in found:
                raise UnusableError("nothing", "the same line stood before")
            if isinstance(item, Mention):
                keys.add(item.names[-1])
            else:
                _check_keys(item, keys)
            found[item] = None
            for raw in _malformed(item, line):
                reason = f"{raw!r} is no identifier; the mention is kept without it"
                rejects.add(path, line.number, block.id, "concept", reason, line.text)
        except UnusableError as fault:
            rejects.add(path, line.number, block.id, fault.lost, fault.reason, line.text)
    return Document(
        block.id,
        tuple(passage for passage in passages if passage.text),
        tuple(item for item in found if isinstance(item, Mention)),
        tuple(item for item in found if isinstance(item, Relation)),
    )


def _item(line: Line, text: str) -> Mention | Relation:
    fields = [part.strip() for part in line.text.split("\t")]
    if len(fields) >= 5 and fields[1].isdecimal() and fields[2].isdecimal():
        return _mention(fields, text)
    if len(fields) <= 5 and fields[1] and not fields[1].isdecimal():
        return _relation(fields)
    raise UnusableError("line", "the line is neither text nor mention nor relation")


def _names_mentions(line: Line) -> bool:
    """Return whether a line may be a relation between mentions, which must be known before it."""
    return "\t@" in line.text


def _check_keys(relation: Relation, keys: Set[str]) -> None:
    arguments = relation.subject, relation.object
    named = [key for key in arguments if place_of_key(key) is not None]
    if len(named) == 1:
        raise UnusableError("relation", "one side is a mention and the other a concept")
    for key in named:
        if key not in keys:
            raise UnusableError("relation", f"the document has no mention {key}")


def _malformed(item: Mention | Relation, line: Line) -> list[str]:
    """Return the identifiers of a mention's line that are none."""
    if not isinstance(item, Mention):
        return []
    return [raw for raw in _ids(line.text.split("\t")) if not _is_id(raw)]


def _ids(fields: list[str]) -> list[str]:
    cell = fields[5] if len(fields) > 5 else ""
    return [raw.strip() for raw in cell.replace("+", "|").split("|")]


def _is_id(raw: str) -> bool:
    return raw in NO_CONCEPT or _ID.fullmatch(raw) is not None


def _mention(fields: list[str], text: str) -> Mention:
    start, end, written = int(fields[1]), int(fields[2]), fields[3]
    if not start < end <= len(text):
        reason = f"{start}-{end} is no span of the text, which has {len(text)} characters"
        raise UnusableError("mention", reason)
    if text[start:end].split() != written.split():
        reason = f"the text at {start}-{end} is {text[start:end]!r}, not {written!r}"
        raise UnusableError("mention", reason)
    if not fields[4]:
        raise UnusableError("mention", "the mention has no type")
    ids = "|".join(raw for raw in _ids(fields) if _is_id(raw))
    return Mention(start, end, fields[4], curies_of(ids))


def _relation(fields: list[str]) -> Relation:
    subject, target = (_argument(raw) for raw in fields[2:4])
    if subject is None or target is None:
        raise UnusableError("relation", "a relation needs exactly one concept on each side")
    try:
        probability = float(fields[4]) if len(fields) > 4 else 1.0
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise UnusableError("relation", f"{fields[4]!r} is no probability between 0 and 1")
    return Relation(fields[1], subject, target, fields[1], probability)


def _argument(raw: str) -> str | None:
    """Return a mention key, or the CURIE of an identifier; None for several or none."""
    if place_of_key(raw) is not None:
        return raw
    if "|" in raw:
        return None
    if not _is_id(raw):
        raise UnusableError("relation", f"{raw!r} is no identifier")
    return curie_of(raw)


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as PubTator, gzip if the name ends in `.gz`, and their topics beside it.

    The first passage becomes the title, the rest the abstract; line ends inside texts become
    blanks, so offsets hold. A relation's type is its label; its probability is written where it is
    below 1. Probabilities and sources of mentions have no place in the format.

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for a document that PubTator
            cannot hold.
    """
    write_pieces(path, documents, _lines)


def unfit(document: Document) -> str:
    """Return why PubTator cannot hold a document, or nothing."""
    if not document.id.strip() or re.search(r"[|\t\r\n]", document.id):
        return f"PubTator cannot hold the document id {document.id!r}"
    if document.text[_cut(document) :][:1].strip():
        return (
            f"PubTator cannot hold document {document.id}: nothing stands between its first two"
            " passages, but one blank must"
        )
    return ""


def _cut(document: Document) -> int:
    """Return where the title ends."""
    first = document.passages[0] if document.passages else Passage("title", 0, "")
    return len(first.text) if first.offset == 0 else 0


def _lines(document: Document) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason)
    text, cut = document.text, _cut(document)
    title, abstract = (re.sub(r"[\r\n]", " ", part) for part in (text[:cut], text[cut + 1 :]))
    rows: list[tuple[object, ...]] = [
        (m.start, m.end, text[m.start : m.end], m.type, "|".join(m.concepts) or "-1")
        for m in document.mentions
    ]
    rows += [
        (r.label, r.subject, r.object, *([r.probability] if r.probability < 1 else []))
        for r in document.relations
    ]
    lines = [f"{document.id}|t|{title}", f"{document.id}|a|{abstract}"]
    lines += ["\t".join(" ".join(str(c).split()) for c in (document.id, *row)) for row in rows]
    return ("\n".join(lines) + "\n\n").encode()


FORMAT = Format(
    name="pubtator",
    title="PubTator",
    endings=(".pubtator", ".pubtator.txt", ".txt"),
    read=no_columns(read),
    write=write,
    looks=lambda head: re.match(rb"(\xef\xbb\xbf)?\s*[^|\t\n]*\|t\|", head) is not None,
    holds=ALL
    - {
        "line ends inside passages",
        "titles or abstracts alone in other places",
        "texts without sections",
        "other passages",
        "empty passages",
        "metadata items",
        "parts of discontinuous mentions",
        "sources of mentions",
        "probabilities of mentions",
        "tasks of relations",
    },
    unfit=unfit,
)
