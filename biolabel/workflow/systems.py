"""What each system says of the documents: majority vote, label model, end model and both fused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention, Relation, place_of_key
from biolabel.data.labels import SoftLabels, Task
from biolabel.data.mentions import MentionTable, each_documents_mentions
from biolabel.data.votes import TaskVotes
from biolabel.endmodel.predict import DocumentScores
from biolabel.evaluation.thresholds import expected_f1_threshold
from biolabel.text.documents import corpus_documents
from biolabel.workflow.relations import relation_name
from biolabel.workflow.settings import Gold

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scored:
    """One system's probabilities for the candidates of relation and document tasks: float32[n, k]."""

    mentions: MentionTable
    votes: Mapping[str, TaskVotes]
    probabilities: Mapping[str, Floats]


def of_soft_labels(
    mentions: MentionTable, votes: Mapping[str, TaskVotes], soft: Mapping[str, SoftLabels]
) -> Scored:
    """Return what the label model, or the majority vote, says."""
    chosen = {n: s.probabilities for n, s in soft.items() if s.task.kind != "entity"}
    return Scored(mentions, votes, chosen)


def of_end_model(
    mentions: MentionTable, votes: Mapping[str, TaskVotes], scores: Sequence[DocumentScores]
) -> Scored:
    """Return what the end model says, reading the text alone, of the tasks that it has learned."""
    probabilities: dict[str, Floats] = {}
    for name, found in votes.items():
        task = found.matrix.task
        k = len(task.labels)
        if not all(name in score.relations or name in score.topics for score in scores):
            continue
        if task.kind == "relation" and not found.others:
            parts = [s.relations[name].reshape(-1, k) for s in scores]
            probabilities[name] = np.concatenate([*parts, np.empty((0, k), dtype=np.float32)])
        elif found.of_documents():
            probabilities[name] = np.stack([s.topics[name] for s in scores])
    return Scored(mentions, votes, probabilities)


def fused(rules: Scored, text: Scored, shares: Mapping[str, float]) -> Scored:
    """Return both systems' probabilities as one.

    shares: kind of task to the weight of the end model's, `entity`, `relation` and `document`.
    Where no rule voted, the rules still say what the class prior is. On sentences, and on relations
    with more than two arguments, the end model says nothing.
    """
    joint = {
        name: mixed(
            ours,
            text.probabilities.get(name, ours),
            shares[rules.votes[name].matrix.task.kind],
            exclusive=rules.votes[name].matrix.task.exclusive,
        )
        for name, ours in rules.probabilities.items()
    }
    return Scored(text.mentions, rules.votes, joint)


def mixed(ours: Floats, theirs: Floats, share: float, *, exclusive: bool) -> Floats:
    """Return the weighted mean of log-probabilities (log-odds where not exclusive), normalized.

    ours, theirs: float32[n, k]; share: the weight of `theirs`. A product of experts (Hinton 2002,
    "Training products of experts by minimizing contrastive divergence") with weights that sum to 1,
    so that evidence which both have seen is not counted twice.
    """
    if not exclusive:
        log = (1 - share) * _logit(ours) + share * _logit(theirs)
        return (1 / (1 + np.exp(-log))).astype(np.float32)
    tiny = np.finfo(np.float32).tiny
    log = (1 - share) * np.log(ours + tiny) + share * np.log(theirs + tiny)
    odds = np.exp(log - log.max(axis=1, keepdims=True))
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


def _logit(probability: Floats) -> NDArray[np.float64]:
    clipped = np.clip(probability.astype(np.float64), 1e-12, 1 - 1e-12)
    return np.log(clipped) - np.log1p(-clipped)


def documents_of(
    corpus: Corpus,
    scored: Scored,
    gold: Mapping[str, Gold],
    source: str,
    thresholds: Mapping[str, float] | None = None,
) -> Iterator[Document]:
    """Yield a system's decisions: mentions, relations with their probability, and topics.

    A pair gets its most probable label other than `none` where that reaches the threshold of highest
    expected F1, which needs no gold, or that of its task or `task.label` in `thresholds`; a document
    gets its most probable label. A relation between mentions is left out where the system has not found
    both of them.
    """
    n = len(corpus.ids)
    relations: list[list[Relation]] = [[] for _ in range(n)]
    topics: list[dict[str, str]] = [{} for _ in range(n)]
    for name, rows in scored.probabilities.items():
        votes = scored.votes[name]
        if votes.matrix.task.kind == "relation":
            for doc, relation in _relations(votes, rows, gold, thresholds or {}):
                relations[doc].append(relation)
        elif votes.of_documents():
            for doc, label in enumerate(_topics(votes.matrix.task, rows)):
                topics[doc][name] = label
    mentions = each_documents_mentions(scored.mentions, n, source)
    for document, found, pairs, decided in zip(
        corpus_documents(corpus), mentions, relations, topics, strict=True
    ):
        between = tuple(_between(pairs, found))
        yield replace(document, mentions=found, relations=between, topics=decided)


def _topics(task: Task, rows: Floats) -> list[str]:
    """Return each document's most probable label, `none` where several might hold and none is likely."""
    best = rows.argmax(axis=1)
    if not task.exclusive:
        none = task.labels.index("none")
        own = np.where(np.arange(len(task.labels)) == none, -1.0, rows)
        best = np.where(own.max(axis=1) >= 0.5, own.argmax(axis=1), none)
    return [task.labels[i] for i in best]


def _between(relations: Sequence[Relation], mentions: Sequence[Mention]) -> Iterator[Relation]:
    """Yield the relations of concepts, and those of mentions that are there."""
    keys = {mention.names[-1] for mention in mentions}
    for relation in relations:
        arguments = {relation.subject, relation.object}
        if place_of_key(relation.subject) is None or arguments <= keys:
            yield relation


def _relations(
    votes: TaskVotes, rows: Floats, gold: Mapping[str, Gold], thresholds: Mapping[str, float]
) -> Iterable[tuple[int, Relation]]:
    task = votes.matrix.task
    positive = [i for i, label in enumerate(task.labels) if label != "none"]
    for bit in positive:
        threshold = thresholds.get(f"{task.name}.{task.labels[bit]}", thresholds.get(task.name))
        if threshold is None:
            threshold = expected_f1_threshold(rows[:, bit])
        chosen = rows[:, bit] >= threshold
        if task.exclusive:
            chosen &= rows[:, positive].max(axis=1) == rows[:, bit]
        name = relation_name(task.name, task.labels[bit], gold)
        for i in np.flatnonzero(chosen):
            pair = votes.subjects[i], votes.objects[i]
            yield int(votes.documents[i]), Relation(name, *pair, name, float(rows[i, bit]))
