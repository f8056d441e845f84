"""BioC, whether XML or JSON: from its trees to documents; `bioc_trees` has the way back.

A tree is what BioC JSON has for a document: `id`, `infons`, `passages` (`infons`, `offset`, `text` or
`sentences`, `annotations`, `relations`) and `relations`. How others use it differs; read are:

- passages: `section_type` of full texts and `type` are the kind, titles of sections the heading of
  what follows;
- annotations: `type`; concepts in `identifier` or under the name of a vocabulary, such as `MESH`;
  several locations are a discontinuous mention; an `IndividualMention` of a composite is left out;
- relations: two nodes name mentions, or two infons concepts; `relation` or `type` is the label;
- infons of the document, and journal, year and the like of its first passage, are metadata.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from biolabel.data.documents import Document, Mention, Passage, Relation
from biolabel.text.formats.given import WIDEST_GAP, UnusableError, concepts_of, mention_at
from biolabel.text.rejects import Rejects

LINE: Final = "#line"
"""The key under which a tree may say on which line of the file it begins."""

_VOCABULARY = re.compile(r"[A-Z][A-Z0-9_.-]+")
_KINDS = {
    "front": "title",
    "intro": "introduction",
    "discuss": "discussion",
    "concl": "conclusions",
}
_FIELDS = {"journal": "journal", "year": "year", "mesh": "mesh", "keywords": "keywords"}
_FIELDS |= {"kwd": "keywords"}
_NO_ARGUMENTS = frozenset({"relation", "type", "task", "score", "note", "id"})
_NUMBERED = re.compile(r"\D*\d")


def _infons(value: object) -> dict[str, tuple[str, ...]]:
    """Read values as texts; one may be a list, as a key may occur several times in XML."""
    if not isinstance(value, Mapping):
        raise ValueError("infons are no map")
    lists = {key: v if isinstance(v, list) else [v] for key, v in value.items()}
    return {str(k): tuple(str(v) for v in vs if v is not None) for k, vs in lists.items()}


class _Tree(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, extra="ignore")

    line: int = Field(default=0, alias=LINE)
    infons: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_infons)] = {}

    def infon(self, *keys: str) -> str:
        """Return the first value of the first key that has one, or nothing."""
        return next((value.strip() for key in keys for value in self.infons.get(key, ())), "")


class _Location(BaseModel):
    offset: int
    length: int


class _Annotation(_Tree):
    id: str = ""
    text: str | None = None
    locations: list[_Location] = []


class _Node(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    refid: str
    role: str = ""


class _Relation(_Tree):
    id: str = ""
    nodes: list[_Node] = []


class _Text(_Tree):
    """A passage or sentence; its annotations and relations are looked at one by one."""

    offset: int
    text: str | None = None
    sentences: list[Any] = []
    annotations: list[Any] = []
    relations: list[Any] = []


class _Document(_Tree):
    id: str
    passages: list[Any]
    annotations: list[Any] = []
    relations: list[Any] = []


T = TypeVar("T", bound=BaseModel)


@dataclass(slots=True)
class _Reading:
    """A document while it is read: its rejects, its text, and the mentions by their ids."""

    file: Path
    rejects: Rejects
    line: int
    id: str
    text: str = ""
    mentions: dict[Mention, None] = field(default_factory=dict)
    called: dict[str, set[Mention]] = field(default_factory=dict)

    def reject(self, fault: UnusableError, tree: object, line: int = 0) -> None:
        """Note what could not be used."""
        raw = tree.text or "" if isinstance(tree, (_Annotation, _Text)) else str(tree)
        at = line or self.line
        self.rejects.add(self.file, at, self.id, fault.lost, fault.reason, raw)


def document_of(tree: object, file: Path, line: int, rejects: Rejects) -> Document | None:
    """Return the document of a tree, or None if it cannot be used at all.

    The text is trusted, not the offsets of passages: if the annotations do not fit them, but fit the
    passages with one blank between two, that is how they stand.
    """
    reading = _Reading(file, rejects, line, "")
    try:
        whole = _checked(_Document, tree)
        reading.id = whole.id.strip()
        if not reading.id:
            raise UnusableError("document", "the document has no id")
        texts = [_text(_checked(_Text, passage)) for passage in whole.passages]
        if not any((text.text or "").strip() for text in texts):
            raise UnusableError("document", "the document has no text")
    except UnusableError as fault:
        reading.reject(UnusableError("document", fault.reason), tree)
        return None
    annotations = [_annotations(reading, text.annotations) for text in texts]
    rest = _annotations(reading, whole.annotations)
    passages = _passages(reading, texts, [a for found in (*annotations, rest) for a in found])
    reading.text = Document("", passages).text
    _add_mentions(reading, [a for found in (*annotations, rest) for a in found])
    raw = [relation for text in texts for relation in text.relations]
    relations = dict.fromkeys(_relations(reading, [*raw, *whole.relations]))
    meta = _meta(whole, texts[0] if texts else None)
    return Document(reading.id, passages, tuple(reading.mentions), tuple(relations), meta)


def _checked(model: type[T], tree: object) -> T:
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        name = model.__name__.strip("_").lower()
        said = f"{place}: {first['msg']}" if place else first["msg"]
        raise UnusableError("nothing", f"the {name} is not as it should be: {said}") from None


def _text(passage: _Text) -> _Text:
    """Return a passage with the text, annotations and relations of its sentences, if it has some."""
    text, annotations, relations = "", [*passage.annotations], [*passage.relations]
    for tree in passage.sentences:
        sentence = _checked(_Text, tree)
        gap = sentence.offset - passage.offset - len(text)
        if passage.text is None and not 0 <= gap <= WIDEST_GAP:
            raise UnusableError("document", f"a sentence has a wrong offset, {sentence.offset}")
        text += " " * gap + (sentence.text or "")
        annotations += sentence.annotations
        relations += sentence.relations
    found = {"text": passage.text or text, "annotations": annotations, "relations": relations}
    return passage.model_copy(update=found)


def _annotations(reading: _Reading, trees: Sequence[object]) -> list[_Annotation]:
    found = []
    for tree in trees:
        try:
            found.append(_checked(_Annotation, tree))
        except UnusableError as fault:
            line = tree.get(LINE, 0) if isinstance(tree, dict) else 0
            reading.reject(UnusableError("mention", fault.reason), tree, line)
    return found


def _passages(
    reading: _Reading, texts: Sequence[_Text], annotations: Sequence[_Annotation]
) -> tuple[Passage, ...]:
    """Return the passages where the annotations say that they stand."""
    written = [text.text or "" for text in texts]
    offsets = [text.offset for text in texts]
    ends = [0, *(offset + len(text) for offset, text in zip(offsets, written, strict=True))]
    packed = [0]
    for text in written:
        packed.append(packed[-1] + len(text) + 1)
    gaps = [offset - end for offset, end in zip(offsets, ends, strict=False)]
    if not all(0 <= gap <= WIDEST_GAP for gap in gaps) or (
        offsets != packed[:-1]
        and _fitting(annotations, offsets, written) < _fitting(annotations, packed, written)
    ):
        for given, place, tree in zip(offsets, packed, texts, strict=False):
            if given != place:
                reason = f"the passage's offset is {given}, but its text stands at {place}"
                reading.reject(UnusableError("nothing", reason), tree, tree.line)
        offsets = packed[:-1]
    headings = _headings(texts)
    return tuple(
        Passage(_kind(tree), offset, text, heading)
        for tree, offset, text, heading in zip(texts, offsets, written, headings, strict=True)
    )


def _headings(texts: Sequence[_Text]) -> Iterator[str]:
    """Yield the heading of each passage: its own, or the title of a section that stood before."""
    heading = ""
    for text in texts:
        if re.match(r"(abstract_)?title_\d", text.infon("type").lower()):
            heading = (text.text or "").strip()
        elif _kind(text) == "title" or not text.infon("section_type"):
            heading = ""
        yield text.infon("heading") or heading


def _fitting(
    annotations: Sequence[_Annotation], offsets: Sequence[int], texts: Sequence[str]
) -> int:
    """Return how many annotations give their text if the passages stand at some offsets."""
    passages = (Passage("", offset, text) for offset, text in zip(offsets, texts, strict=False))
    whole = Document("", tuple(passages)).text
    spans = ([(x.offset, x.offset + x.length) for x in a.locations] for a in annotations)
    found = (" ".join(whole[low:high] for low, high in sorted(each)) for each in spans)
    pairs = zip(annotations, found, strict=True)
    return sum((a.text or "").split() == text.split() for a, text in pairs)


def _kind(text: _Text) -> str:
    kind = text.infon("section_type", "type")
    return _KINDS.get(kind.lower(), kind.lower()) if text.infon("section_type") else kind


def _add_mentions(reading: _Reading, annotations: Sequence[_Annotation]) -> None:
    wholes = [a for a in annotations if a.infon("CompositeRole") == "CompositeMention"]
    for annotation in annotations:
        try:
            mention = _mention(reading, annotation)
            if annotation.infon("CompositeRole") == "IndividualMention":
                inside = (_has(reading, whole, mention) for whole in wholes)
                if any(inside):
                    reason = "it is a part of a composite mention, which has its concepts"
                    raise UnusableError("nothing", reason)
            reading.called.setdefault(annotation.id, set()).add(mention)
            if mention in reading.mentions:
                raise UnusableError("nothing", "the same annotation stood before")
            reading.mentions[mention] = None
        except UnusableError as fault:
            reading.reject(fault, annotation, annotation.line)


def _has(reading: _Reading, whole: _Annotation, part: Mention) -> bool:
    """Return whether a composite mention has a part and its concepts; it is rejected on its own."""
    spans = [(x.offset, x.offset + x.length) for x in whole.locations]
    inside = any(low <= part.start and part.end <= high for low, high in spans)
    return inside and set(part.concepts) <= set(_concepts(reading, whole, quiet=True))


def _mention(reading: _Reading, annotation: _Annotation) -> Mention:
    spans = [(x.offset, x.offset + x.length) for x in annotation.locations]
    score = _score(reading, annotation)
    source = annotation.infon("source") or "given"
    type_ = annotation.infon("type")
    plain = mention_at(reading.text, spans, annotation.text or "", type_)
    concepts = _concepts(reading, annotation)
    return Mention(plain.start, plain.end, plain.type, concepts, source, score, plain.parts)


def _concepts(
    reading: _Reading, annotation: _Annotation, *, quiet: bool = False
) -> tuple[str, ...]:
    curies: list[str] = []
    for key, values in annotation.infons.items():
        if key not in ("identifier", "Identifier") and not _VOCABULARY.fullmatch(key):
            continue
        for value in values:
            found = concepts_of(value, key if _VOCABULARY.fullmatch(key) else "MESH")
            curies += found.curies
            for raw in () if quiet else found.malformed:
                reason = f"{raw!r} is no identifier; the mention is kept without it"
                reading.reject(UnusableError("concept", reason), annotation, annotation.line)
    return tuple(dict.fromkeys(curies))


def _score(reading: _Reading, tree: _Tree) -> float:
    """Return the infon `score` if there is one and it is a probability, else 1."""
    said = tree.infon("score")
    try:
        score = float(said or 1)
    except ValueError:
        score = -1.0
    if 0 <= score <= 1:
        return score
    reason = f"the score {said} is left out: it is no probability between 0 and 1"
    reading.reject(UnusableError("nothing", reason), tree, tree.line)
    return 1.0


def _relations(reading: _Reading, trees: Sequence[object]) -> Iterator[Relation]:
    for tree in trees:
        line = tree.get(LINE, 0) if isinstance(tree, dict) else 0
        try:
            found = _checked(_Relation, tree)
            label = found.infon("relation", "type")
            if not label:
                raise UnusableError("relation", "the relation has no type")
            subject, target = _nodes(reading, found) if found.nodes else _named(reading, found)
            yield Relation(
                found.infon("task") or label, subject, target, label, _score(reading, found)
            )
        except UnusableError as fault:
            reading.reject(UnusableError("relation", fault.reason), tree, line)


def _nodes(reading: _Reading, relation: _Relation) -> tuple[str, str]:
    """Return the keys of the mentions that a relation names."""
    if len(relation.nodes) != 2:
        raise UnusableError("relation", f"it has {len(relation.nodes)} nodes, not two")
    nodes = relation.nodes
    if all(_NUMBERED.fullmatch(node.role) for node in nodes):
        nodes = sorted(nodes, key=lambda node: node.role)
    keys = []
    for node in nodes:
        mentions = reading.called.get(node.refid, set())
        if len({mention.names[-1] for mention in mentions}) != 1:
            many = "several annotations are" if mentions else "no annotation that could be used is"
            raise UnusableError("relation", f"{many} called {node.refid!r}")
        keys.append(next(iter(mentions)).names[-1])
    return keys[0], keys[1]


def _named(reading: _Reading, relation: _Relation) -> tuple[str, str]:
    """Return the concepts, or mention keys, that stand in the infons of a relation."""
    keys = {mention.names[-1] for mention in reading.mentions}
    names = [
        _argument(value.rpartition("|")[2] if key.startswith("role") else value, keys)
        for key, found in relation.infons.items()
        for value in found
        if key not in _NO_ARGUMENTS
    ]
    if len(names) != 2 or not names[0] or not names[1]:
        raise UnusableError("relation", "a relation needs exactly one concept on each side")
    return names[0], names[1]


def _argument(value: str, keys: Set[str]) -> str | None:
    """Return a mention key of the document, or the one concept of a value; None for anything else."""
    if value in keys:
        return value
    found = concepts_of(value)
    return found.curies[0] if len(found.curies) == 1 and not found.malformed else None


def _meta(whole: _Document, first: _Text | None) -> dict[str, tuple[str, ...]]:
    meta = {_FIELDS.get(key.lower(), key): values for key, values in whole.infons.items()}
    for key, values in (first.infons if first else {}).items():
        if key.lower() in _FIELDS:
            meta.setdefault(_FIELDS[key.lower()], values)
    return meta
