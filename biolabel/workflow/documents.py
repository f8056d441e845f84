"""Soft labels to labeled documents, the form that augmentation and the end model read."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from biolabel.apply.mentions import word_labels
from biolabel.data.corpus import Corpus
from biolabel.data.documents import Mention
from biolabel.data.labels import SoftLabels
from biolabel.data.mentions import MentionTable, each_documents_mentions, given_mentions
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.gold import gold_labels


def labeled_documents(
    corpus: Corpus,
    votes: Mapping[str, TaskVotes],
    soft: Mapping[str, SoftLabels],
    mentions: MentionTable,
    uncovered: float,
) -> list[LabeledDocument]:
    """Return every document with its soft labels.

    Pairs and documents without a vote are masked. Words without one are taken as outside of mentions
    with the weight `uncovered`: most words are, and an end model that never sees them cannot know.
    """
    words = {
        name: word_labels(labels, votes[name], len(corpus.row_doc))
        for name, labels in soft.items()
        if labels.task.kind == "entity"
    }
    return [
        LabeledDocument(
            id=corpus.ids[doc],
            text=corpus.texts[doc],
            words=corpus.words(doc),
            mentions=mentioned,
            entities={
                name: _words(corpus, doc, labels, uncovered) for name, labels in words.items()
            },
            relations={
                name: _pairs(votes[name], labels, doc, mentioned)
                for name, labels in soft.items()
                if labels.task.kind == "relation" and not votes[name].others
            },
            topics={
                name: TopicLabels(labels.probabilities[doc], float(labels.covered[doc]))
                for name, labels in soft.items()
                if votes[name].of_documents()
            },
        )
        for doc, mentioned in enumerate(_arguments(corpus, votes, mentions))
    ]


def gold_labels_as_soft(
    corpus: Corpus, votes: Mapping[str, TaskVotes], known: Mapping[str, Mapping[str, str]]
) -> dict[str, SoftLabels]:
    """Return what documents came with, as labels that are sure; rows that nobody looked at are uncovered.

    known: relation task to what the corpus calls its relations, and their labels.
    """
    found = {}
    for name, each in votes.items():
        task = each.matrix.task
        masks = gold_labels(each, corpus, known)
        bits = (masks[:, None] >> np.arange(len(task.labels)) & 1).astype(np.float32)
        bits /= np.maximum(bits.sum(axis=1, keepdims=True), 1) if task.exclusive else 1
        bits[masks < 0] = 0
        found[name] = SoftLabels(task, bits, masks >= 0)
    return found


def _arguments(
    corpus: Corpus, votes: Mapping[str, TaskVotes], mentions: MentionTable
) -> Iterator[tuple[Mention, ...]]:
    """Yield each document's mentions, and given ones that only they can be meant by a pair.

    Relations with `mentions: given` are between mentions that the rules need not have found.
    """
    n = len(corpus.ids)
    pairs = [each for each in votes.values() if each.subjects]
    bounds = [np.searchsorted(each.documents, np.arange(n + 1)).tolist() for each in pairs]
    tables = (mentions, "rules"), (given_mentions(corpus), "given")
    both = zip(*(each_documents_mentions(table, n, name) for table, name in tables), strict=True)
    for doc, (found, given) in enumerate(both):
        names: set[str] = set()
        for each, bound in zip(pairs, bounds, strict=True):
            rows = slice(bound[doc], bound[doc + 1])
            names.update(each.subjects[rows], each.objects[rows])
        names.difference_update(*(mention.names for mention in found))
        yield found + tuple(m for m in given if not names.isdisjoint(m.names))


def _words(corpus: Corpus, doc: int, labels: SoftLabels, uncovered: float) -> WordLabels:
    rows = slice(int(corpus.doc_rows[doc]), int(corpus.doc_rows[doc + 1]))
    covered = labels.covered[rows]
    outside = np.zeros(len(labels.task.labels), dtype=np.float32)
    outside[labels.task.labels.index("none")] = 1.0
    probabilities = np.where(covered[:, None], labels.probabilities[rows], outside)
    weight = np.where(covered, 1.0, uncovered).astype(np.float32)
    return WordLabels(probabilities.astype(np.float32), weight)


def _pairs(
    votes: TaskVotes, labels: SoftLabels, doc: int, mentions: Sequence[Mention]
) -> PairLabels:
    low, high = np.searchsorted(votes.documents, [doc, doc + 1])
    mentioned = {name for mention in mentions for name in mention.names}
    index = [i for i in range(low, high) if {votes.subjects[i], votes.objects[i]} <= mentioned]
    return PairLabels(
        pairs=tuple((votes.subjects[i], votes.objects[i]) for i in index),
        probabilities=labels.probabilities[index],
        weight=labels.covered[index].astype(np.float32),
    )


def bare_documents(
    corpus: Corpus, votes: Mapping[str, TaskVotes], mentions: MentionTable
) -> Iterator[LabeledDocument]:
    """Yield documents to predict: their words, mentions and pairs, without labels."""
    relations = {
        name: v for name, v in votes.items() if v.matrix.task.kind == "relation" and not v.others
    }
    for doc, mentioned in enumerate(_arguments(corpus, votes, mentions)):
        yield LabeledDocument(
            id=corpus.ids[doc],
            text=corpus.texts[doc],
            words=corpus.words(doc),
            mentions=mentioned,
            relations={name: _unlabeled(found, doc) for name, found in relations.items()},
        )


def _unlabeled(votes: TaskVotes, doc: int) -> PairLabels:
    low, high = np.searchsorted(votes.documents, [doc, doc + 1])
    k = len(votes.matrix.task.labels)
    return PairLabels(
        pairs=tuple(zip(votes.subjects[low:high], votes.objects[low:high], strict=True)),
        probabilities=np.zeros((high - low, k), dtype=np.float32),
        weight=np.zeros(high - low, dtype=np.float32),
    )
