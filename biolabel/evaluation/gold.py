"""Gold labels of candidates, from what the documents of a corpus came with."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.errors import ModelError

Ints = NDArray[np.int32]


def gold_labels(votes: TaskVotes, corpus: Corpus, pubtator: Mapping[str, tuple[str, str]]) -> Ints:
    """Return the gold label of each candidate: int32[n], an index into the task's labels.

    -1 is unknown: a document without a topic; every pair or word if no document of the corpus has
    the relation or mentions of the task's types, since then nobody looked for them. Other pairs and
    words without a given relation or mention are `none`. A word in several mentions has the type of
    the longest. pubtator: relation task to the corpus's name of the relation and the task's label
    for it; relation tasks that it lacks are unknown.

    Raises:
        ModelError: BL881 if `pubtator` gives a label that the task lacks.
    """
    task = votes.matrix.task
    if task.kind == "document":
        index = {label: i for i, label in enumerate(task.labels)}
        topics = (topics.get(task.name, "") for topics in corpus.topics)
        labels = np.array([index.get(topic, -1) for topic in topics], dtype=np.int32)
        return labels[votes.documents]
    if task.kind == "entity":
        return _words(task, corpus)
    if task.name not in pubtator:
        return np.full(votes.matrix.n_candidates, -1, dtype=np.int32)
    relation, label = pubtator[task.name]
    if label not in task.labels:
        raise ModelError(
            "BL881",
            f"gold `{relation}` should be `{label}` of `{task.name}`, which has "
            f"{', '.join(task.labels)}",
        )
    return _pairs(votes, corpus, relation, task.labels.index(label))


def _none(task: Task) -> int:
    return task.labels.index("none") if "none" in task.labels else -1


def _pairs(votes: TaskVotes, corpus: Corpus, relation: str, label: int) -> Ints:
    given = {
        (doc, found.subject, found.object)
        for doc, relations in enumerate(corpus.relations)
        for found in relations
        if found.task == relation
    }
    other = _none(votes.matrix.task) if given else -1
    columns = zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=True)
    return np.array([label if pair in given else other for pair in columns], dtype=np.int32)


def _words(task: Task, corpus: Corpus) -> Ints:
    n = len(corpus.row_start)
    index = {label: i for i, label in enumerate(task.labels) if label != "none"}
    types = np.array([index.get(name, -1) for name in corpus.mention_types], dtype=np.int32)
    labels = types[corpus.mention_type] if len(types) else np.empty(0, dtype=np.int32)
    given = np.array([name == "given" for name in corpus.mention_sources], dtype=bool)
    known = labels >= 0
    if len(given):
        known &= given[corpus.mention_source]
    if not known.any():
        return np.full(n, -1, dtype=np.int32)
    first, end = corpus.mention_first_row[known], corpus.mention_end_row[known]
    order = np.argsort(end - first, kind="stable")  # longer mentions overwrite shorter ones
    sizes = (end - first)[order]
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    gold = np.full(n, _none(task), dtype=np.int32)
    gold[np.repeat(first[order], sizes) + steps] = np.repeat(labels[known][order], sizes)
    return gold
