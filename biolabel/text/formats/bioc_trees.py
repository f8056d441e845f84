"""From documents to the trees of BioC, which `biolabel.text.formats.bioc` reads."""

from collections.abc import Mapping
from typing import Any

from biolabel.data.documents import Document, Mention, Passage, Relation


def tree_of(document: Document) -> dict[str, Any]:
    """Return a document as a tree, whose infons are texts, or lists where there are several."""
    numbers = {mention: str(i) for i, mention in enumerate(document.mentions)}
    keys = {mention.names[-1]: number for mention, number in reversed(numbers.items())}
    passages = [_passage_tree(passage) for passage in document.passages]
    for mention, number in numbers.items():
        starts = [i for i, p in enumerate(document.passages) if p.offset <= mention.start]
        place = passages[starts[-1] if starts else 0]
        place["annotations"].append(_annotation_tree(document.text, mention, number))
    return {
        "id": document.id,
        "infons": {key: _value(values) for key, values in document.meta.items()},
        "passages": passages,
        "annotations": [],
        "relations": [_relation_tree(r, i, keys) for i, r in enumerate(document.relations)],
    }


def _passage_tree(passage: Passage) -> dict[str, Any]:
    infons = {"type": passage.kind, "heading": passage.heading}
    return {
        "offset": passage.offset,
        "infons": {key: value for key, value in infons.items() if value},
        "text": passage.text,
        "sentences": [],
        "annotations": [],
        "relations": [],
    }


def _annotation_tree(text: str, mention: Mention, number: str) -> dict[str, Any]:
    infons = {"type": mention.type, "identifier": "|".join(mention.concepts)}
    infons["source"] = mention.source if mention.source != "given" else ""
    infons["score"] = repr(mention.probability) if mention.probability < 1 else ""
    spans = mention.parts or ((mention.start, mention.end),)
    return {
        "id": number,
        "infons": {key: value for key, value in infons.items() if value},
        "text": " ".join(text[start:end] for start, end in spans),
        "locations": [{"offset": start, "length": end - start} for start, end in spans],
    }


def _relation_tree(relation: Relation, number: int, keys: Mapping[str, str]) -> dict[str, Any]:
    infons = {"relation": relation.label}
    infons["task"] = relation.task if relation.task != relation.label else ""
    infons["score"] = repr(relation.probability) if relation.probability < 1 else ""
    sides = (relation.subject, relation.object)
    nodes = [{"refid": keys[s], "role": f"Arg{i}"} for i, s in enumerate(sides, 1) if s in keys]
    if len(nodes) < len(sides):
        infons |= {"subject": sides[0], "object": sides[1]}
        nodes = []
    return {
        "id": f"R{number}",
        "infons": {key: value for key, value in infons.items() if value},
        "nodes": nodes,
    }


def _value(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
