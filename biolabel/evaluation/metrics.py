"""Scores of predicted against gold documents, and how sure they are.

Documents are matched by id. Items are compared as sets, so one that is given twice counts once; what
is predicted for documents that gold lacks is left out, what gold has in documents without predictions
is missed (`unmatched` names both). Types and labels that gold lacks are not scored.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.documents import Document

Items = set[tuple[str | int, ...]]
"""Things to be found; each begins with the id of its document."""


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers of items that were found, wrongly found and missed; a ratio to nothing is 0."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """The share of found items that are right."""
        return self.tp / (self.tp + self.fp) if self.tp else 0.0

    @property
    def recall(self) -> float:
        """The share of gold items that were found."""
        return self.tp / (self.tp + self.fn) if self.tp else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a confidence interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TopicScores:
    """Scores of one document task over the documents that have a gold label of it.

    macro_f1: the mean F1 of the labels that occur in gold; micro_f1: that of all of them together, in
    which a document without a prediction is missed but not wrong; labels: the score of each of them.
    """

    documents: int
    accuracy: float
    macro_f1: float
    micro_f1: float
    labels: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Ids of predicted documents that gold lacks, and of gold documents without predictions."""

    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def unmatched(gold: Sequence[Document], predicted: Sequence[Document]) -> Unmatched:
    """Return which documents do not take part in scores as they should, in order of their ids."""
    theirs, ours = {d.id for d in gold}, {d.id for d in predicted}
    return Unmatched(tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours)))


def mention_scores(gold: Sequence[Document], predicted: Sequence[Document]) -> dict[str, Score]:
    """Return the scores of mentions with the same start, end and type, by type and as "micro"."""
    return _by_type(_mentions(gold), _mentions(predicted), gold)


def relaxed_mention_scores(
    gold: Sequence[Document], predicted: Sequence[Document]
) -> dict[str, Score]:
    """Return the scores of mentions that overlap one of the same type, by type and as "micro".

    Each mention counts for at most one of the other side: both sides are gone through in the order of
    the text, and of two that do not overlap the one that ends first is left behind.
    """
    found = {document.id: document for document in predicted}
    types = sorted({m.type for document in gold for m in document.mentions})
    counts = {type_: [0, 0, 0] for type_ in types}
    for document in gold:
        theirs = found[document.id].mentions if document.id in found else ()
        for type_ in types:
            wanted, said = (
                sorted({(m.start, m.end) for m in mentions if m.type == type_})
                for mentions in (document.mentions, theirs)
            )
            matched = _overlapping(wanted, said)
            for column, number in enumerate((matched, len(said) - matched, len(wanted) - matched)):
                counts[type_][column] += number
    micro = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0, 0]
    return {**{type_: Score(*each) for type_, each in counts.items()}, "micro": Score(*micro)}


def _overlapping(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    """Return how many spans of one list can be put to spans of the other that they overlap."""
    i = j = matched = 0
    while i < len(one) and j < len(other):
        if one[i][0] < other[j][1] and other[j][0] < one[i][1]:
            matched, i, j = matched + 1, i + 1, j + 1
        elif one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return matched


def concept_scores(gold: Sequence[Document], predicted: Sequence[Document]) -> dict[str, Score]:
    """Return the scores of the concepts of each document, by type and as "micro"."""
    return _by_type(_concepts(gold), _concepts(predicted), gold)


def relation_scores(
    gold: Sequence[Document], predicted: Sequence[Document], names: Mapping[str, str]
) -> dict[str, Score]:
    """Return the scores of the labeled pairs of each document, by label and as "micro".

    A pair may have several labels. names: what gold and predictions call a relation, to the label
    that it means; relations with other names do not count.
    """
    return _by_type(_pairs(gold, names), _pairs(predicted, names), gold)


def topic_scores(gold: Sequence[Document], predicted: Sequence[Document], task: str) -> TopicScores:
    """Return the scores of one document task; a document without a prediction counts as wrong."""
    truth = {d.id: d.topics[task] for d in gold if task in d.topics}
    found = {d.id: d.topics[task] for d in predicted if d.id in truth and task in d.topics}
    right = Counter(truth[doc] for doc in found if found[doc] == truth[doc])
    given, guessed = Counter(truth.values()), Counter(found.values())
    labels = {
        label: Score(right[label], guessed[label] - right[label], given[label] - right[label])
        for label in sorted(given)
    }
    right_ones = right.total()
    whole = Score(right_ones, len(found) - right_ones, len(truth) - right_ones)
    return TopicScores(
        documents=len(truth),
        accuracy=right.total() / len(truth) if truth else 0.0,
        macro_f1=sum(s.f1 for s in labels.values()) / len(labels) if labels else 0.0,
        micro_f1=whole.f1,
        labels=labels,
    )


def mention_counts(gold: Sequence[Document], predicted: Sequence[Document]) -> NDArray[np.int64]:
    """Return TP, FP and FN of the mentions of each gold document, all types: int64[d, 3]."""
    truth, found = _mentions(gold), _mentions(predicted)
    return _counts(_union(truth, truth), _union(found, truth), gold)


def relation_counts(
    gold: Sequence[Document], predicted: Sequence[Document], names: Mapping[str, str]
) -> NDArray[np.int64]:
    """Return TP, FP and FN of the labeled pairs of each gold document, all labels: int64[d, 3]."""
    truth, found = _pairs(gold, names), _pairs(predicted, names)
    return _counts(_union(truth, truth), _union(found, truth), gold)


def bootstrap_interval(
    counts: NDArray[np.int64],
    generator: np.random.Generator,
    *,
    resamples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the percentile bootstrap interval of F1 when documents are drawn with replacement.

    counts: int64[d, 3], TP, FP and FN of each document. Documents with equal counts are drawn
    together, from a multinomial distribution, so memory does not grow with their number.

    Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
    """
    if not len(counts):
        return Interval(0.0, 0.0)
    kinds, sizes = np.unique(counts, axis=0, return_counts=True)
    tp, fp, fn = (generator.multinomial(len(counts), sizes / len(counts), resamples) @ kinds).T
    f1 = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    low, high = np.quantile(f1, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def _mentions(documents: Sequence[Document]) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for document in documents:
        for mention in document.mentions:
            item = (document.id, mention.start, mention.end, mention.type)
            found.setdefault(mention.type, set()).add(item)
    return found


def _concepts(documents: Sequence[Document]) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for document in documents:
        for mention in document.mentions:
            items = ((document.id, mention.type, concept) for concept in mention.concepts)
            found.setdefault(mention.type, set()).update(items)
    return found


def _pairs(documents: Sequence[Document], names: Mapping[str, str]) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for document in documents:
        for relation in document.relations:
            if relation.task in names:
                label = names[relation.task]
                item = (document.id, relation.subject, relation.object, label)
                found.setdefault(label, set()).add(item)
    return found


def _by_type(
    gold: Mapping[str, Items], predicted: Mapping[str, Items], documents: Sequence[Document]
) -> dict[str, Score]:
    known = {d.id for d in documents}
    inside = {t: {i for i in predicted.get(t, set()) if i[0] in known} for t in sorted(gold)}
    scores = {t: _score(gold[t], items) for t, items in inside.items()}
    return {**scores, "micro": _score(_union(gold, gold), _union(inside, gold))}


def _union(items: Mapping[str, Items], types: Mapping[str, Items]) -> Items:
    return set[tuple[str | int, ...]]().union(*(items.get(t, set()) for t in types))


def _score(gold: Items, predicted: Items) -> Score:
    return Score(len(gold & predicted), len(predicted - gold), len(gold - predicted))


def _counts(gold: Items, predicted: Items, documents: Sequence[Document]) -> NDArray[np.int64]:
    parts = (gold & predicted, predicted - gold, gold - predicted)
    columns = [Counter(item[0] for item in part) for part in parts]
    ids = dict.fromkeys(d.id for d in documents)
    return np.array([[c[i] for c in columns] for i in ids], dtype=np.int64).reshape(-1, 3)
