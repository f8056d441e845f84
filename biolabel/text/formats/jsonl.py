"""JSON Lines, one document a line: the format that keeps everything of a document.

    {"id": "1",
     "passages": [{"kind": "title", "offset": 0, "text": "Zinc and sleep", "heading": ""}],
     "mentions": [{"start": 0, "end": 4, "type": "Chemical", "text": "Zinc", "concepts": ["MESH:D015032"],
                   "source": "given", "probability": 1.0, "parts": []}],
     "relations": [{"task": "cid", "subject": "MESH:D015032", "object": "MESH:D012893", "label": "CID",
                    "probability": 1.0}],
     "meta": {"journal": ["Sleep"], "year": ["2001"]},
     "topics": {"relevant": "yes"}}

What is empty, or as above after `type` and `label`, need not be written; `text` of a mention only serves
to check it. In place of passages a line may have `text`, or `title` and `abstract`, or other names that
a map of columns gives (`biolabel.text.formats.rows`); keys that are not named here become metadata.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from biolabel.data.documents import Document, Mention, Passage, Relation, place_of_key
from biolabel.data.files import fits_utf8
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.given import WIDEST_GAP, UnusableError
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.formats.rows import COLUMNS, document_of, items_of, layout_of
from biolabel.text.lines import Line, whole_lines
from biolabel.text.rejects import Lost, Rejects
from biolabel.text.topics import with_topics

Object = Mapping[str, object]
Item = TypeVar("Item", Passage, Mention, Relation)

_GIVEN = ("passages", "mentions", "relations", "meta", "topics")
_PASSAGE, _MENTION, _RELATION = TypeAdapter(Passage), TypeAdapter(Mention), TypeAdapter(Relation)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The line that is read, and where its rejects go."""

    path: Path
    line: Line
    rejects: Rejects

    def reject(self, document: Document, lost: Lost, reason: str, value: object) -> None:
        """Reject a piece of the line."""
        shown = json.dumps(value, ensure_ascii=False)
        self.rejects.add(self.path, self.line.number, document.id, lost, reason, shown)


def read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of a JSON Lines file, plain or gzip, holding one at a time.

    A wrong mention, relation, label or item of metadata does not cost its document. Of documents with
    the same id the first good one is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL641 when the first document has no text
            where the columns say, or where it usually is.
    """
    return with_topics(path, _read(path, rejects, columns), rejects)


def _read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    seen = Seen()
    first = True
    for line in whole_lines(path, rejects):
        if not line.text.strip():
            continue
        try:
            reading = _Reading(path, line, rejects)
            document = _document(parsed(line), reading, columns, first=first)
            if again := seen.again(document.id, document):
                raise UnusableError(*again)
        except UnusableError as fault:
            rejects.add(path, line.number, "", fault.lost, fault.reason, line.text)
            continue
        first = False
        yield document


def document_from(value: Object, path: Path, line: Line, rejects: Rejects) -> Document:
    """Return the document of an object as the module describes it, for formats that become such ones.

    line: where it begins, for the rejects of its wrong mentions, relations and labels.

    Raises:
        UnusableError: when the object is no document.
    """
    return _document(value, _Reading(path, line, rejects), {}, first=False)


def parsed(line: Line) -> Object:
    """Return the object of a line.

    Raises:
        UnusableError: when the line is something else.
    """
    if line.fault:
        raise UnusableError("document", f"the line is {line.fault}")
    try:
        value = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        raise UnusableError("document", f"the line is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise UnusableError("document", "the line is no object of JSON")
    if not fits_utf8(json.dumps(value, ensure_ascii=False)):
        raise UnusableError("document", "the line has half a character, a lone surrogate")
    return value


def _document(value: Object, reading: _Reading, columns: Columns, *, first: bool) -> Document:
    given = {key: value[key] for key in _GIVEN if value.get(key) is not None}
    row = {key: item for key, item in value.items() if key not in _GIVEN}
    where = f"line {reading.line.number} of {reading.path.name}"
    try:
        layout = layout_of(list(row), columns, where, texts_elsewhere="passages" in given)
    except CorpusError as error:
        if first:
            raise
        raise UnusableError("document", error.message) from error
    found = document_of(row, layout, f"{reading.path.name.partition('.')[0]}-{reading.line.number}")
    if "passages" in given:
        found = replace(found, passages=tuple(_passages(given["passages"])))
    mentions = tuple(_mentions(given.get("mentions", []), found, reading))
    keys = {mention.names[-1] for mention in mentions}
    return replace(
        found,
        mentions=mentions,
        relations=tuple(_relations(given.get("relations", []), keys, found, reading)),
        meta={**found.meta, **_meta(given.get("meta", {}))},
        topics={**found.topics, **_topics(given.get("topics", {}), found, reading)},
    )


def _passages(value: object) -> Iterator[Passage]:
    at = 0
    for item in _list(value, "passages"):
        # A blank stands before a passage that does not say where it begins.
        passage = _item(
            _PASSAGE, {"kind": "", "offset": at + (at > 0), **_object(item)}, "document"
        )
        if passage.offset < at:
            reason = (
                f"a passage starts at {passage.offset}, before the end of the one before it, {at}"
            )
            raise UnusableError("document", reason)
        if passage.offset - at > WIDEST_GAP:
            reason = (
                f"a passage starts at {passage.offset}, more than {WIDEST_GAP} signs behind {at}"
            )
            raise UnusableError("document", reason)
        yield passage
        at = passage.offset + len(passage.text)


def _mentions(value: object, document: Document, reading: _Reading) -> Iterator[Mention]:
    text = document.text
    for item in _list(value, "mentions"):
        try:
            mention = _item(_MENTION, _object(item), "mention")
            if reason := _flaw(mention, text, _object(item).get("text")):
                raise UnusableError("mention", reason)
            yield mention
        except UnusableError as fault:
            reading.reject(document, "mention", fault.reason, item)


def _flaw(mention: Mention, text: str, written: object) -> str:
    """Return what is wrong with a mention, or nothing; `written` is the text that it should have."""
    start, end = mention.start, mention.end
    borders = [at for span in mention.parts or ((start, end),) for at in span]
    if not 0 <= start < end <= len(text):
        return f"{start}-{end} is no span of the text, which has {len(text)} characters"
    if borders != sorted(set(borders)) or (borders[0], borders[-1]) != (start, end):
        return f"its parts do not lie one after the other from {start} to {end}"
    if written is not None and written != text[start:end]:
        return f"the text at {start}-{end} is {text[start:end]!r}, not {written!r}"
    if not 0 <= mention.probability <= 1:
        return f"{mention.probability} is no probability between 0 and 1"
    return "" if mention.type.strip() else "the mention has no type"


def _relations(
    value: object, keys: Set[str], document: Document, reading: _Reading
) -> Iterator[Relation]:
    for item in _list(value, "relations"):
        try:
            relation = _item(_RELATION, _object(item), "relation")
            for name in (relation.subject, relation.object):
                if place_of_key(name) and name not in keys:
                    raise UnusableError("relation", f"the document has no mention {name}")
            if not 0 <= relation.probability <= 1:
                reason = f"{relation.probability} is no probability between 0 and 1"
                raise UnusableError("relation", reason)
            yield relation
        except UnusableError as fault:
            reading.reject(document, "relation", fault.reason, item)


def _meta(value: object) -> Mapping[str, tuple[str, ...]]:
    def items(found: object) -> tuple[str, ...]:
        # Ours are kept as they are, also empty ones.
        ours = isinstance(found, list) and all(isinstance(item, str) for item in found)
        return tuple(found) if ours and isinstance(found, list) else items_of(found)

    return {name: items(found) for name, found in _object(value).items()}


def _topics(value: object, document: Document, reading: _Reading) -> Mapping[str, str]:
    found = {}
    for task, label in _object(value).items():
        if isinstance(label, str):
            found[task] = label
        else:
            reading.reject(document, "topic", f"the label of {task} is no text", label)
    return found


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise UnusableError("document", f"{name} is no list")
    return value


def _object(value: object) -> Object:
    if not isinstance(value, dict):
        raise UnusableError("document", f"{json.dumps(value)[:40]} is no object of JSON")
    return value


def _item(kind: TypeAdapter[Item], value: Object, lost: Lost) -> Item:
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UnusableError(lost, f"{place}: {first['msg']}") from error


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as JSON Lines, gzip if the name ends in `.gz`: all that they hold.

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for a document without an id, or
            with half a character.
    """
    write_pieces(path, documents, _piece, topics_beside=False)


def unfit(document: Document) -> str:
    """Return why JSON Lines cannot hold a document, or nothing."""
    if not document.id.strip():
        return "JSON Lines cannot hold a document without an id"
    if not fits_utf8(_line(document)):
        return f"JSON Lines cannot hold document {document.id!r}: it has a lone surrogate"
    return ""


def _piece(document: Document) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason)
    return _line(document).encode()


def _line(document: Document) -> str:
    text = document.text
    mentions = [
        {**written(mention), "text": text[mention.start : mention.end]}
        for mention in document.mentions
    ]
    more = {
        "mentions": mentions,
        "relations": [written(relation) for relation in document.relations],
        "meta": dict(document.meta),
        "topics": dict(document.topics),
    }
    value = {
        "id": document.id,
        "passages": [written(passage) for passage in document.passages],
        **{name: items for name, items in more.items() if items},
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def written(item: Passage | Mention | Relation) -> Object:
    """Return what is written of an item: all that is not as usual."""
    values = {found.name: (getattr(item, found.name), found.default) for found in fields(item)}
    return {name: value for name, (value, usual) in values.items() if value != usual}


FORMAT = Format(
    name="jsonl",
    title="JSON Lines",
    endings=(".jsonl", ".ndjson", ".jsonlines"),
    read=read,
    write=write,
    columns=COLUMNS,
    holds=ALL,
    unfit=unfit,
)
