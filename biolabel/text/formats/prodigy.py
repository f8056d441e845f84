"""Prodigy: an annotated example a line, as `db-out` writes it and recipes read it.

    {"text": "Zinc helps.", "meta": {"id": "1"},
     "tokens": [{"text": "Zinc", "start": 0, "end": 4, "id": 0, "ws": true}, ...],
     "spans": [{"start": 0, "end": 4, "token_start": 0, "token_end": 0, "label": "Chemical"}],
     "relations": [{"head": 0, "child": 2, "label": "CID", "head_span": {...}, "child_span": {...}}],
     "answer": "accept"}

Offsets count code points; `token_end` is the last token. Examples that people rejected or ignored say
nothing of what is right: they are no documents, and stand in the rejects. A choice (`accept`), or the
`label` of an example without spans, is the label of the document, of the task that `meta.task` names, else
of `label`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from biolabel.data.documents import Document, Mention, mention_key, place_of_key
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.carried import KEY, carried, restored
from biolabel.text.formats.format import Format, no_columns
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.jsonl import Object, document_from, parsed, unfit
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import Line, whole_lines
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_TOKEN = re.compile(r"\w+|[^\w\s]")
_Index = Mapping[tuple[object, object], str]


def read(path: Path, rejects: Rejects) -> Iterator[Document]:
    """Yield the documents of a file of Prodigy, plain or gzip, holding one at a time.

    A wrong span or relation costs itself; of documents with the same id the first good one is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read.
    """
    return with_topics(path, _read(path, rejects), rejects)


def _read(path: Path, rejects: Rejects) -> Iterator[Document]:
    seen = Seen()
    for line in whole_lines(path, rejects):
        if not line.text.strip():
            continue
        try:
            document = _document(parsed(line), path, line, rejects)
            if again := seen.again(document.id, document):
                raise UnusableError(*again)
        except UnusableError as fault:
            rejects.add(path, line.number, "", fault.lost, fault.reason, line.text)
            continue
        yield document


def _document(value: Object, path: Path, line: Line, rejects: Rejects) -> Document:
    text, answer = value.get("text"), value.get("answer", "accept")
    if not isinstance(text, str):
        raise UnusableError("document", "the example has no text")
    if answer != "accept":
        raise UnusableError("document", f"its answer is {answer}, which leaves open what is right")
    meta = _object(value.get("meta"))
    spans = [_mention(each) for each in _list(value.get("spans"))]
    keys: dict[tuple[object, object], str] = {}
    for each in spans:
        start, end = each["start"], each["end"]
        if isinstance(start, int) and isinstance(end, int):
            keys.setdefault((start, end), mention_key(start, end, str(each["type"])))
    found = restored(text, value.get(KEY))
    relations = [_relation(each, keys) for each in _list(value.get("relations"))]
    whole = {
        **found,
        "id": str(meta.get("id", f"{path.name.partition('.')[0]}-{line.number}")),
        "mentions": spans,
        "relations": [*_list(found.get("relations")), *relations],
        "topics": {**_object(found.get("topics")), **_topic(value, str(meta.get("task", "label")))},
    }
    return document_from(whole, path, line, rejects)


def _topic(value: Object, task: str) -> Mapping[str, object]:
    chosen = value.get("accept")
    if isinstance(chosen, list) and chosen:
        return {task: chosen[0]}
    return {task: value["label"]} if "label" in value and "spans" not in value else {}


def _mention(each: Object) -> dict[str, object]:
    """Return a span as JSON Lines have a mention."""
    found = {"start": each.get("start"), "end": each.get("end"), "type": each.get("label", "")}
    more = {name: each[name] for name in ("text", "concepts", "probability") if name in each}
    return found | more


def _relation(each: Object, keys: _Index) -> dict[str, object]:
    ends = []
    for name in ("head_span", "child_span"):
        span = _object(each.get(name))
        start, end, type_ = span.get("start"), span.get("end"), span.get("label")
        own = isinstance(start, int) and isinstance(end, int) and isinstance(type_, str) and type_
        ends.append(
            mention_key(start, end, type_)
            if own and isinstance(start, int) and isinstance(end, int) and isinstance(type_, str)
            else keys.get((start, end), "@0-0:unknown")
        )
    label = each.get("label", "related")
    found = {"task": label, "subject": ends[0], "object": ends[1], "label": label}
    return found | ({"probability": each["probability"]} if "probability" in each else {})


def _list(value: object) -> list[Object]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def write(path: Path, documents: Iterable[Document]) -> None:
    """Write documents as accepted examples of Prodigy, gzip if the name ends in `.gz`.

    Tokens are words and signs, cut where mentions begin and end. Relations between concepts, which
    Prodigy cannot show, are carried along (`biolabel.text.formats.carried`).

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for a document without an id, or with
            half a character.
    """
    write_pieces(path, documents, _piece, topics_beside=False)


def _piece(document: Document) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason.replace("JSON Lines", "Prodigy"))
    text = document.text
    tokens = list(_tokens(text, document.mentions))
    first = {start: at for at, (start, _) in enumerate(tokens)}
    last = {end: at for at, (_, end) in enumerate(tokens)}
    spans = {m: _span(m, text, first, last) for m in document.mentions}
    named = {m.names[-1]: _place(m, first, last) for m in reversed(document.mentions)}
    value = {
        "text": text,
        "meta": {"id": document.id},
        "tokens": [
            {
                "text": text[start:end],
                "start": start,
                "end": end,
                "id": at,
                "ws": text[end : end + 1] == " ",
            }
            for at, (start, end) in enumerate(tokens)
        ],
        "spans": list(spans.values()),
        "relations": [
            {
                "head": named[each.subject]["token_end"],
                "child": named[each.object]["token_end"],
                "label": each.label,
                "head_span": named[each.subject],
                "child_span": named[each.object],
                **({"probability": each.probability} if each.probability < 1 else {}),
            }
            for each in document.relations
            if place_of_key(each.subject) is not None
        ],
        KEY: carried(document),
        "answer": "accept",
    }
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def _tokens(text: str, mentions: Iterable[Mention]) -> Iterator[tuple[int, int]]:
    borders = {at for mention in mentions for at in (mention.start, mention.end)}
    for found in _TOKEN.finditer(text):
        cuts = [at for at in sorted(borders) if found.start() < at < found.end()]
        yield from pairwise([found.start(), *cuts, found.end()])


def _place(
    mention: Mention, first: Mapping[int, int], last: Mapping[int, int]
) -> dict[str, object]:
    """Return where a mention stands, also in tokens where it begins and ends with some."""
    found: dict[str, object] = {"start": mention.start, "end": mention.end, "label": mention.type}
    return found | {
        "token_start": first.get(mention.start),
        "token_end": last.get(mention.end),
    }


def _span(
    mention: Mention, text: str, first: Mapping[int, int], last: Mapping[int, int]
) -> dict[str, object]:
    found = _place(mention, first, last) | {"text": text[mention.start : mention.end]}
    found |= {"concepts": list(mention.concepts)} if mention.concepts else {}
    return found | ({"probability": mention.probability} if mention.probability < 1 else {})


FORMAT = Format(
    name="prodigy",
    title="Prodigy",
    endings=(".prodigy.jsonl",),
    looks=lambda head: b'"_input_hash"' in head and b'"_task_hash"' in head,
    read=no_columns(read),
    write=write,
    holds=ALL - {"parts of discontinuous mentions", "sources of mentions", "tasks of relations"},
    unfit=unfit,
)
