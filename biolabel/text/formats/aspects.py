"""What documents have that a format may not be able to hold, counted: nothing is lost silently."""

import re
from collections import Counter
from collections.abc import Callable, Mapping

from biolabel.data.documents import Document, place_of_key


def _overlapping(document: Document) -> int:
    """Count the mentions that a longer or earlier one overlaps."""
    end, found = -1, 0
    for mention in sorted(document.mentions, key=lambda m: (m.start, -m.end)):
        found += mention.start < end
        end = max(end, mention.end)
    return found


_BOTH = ["title", "abstract"]


def _alone(document: Document, *, usual: bool) -> int:
    """Count one for a document that is only a title or only an abstract.

    usual: those that stand where they would beside the other, which is empty; else all others.
    """
    found = [(passage.kind, passage.offset) for passage in document.passages]
    if [kind for kind, _ in found] not in (["title"], ["abstract"]):
        return 0
    return int((found in ([("title", 0)], [("abstract", 1)])) == usual)


def _other_passages(document: Document) -> int:
    """Count the passages of a document that is more, or something else, than a title and an abstract."""
    kinds = [passage.kind for passage in document.passages]
    plain = not any(passage.heading for passage in document.passages)
    return 0 if plain and kinds in (_BOTH, ["title"], ["abstract"], [""]) else len(kinds)


def _both(document: Document) -> int:
    """Count the passages of a document that has a title and an abstract."""
    return 2 * int([passage.kind for passage in document.passages] == _BOTH)


def _between_mentions(document: Document) -> int:
    return sum(place_of_key(relation.subject) is not None for relation in document.relations)


ASPECTS: Mapping[str, Callable[[Document], int]] = {
    "documents' exact white space": lambda _: 1,
    "line ends inside passages": lambda d: sum(
        len(re.findall(r"\r\n?|\n", p.text)) for p in d.passages
    ),
    "titles and abstracts": _both,
    "titles or abstracts alone": lambda d: _alone(d, usual=True),
    "titles or abstracts alone in other places": lambda d: _alone(d, usual=False),
    "texts without sections": lambda d: int([p.kind for p in d.passages] == [""]),
    "other passages": _other_passages,
    "empty passages": lambda d: sum(not p.text for p in d.passages),
    "metadata items": lambda d: sum(map(len, d.meta.values())),
    "mentions": lambda d: len(d.mentions),
    "overlapping mentions": _overlapping,
    "parts of discontinuous mentions": lambda d: sum(len(m.parts) for m in d.mentions),
    "concepts of mentions": lambda d: sum(len(m.concepts) for m in d.mentions),
    "sources of mentions": lambda d: sum(m.source != "given" for m in d.mentions),
    "probabilities of mentions": lambda d: sum(m.probability < 1 for m in d.mentions),
    "relations between concepts": lambda d: len(d.relations) - _between_mentions(d),
    "relations between mentions": _between_mentions,
    "tasks of relations": lambda d: sum(r.task != r.label for r in d.relations),
    "probabilities of relations": lambda d: sum(r.probability < 1 for r in d.relations),
}
"""What a format may hold or not, and how many a document has of it. Topics every format holds."""

ALL = frozenset(ASPECTS)


def missing(document: Document, holds: frozenset[str]) -> Counter[str]:
    """Return how much of a document a format does not hold, by aspect; nothing for what is complete."""
    found = {name: ASPECTS[name](document) for name in ASPECTS if name not in holds}
    return Counter({name: number for name, number in found.items() if number})
