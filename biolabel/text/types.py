"""Other names for the types of given mentions, such as one for several that a task does not tell apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from biolabel.data.documents import Document, Relation


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


def _renamed(relation: Relation, keys: Mapping[str, str]) -> Relation:
    subject, target = (keys.get(name, name) for name in (relation.subject, relation.object))
    return replace(relation, subject=subject, object=target)
