"""Label Studio: a JSON list of tasks, with what people marked (`annotations`) or models say (`predictions`).

    {"data": {"text": "Zinc helps.", "id": "1"},
     "annotations": [{"result": [
       {"id": "m0", "from_name": "label", "to_name": "text", "type": "labels",
        "value": {"start": 0, "end": 4, "text": "Zinc", "labels": ["Chemical"]},
        "meta": {"text": ["MESH:D015032"]}},
       {"type": "relation", "from_id": "m0", "to_id": "m1", "direction": "right", "labels": ["CID"]},
       {"from_name": "topic", "to_name": "text", "type": "choices", "value": {"choices": ["other"]}}]}]}

Of a task with several annotations the one marked as ground truth counts, else the first that was not
cancelled; without any, the first prediction. The notes of a region that are CURIEs are its concepts.
Offsets count code points, but UTF-16 units in old versions of Label Studio (its issues 1008 and 1347): the
`text` of a region tells which, and without it they are code points. A document's id is `data.id`, else
the task's.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

from biolabel.data.documents import Document, mention_key, place_of_key
from biolabel.errors import CorpusError
from biolabel.text.formats.aspects import ALL
from biolabel.text.formats.carried import KEY, carried, restored
from biolabel.text.formats.format import Columns, Format
from biolabel.text.formats.given import UnusableError
from biolabel.text.formats.jsonl import Object, document_from, unfit
from biolabel.text.formats.objects import Piece, pieces
from biolabel.text.formats.output import write_pieces
from biolabel.text.formats.repeated import Seen
from biolabel.text.lines import Line
from biolabel.text.rejects import Rejects
from biolabel.text.topics import with_topics

_CURIE = re.compile(r"[A-Za-z][\w.-]*:\S+")
_Note = Callable[[str], None]


def read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    """Yield the documents of an export or import file of Label Studio, plain or gzip, holding one at a time.

    columns: which keys of `data` are `text` and `id`. A wrong region or relation costs itself; of documents
    with the same id the first good one is kept.

    Raises:
        CorpusError: BL601 when the file cannot be read; BL602 when it has no object.
    """
    return with_topics(path, _read(path, rejects, columns), rejects)


def _read(path: Path, rejects: Rejects, columns: Columns) -> Iterator[Document]:
    seen, found = Seen(), False
    for piece in pieces(path):
        found = True
        start = piece.data[:400].decode(errors="replace")
        if piece.fault:
            rejects.add(path, piece.line, "", "rest", piece.fault, start)
            continue
        try:
            document = _document(piece, path, rejects, columns)
            if again := seen.again(document.id, document):
                raise UnusableError(*again)
        except UnusableError as fault:
            rejects.add(path, piece.line, "", fault.lost, fault.reason, start)
            continue
        yield document
    if not found:
        hint = "Label Studio exports a list of tasks as JSON; its JSON-MIN has no relations"
        raise CorpusError("BL602", f"{path} is no file of Label Studio: it has no tasks", hint=hint)


def _document(piece: Piece, path: Path, rejects: Rejects, columns: Columns) -> Document:
    try:
        value = json.loads(piece.data)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnusableError("document", f"the task is no JSON: {error}") from error
    data = value.get("data")
    if not isinstance(data, dict):
        raise UnusableError("document", "the task has no data; export as JSON, not as JSON-MIN")
    text = data.get(columns.get("text", "text"))
    if not isinstance(text, str):
        hint = ", ".join(sorted(data))
        raise UnusableError("document", f"the task has no text, but {hint or 'nothing'}")
    id_ = data.get(columns.get("id", "id"), value.get("id", f"{path.name}-{piece.line}"))
    line = Line(piece.line, "")

    def note(reason: str) -> None:
        rejects.add(path, piece.line, str(id_), "nothing", reason, "")

    result = _result(value, note)
    found = restored(text, data.get(KEY))
    regions = {str(each.get("id")): _mention(each, text) for each in result if _is(each, "labels")}
    keys = {
        name: mention_key(m["start"], m["end"], str(m["type"]))
        for name, m in regions.items()
        if isinstance(m["start"], int) and isinstance(m["end"], int)
    }
    relations = [_relation(each, keys) for each in result if each.get("type") == "relation"]
    topics = {
        str(each.get("from_name")): choice
        for each in result
        if _is(each, "choices")
        for choice in _texts(_object(each["value"]).get("choices"))[:1]
    }
    whole = {
        **found,
        "id": str(id_),
        "mentions": list(regions.values()),
        "relations": [*_list(found.get("relations")), *relations],
        "topics": {**_object(found.get("topics")), **topics},
    }
    return document_from(whole, path, line, rejects)


def _result(value: Mapping[str, object], note: _Note) -> list[dict[str, object]]:
    """Return the regions and relations of the annotation that counts."""
    made = [each for each in _list(value.get("annotations")) if not each.get("was_cancelled")]
    made.sort(key=lambda each: not each.get("ground_truth"))
    if len(made) > 1:
        note(f"{len(made) - 1} more annotations of the task are not read")
    chosen = [*made, *([] if made else _list(value.get("predictions")))]
    return _list(chosen[0].get("result")) if chosen else []


def _is(each: Mapping[str, object], kind: str) -> bool:
    found = each.get("value")
    return (
        each.get("type") == kind and isinstance(found, dict) and isinstance(found.get(kind), list)
    )


def _mention(each: Mapping[str, object], text: str) -> dict[str, object]:
    """Return a region as JSON Lines have a mention, its offsets in code points."""
    value = _object(each["value"])
    start, end, written = value.get("start"), value.get("end"), value.get("text")
    if isinstance(start, int) and isinstance(end, int) and isinstance(written, str):
        units = _units(text)
        if text[start:end] != written and start in units and end in units:
            low, high = units[start], units[end]
            start, end = (low, high) if text[low:high] == written else (start, end)
    labels = _texts(value.get("labels"))
    notes = _texts(_object(each.get("meta")).get("text"))
    found: dict[str, object] = {"start": start, "end": end, "type": "".join(labels[:1])}
    found["concepts"] = [each for each in notes if _CURIE.fullmatch(each)]
    if isinstance(each.get("score"), int | float):
        found["probability"] = each["score"]
    return found | ({"text": written} if isinstance(written, str) else {})


def _units(text: str) -> Mapping[int, int]:
    """Return where each code point begins in UTF-16 units, and the end: units to code points."""
    starts = accumulate((1 + (ord(sign) > 0xFFFF) for sign in text), initial=0)
    return {unit: at for at, unit in enumerate(starts)}


def _relation(each: Mapping[str, object], keys: Mapping[str, str]) -> dict[str, object]:
    ends = [keys.get(str(each.get(name)), "@0-0:unknown") for name in ("from_id", "to_id")]
    if each.get("direction") == "left":
        ends.reverse()
    label = (_texts(each.get("labels")) or ["related"])[0]
    found: dict[str, object] = {
        "task": label,
        "subject": ends[0],
        "object": ends[1],
        "label": label,
    }
    if isinstance(each.get("score"), int | float):
        found["probability"] = each["score"]
    return found


def _list(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def write(path: Path, documents: Iterable[Document], kind: str = "annotations") -> None:
    """Write documents as tasks of Label Studio, as what was annotated or as predictions.

    Relations between concepts, which it cannot show, are carried along (`biolabel.text.formats.carried`).

    Raises:
        CorpusError: BL604 when the file cannot be written; BL610 for a document without an id, or with
            half a character.
    """
    piece = partial(_piece, kind=kind)
    write_pieces(
        path, documents, piece, head=b"[\n", between=b",\n", tail=b"\n]\n", topics_beside=False
    )


def _piece(document: Document, kind: str) -> bytes:
    if reason := unfit(document):
        raise CorpusError("BL610", reason.replace("JSON Lines", "Label Studio"))
    said = {"result": list(_regions(document))}
    told = {"model_version": "biolabel", **said} if kind == "predictions" else said
    task = {
        "data": {"text": document.text, "id": document.id, KEY: carried(document)},
        kind: [told],
    }
    return json.dumps(task, ensure_ascii=False).encode()


def _regions(document: Document) -> Iterator[Object]:
    text = document.text
    ids: dict[str, str] = {}
    for at, mention in enumerate(document.mentions):
        ids.setdefault(mention.names[-1], f"m{at}")
        span = {
            "start": mention.start,
            "end": mention.end,
            "text": text[mention.start : mention.end],
        }
        yield {
            "id": f"m{at}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {**span, "labels": [mention.type]},
            **({"meta": {"text": list(mention.concepts)}} if mention.concepts else {}),
            **({"score": mention.probability} if mention.probability < 1 else {}),
        }
    for each in document.relations:
        if place_of_key(each.subject) is not None:
            yield {
                "type": "relation",
                "from_id": ids[each.subject],
                "to_id": ids[each.object],
                "direction": "right",
                "labels": [each.label],
                **({"score": each.probability} if each.probability < 1 else {}),
            }
    for task, label in document.topics.items():
        choice: Sequence[str] = [label]
        yield {
            "from_name": task, "to_name": "text", "type": "choices", "value": {"choices": choice},
        }  # fmt: skip


_HOLDS = ALL - {"parts of discontinuous mentions", "sources of mentions", "tasks of relations"}


def _looks(head: bytes) -> bool:
    """Return whether a file begins as an export does: a list of tasks, each with its data."""
    known = re.match(rb"(\xef\xbb\xbf)?\s*\[\s*\{", head) and b'"infons"' not in head
    return bool(
        known and re.search(rb'"(annotations|predictions)"\s*:', head) and b'"data"' in head
    )


FORMAT = Format(
    name="labelstudio",
    title="Label Studio",
    endings=(".labelstudio.json",),
    looks=_looks,
    read=read,
    write=write,
    columns=("text", "id"),
    holds=_HOLDS,
    unfit=unfit,
)
PREDICTIONS = Format(
    name="labelstudio-predictions",
    title="Label Studio's predictions",
    endings=(".predictions.labelstudio.json",),
    read=read,
    write=partial(write, kind="predictions"),
    columns=("text", "id"),
    holds=_HOLDS,
    unfit=unfit,
)
