"""What a task says of given mentions: other names for their types, and whose their bare identifiers are."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from biolabel.data.documents import Document, Relation

_MESH = "MESH:"


def with_types(documents: Iterable[Document], types: Mapping[str, str]) -> Iterator[Document]:
    """Yield documents with the types of their mentions renamed; texts and offsets stay.

    Relations between mentions follow. Mentions that differ in nothing any more are one, and so are
    relations between them. types: old to new name; other types keep theirs.
    """
    for document in documents:
        renamed = [replace(m, type=types.get(m.type, m.type)) for m in document.mentions]
        pairs = zip(document.mentions, renamed, strict=True)
        keys = {old.names[-1]: new.names[-1] for old, new in pairs}
        yield replace(
            document,
            mentions=tuple(dict.fromkeys(renamed)),
            relations=tuple(dict.fromkeys(_renamed(r, keys) for r in document.relations)),
        )


def with_prefixes(documents: Iterable[Document], prefixes: Mapping[str, str]) -> Iterator[Document]:
    """Yield documents whose bare numbers as identifiers are those of the vocabulary of their mention's type.

    Readers take identifiers without a prefix for those of MeSH. These begin with a letter, so that a number
    is none: PubTator writes genes and species so. Relations between concepts follow. prefixes: type to
    prefix.
    """
    for document in documents:
        known = {
            concept: f"{prefixes[mention.type]}:{concept.removeprefix(_MESH)}"
            for mention in document.mentions
            if mention.type in prefixes
            for concept in mention.concepts
            if concept.startswith(_MESH) and concept.removeprefix(_MESH).isdecimal()
        }
        yield _with_concepts(document, known, prefixes) if known else document


def _with_concepts(document: Document, known: Mapping[str, str], types: Container[str]) -> Document:
    mentions = (
        replace(m, concepts=tuple(known.get(c, c) for c in m.concepts)) if m.type in types else m
        for m in document.mentions
    )
    relations = (_renamed(relation, known) for relation in document.relations)
    return replace(document, mentions=tuple(mentions), relations=tuple(relations))


def _renamed(relation: Relation, keys: Mapping[str, str]) -> Relation:
    subject, target = (keys.get(name, name) for name in (relation.subject, relation.object))
    return replace(relation, subject=subject, object=target)
