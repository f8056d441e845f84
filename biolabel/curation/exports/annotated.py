"""Documents annotated with reviewed assertions, for the formats of corpora."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from biolabel.curation.assertions import argument_names
from biolabel.curation.evidence import closest_mentions
from biolabel.curation.judged import judged_documents
from biolabel.curation.review import Reviewed, assertion_id
from biolabel.data.documents import Document, Relation, place_of_key

Names = Mapping[str, tuple[str, str]]
"""How relations are called in the documents, to their task and label: `CID` to `cid` and `causes`."""


def annotated(
    documents: Iterable[Document], reviewed: Sequence[Reviewed], names: Names
) -> Iterator[Document]:
    """Yield documents with those of their predicted relations that belong to some assertions.

    documents: as predicted. A relation goes where curators say that its document does not state it; one
    between concepts comes where they say that it does and nothing predicted it.
    """
    judged = {each.id: judged_documents(each) for each in reviewed}
    stated = _stated(reviewed, judged, names)
    for document in documents:
        keys = claims(document, names)
        kept = []
        there = set()
        for key, relation in zip(keys, document.relations, strict=True):
            if key in judged and judged[key].get(document.id, True):
                kept.append(relation)
                there.add(key)
        concepts = {concept for mention in document.mentions for concept in mention.concepts}
        kept += (
            relation
            for key, relation in stated.get(document.id, ())
            if key not in there and {relation.subject, relation.object} <= concepts
        )
        yield replace(document, relations=tuple(kept))


def claims(document: Document, names: Names) -> list[str]:
    """Return the id of the assertion to which each relation of a document belongs."""
    return [assertion_id(*claim) for claim in claims_of(document, names)]


def claims_of(document: Document, names: Names) -> Iterator[tuple[str, str, str, str]]:
    """Yield task, subject, predicate and object of the assertion to which each relation belongs."""
    called = argument_names(document)
    for relation in document.relations:
        task, label = names.get(relation.label, (relation.task, relation.label))
        subject, target = (called.get(s, s) for s in (relation.subject, relation.object))
        yield task, subject, label, target


def _stated(
    reviewed: Sequence[Reviewed], judged: Mapping[str, Mapping[str, bool]], names: Names
) -> dict[str, list[tuple[str, Relation]]]:
    """Return, by document, the relations between concepts that curators see there, with their ids."""
    written = {meant: name for name, meant in reversed(list(names.items()))}
    found: dict[str, list[tuple[str, Relation]]] = {}
    for each in reviewed:
        a = each.assertion
        name = written.get((each.task, a.predicate), f"{each.task}.{a.predicate}")
        for document, holds in judged[each.id].items():
            if holds:
                relation = Relation(name, a.subject, a.object, name)
                found.setdefault(document, []).append((each.id, relation))
    return found


def between_mentions(document: Document) -> Document:
    """Return a document whose relations between concepts are between their closest mentions.

    It is for formats that know no others, such as brat.
    """
    moved = []
    for relation in document.relations:
        pair = closest_mentions(document.mentions, relation.subject, relation.object)
        if place_of_key(relation.subject) is None and pair is not None:
            one, other = pair
            relation = replace(relation, subject=one.names[-1], object=other.names[-1])
        moved.append(relation)
    return replace(document, relations=tuple(dict.fromkeys(moved)))
