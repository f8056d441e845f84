"""Where a system is right and where it errs: scores of groups of mentions and of pairs."""

from collections.abc import Callable, Mapping, Sequence

from biolabel.data.documents import Document, Mention
from biolabel.evaluation.metrics import Score

Groups = Mapping[str, Score]
_LENGTHS = (1, 2, 3)
"""Numbers of words that have a group of their own; longer mentions share one."""
_FAR = 3
"""Sentences between two arguments from which on they are far apart."""


def mention_breakdown(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    group: Callable[[str, Mention], str],
) -> dict[str, Score]:
    """Return the strict scores of mentions by group, in order of the groups' names.

    group: the group of a mention in a document by its id; one that is wrongly found counts in the group
    that it would have. Only types that gold has are scored, in documents that gold has.
    """
    types = {mention.type for document in gold for mention in document.mentions}
    return _scores(
        {d.id: _mentions(d, types, group) for d in gold},
        {d.id: _mentions(d, types, group) for d in predicted},
    )


def pair_breakdown(
    gold: Sequence[Document],
    predicted: Sequence[Document],
    names: Mapping[str, str],
    group: Callable[[str, str, str], str],
) -> dict[str, Score]:
    """Return the scores of labeled pairs by group, in order of the groups' names.

    names: what gold and predictions call a relation, to its label; group: the group of a pair in a
    document: id, subject, object.
    """
    return _scores(
        {d.id: _pairs(d, names, group) for d in gold},
        {d.id: _pairs(d, names, group) for d in predicted},
    )


def length_group(words: int) -> str:
    """Return the group of a mention of so many words."""
    if words <= _LENGTHS[0]:
        return "1 word"
    return f"{words} words" if words <= _LENGTHS[-1] else f"over {_LENGTHS[-1]} words"


def distance_group(document: Document, sentences: Sequence[int], first: str, second: str) -> str:
    """Return how far apart two concepts, or mentions, of a document stand where they are closest.

    sentences: where the sentences of the document begin, ascending, in code points.
    """
    places = [
        {
            sum(start <= mention.start for start in sentences)
            for mention in document.mentions
            if name in mention.names
        }
        for name in (first, second)
    ]
    if not all(places):
        return "not mentioned"
    apart = min(abs(a - b) for a in places[0] for b in places[1])
    if apart == 0:
        return "in one sentence"
    return (
        "in sentences side by side"
        if apart == 1
        else (f"within {_FAR} sentences" if apart < _FAR else f"{_FAR} sentences apart or more")
    )


Keyed = Mapping[tuple[str | int, ...], str]


def _mentions(document: Document, types: set[str], group: Callable[[str, Mention], str]) -> Keyed:
    return {
        (mention.start, mention.end, mention.type): group(document.id, mention)
        for mention in document.mentions
        if mention.type in types
    }


def _pairs(
    document: Document, names: Mapping[str, str], group: Callable[[str, str, str], str]
) -> Keyed:
    return {
        (each.subject, each.object, names[each.task]): group(document.id, each.subject, each.object)
        for each in document.relations
        if each.task in names
    }


def _scores(gold: Mapping[str, Keyed], predicted: Mapping[str, Keyed]) -> dict[str, Score]:
    counts: dict[str, list[int]] = {}
    for doc, wanted in gold.items():
        found = predicted.get(doc, {})
        # A right item is in the group that gold's has: predicted mentions may lack concepts.
        for column, items in (
            (0, (wanted[item] for item in wanted if item in found)),
            (1, (found[item] for item in found if item not in wanted)),
            (2, (wanted[item] for item in wanted if item not in found)),
        ):
            for name in items:
                counts.setdefault(name, [0, 0, 0])[column] += 1
    return {name: Score(*counts[name]) for name in sorted(counts)}
