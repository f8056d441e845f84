"""Rows of datasets that hold mentions: BigBio's knowledge base schema, and tokens with tags."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.errors import CorpusError
from biolabel.kb.curie import curie_of
from biolabel.text.formats.columnar import Columnar
from biolabel.text.formats.conll import Builder
from biolabel.text.formats.format import Columns
from biolabel.text.formats.given import UnusableError, mention_at
from biolabel.text.formats.rows import COLUMNS, Convert, document_of, id_of, layout_of
from biolabel.text.passages import placed
from biolabel.text.rejects import Lost, Rejects

Value = Mapping[str, object]

_TEXTS = ("text", "title", "abstract")
_TOKENS = ("tokens", "words")
_TAGS = ("ner_tags", "tags", "labels")


@dataclass(frozen=True, slots=True)
class _Place:
    """The row that is read, and where rejects of its pieces go."""

    path: Path
    number: int
    id: str
    rejects: Rejects

    def reject(self, lost: Lost, reason: str, value: object = "") -> None:
        self.rejects.add(self.path, self.number, self.id, lost, reason, str(value))


def converter(file: Columnar, columns: Columns, called: str, rejects: Rejects) -> Convert:
    """Return what makes documents of the rows of a file, by the columns that it has.

    called: what rows without ids are called, before their number.

    Raises:
        CorpusError: BL641 when the map names columns that the file does not have, or there are none
            for a text.
    """
    names = file.names
    tokens = _first(columns.get("tokens"), _TOKENS, names)
    tags = _first(columns.get("tags"), _TAGS, names)
    by_hand = any(columns.get(name) for name in _TEXTS)
    if {"passages", "entities"} <= {*names} and not by_hand:
        return lambda number, row: _of_knowledge_base(row, file.path, number, rejects)
    rest = {name: column for name, column in columns.items() if name in COLUMNS}
    tagged = bool(tokens and tags) and not by_hand
    for name in (tokens, tags) if tagged else ():
        if name not in names:
            raise CorpusError(
                "BL641", f"{file.path} has no column {name!r}", hint=f"it has: {', '.join(names)}"
            )
    single = [name for name in file.labels if name not in (tokens, tags)]
    rest = {"topics": ",".join(single), **rest}
    usual = [name for name in names if not (tagged and name in (tokens, tags))]
    layout = layout_of(usual, rest, str(file.path), texts_elsewhere=tagged)

    def convert(number: int, row: Value) -> Document:
        document = document_of(row, layout, f"{called}-{number}")
        if not tagged:
            return document
        place = _Place(file.path, number, document.id, rejects)
        found = _of_tokens(row[tokens], row[tags], place)
        return replace(document, passages=found.passages, mentions=found.mentions)

    return convert


def _first(said: str | None, usual: Sequence[str], names: Sequence[str]) -> str:
    return said or next((name for name in usual if name in names), "")


def _of_tokens(tokens: object, tags: object, place: _Place) -> Document:
    if not (isinstance(tokens, list) and isinstance(tags, list) and len(tokens) == len(tags)):
        raise UnusableError("document", "there are not as many tags as tokens")
    builder = Builder(place.id, place.number)
    for token, tag in zip(tokens, tags, strict=True):
        if not (isinstance(token, str) and token.strip()):
            continue
        # What a ClassLabel does not name, such as -100, is outside.
        if odd := builder.add(token, "O" if tag is None else str(tag)):
            place.reject(*odd, token)
    builder.end_sentence()
    if not builder.passages:
        raise UnusableError("document", "the document has no tokens")
    return builder.document()


def _of_knowledge_base(row: Value, path: Path, number: int, rejects: Rejects) -> Document:
    place = _Place(path, number, id_of(row.get("document_id") or row.get("id")), rejects)
    bare = Document(place.id, _passages(_objects(row.get("passages")), place))
    if not bare.text.strip():
        raise UnusableError("document", "the document has no text")
    mentions: dict[str, Mention] = {}
    for value in _objects(row.get("entities")):
        try:
            mentions[str(value.get("id"))] = _mention(value, bare.text)
        except UnusableError as fault:
            place.reject(fault.lost, fault.reason, value)
    return replace(
        bare,
        mentions=tuple(dict.fromkeys(mentions.values())),
        relations=tuple(dict.fromkeys(_relations(row.get("relations"), mentions, place))),
    )


def _passages(values: Sequence[Value], place: _Place) -> tuple[Passage, ...]:
    """Return passages where their offsets say, or one after the other if they cannot be there."""
    found = [
        Passage(str(value.get("type") or "").casefold(), start, text)
        for value in values
        for text, (start, _) in zip(_texts(value), _spans(value), strict=False)
    ]
    ends = [0, *(passage.offset + len(passage.text) for passage in found)]
    count = sum(len(_texts(value)) for value in values)
    if len(found) == count and all(p.offset >= end for p, end in zip(found, ends, strict=False)):
        return tuple(found)
    reason = "passages cannot stand where their offsets say; they stand one after the other"
    place.reject("nothing", reason)
    return placed(
        (str(value.get("type") or "").casefold(), text, "")
        for value in values
        for text in _texts(value)
    )


def _mention(value: Value, text: str) -> Mention:
    concepts = [
        curie_of(str(link.get("db_id") or ""), str(link.get("db_name") or "").upper())
        for link in _objects(value.get("normalized"))
    ]
    return mention_at(
        text,
        _spans(value),
        " ".join(_texts(value)),
        str(value.get("type") or ""),
        tuple(dict.fromkeys(concept for concept in concepts if concept)),
    )


def _relations(value: object, mentions: Mapping[str, Mention], place: _Place) -> Iterator[Relation]:
    for found in _objects(value):
        ids = [str(found.get(name)) for name in ("arg1_id", "arg2_id")]
        missing = [id_ for id_ in ids if id_ not in mentions]
        label = str(found.get("type") or "")
        if missing or not label:
            reason = f"there is no entity {missing[0]}" if missing else "the relation has no type"
            place.reject("relation", reason, found)
        else:
            subject, target = (mentions[id_].names[-1] for id_ in ids)
            yield Relation(label, subject, target, label)


def _objects(value: object) -> list[Value]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Value) -> list[str]:
    texts = value.get("text")
    return [str(text) for text in (texts if isinstance(texts, list) else [texts]) if text]


def _spans(value: Value) -> list[tuple[int, int]]:
    spans = value.get("offsets")
    pairs = spans if isinstance(spans, list) else []
    numbers = [
        [at for at in pair if isinstance(at, int)] for pair in pairs if isinstance(pair, list)
    ]
    return [(pair[0], pair[1]) for pair in numbers if len(pair) == 2]
