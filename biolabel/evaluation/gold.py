"""Gold labels of candidates, from what the documents of a corpus came with."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import place_of_key
from biolabel.data.labels import Task
from biolabel.data.votes import TaskVotes
from biolabel.errors import ModelError

Masks = NDArray[np.int64]


def gold_labels(
    votes: TaskVotes, corpus: Corpus, pubtator: Mapping[str, Mapping[str, str]]
) -> Masks:
    """Return the gold labels of each candidate: int64[n], bit i for label i of the task.

    -1 is unknown: a document without a topic; every pair or word if no document of the corpus has
    the relation or mentions of the task's types, since then nobody looked for them. Other pairs and
    words without a given relation or mention are `none`; a pair may have several labels. A word in
    several mentions has the type of the longest. pubtator: relation task to the corpus's names of
    its relations and the task's label for each; relation tasks that it lacks are unknown, and so are
    relations with more than two arguments, which PubTator cannot hold.

    Raises:
        ModelError: BL881 if `pubtator` gives a label that the task lacks; BL882 if the corpus has
            its relations between mentions and the task between concepts, or the other way round.
    """
    task = votes.matrix.task
    if task.kind == "document" and not votes.of_documents():
        return np.full(votes.matrix.n_candidates, -1, dtype=np.int64)
    if task.kind == "document":
        index = {label: i for i, label in enumerate(task.labels)}
        topics = (topics.get(task.name, "") for topics in corpus.topics)
        labels = np.array([index.get(topic, -1) for topic in topics], dtype=np.int32)
        return _masks(labels)[votes.documents]
    if task.kind == "entity":
        if votes.spans is not None:
            return _masks(_spans(task, corpus, votes.spans))
        return _masks(_words(task, corpus))
    if task.name not in pubtator or votes.others:
        return np.full(votes.matrix.n_candidates, -1, dtype=np.int64)
    bits: dict[str, int] = {}
    for relation, label in pubtator[task.name].items():
        if label not in task.labels:
            raise ModelError(
                "BL881",
                f"gold `{relation}` should be `{label}` of `{task.name}`, which has "
                f"{', '.join(task.labels)}",
            )
        bits[relation] = 1 << task.labels.index(label)
    return _pairs(votes, corpus, bits)


def _masks(labels: NDArray[np.int32]) -> Masks:
    return np.where(labels < 0, -1, np.int64(1) << np.maximum(labels, 0)).astype(np.int64)


def _none(task: Task) -> int:
    return task.labels.index("none") if "none" in task.labels else -1


def _pairs(votes: TaskVotes, corpus: Corpus, bits: Mapping[str, int]) -> Masks:
    given: dict[tuple[int, str, str], int] = {}
    for doc, relations in enumerate(corpus.relations):
        for found in relations:
            if found.task in bits:
                pair = (doc, found.subject, found.object)
                given[pair] = given.get(pair, 0) | bits[found.task]
    _check_level(votes, given)
    none = _none(votes.matrix.task)
    other = -1 if not given else 1 << none if none >= 0 else 0
    columns = zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=True)
    return np.array([given.get(pair, other) for pair in columns], dtype=np.int64)


def _check_level(votes: TaskVotes, given: Iterable[tuple[int, str, str]]) -> None:
    """Refuse gold between mentions for candidates between concepts, and the other way round."""
    ours = {place_of_key(subject) is not None for subject in votes.subjects[:1]}
    theirs = {place_of_key(subject) is not None for _, subject, _ in given}
    if ours and theirs and not ours <= theirs:
        gold, task = ("concepts", "mentions") if ours == {True} else ("mentions", "concepts")
        raise ModelError(
            "BL882",
            f"the corpus has relations of `{votes.matrix.task.name}` between {gold}, the rules "
            f"between {task}",
            hint=f"write `level: {gold[:-1]}` in the relation",
        )


def _spans(task: Task, corpus: Corpus, spans: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the label of the given mention that is exactly the span: int32[n], -1 without any gold."""
    known, labels = _given(task, corpus)
    if not known.any():
        return np.full(len(spans), -1, dtype=np.int32)
    rows = np.stack([corpus.mention_first_row[known], corpus.mention_end_row[known]], axis=1)
    named = dict(zip(map(tuple, rows.tolist()), labels[known].tolist(), strict=True))
    found = (named.get((first, end), _none(task)) for first, end in spans.tolist())
    return np.fromiter(found, dtype=np.int32, count=len(spans))


def _given(task: Task, corpus: Corpus) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Return which mentions are gold for a task, and the label of each."""
    index = {label: i for i, label in enumerate(task.labels) if label != "none"}
    types = np.array([index.get(name, -1) for name in corpus.mention_types], dtype=np.int32)
    labels = types[corpus.mention_type] if len(types) else np.empty(0, dtype=np.int32)
    given = np.array([name == "given" for name in corpus.mention_sources], dtype=bool)
    known = labels >= 0
    if len(given):
        known &= given[corpus.mention_source]
    return known, labels


def _words(task: Task, corpus: Corpus) -> NDArray[np.int32]:
    n = len(corpus.row_start)
    known, labels = _given(task, corpus)
    if not known.any():
        return np.full(n, -1, dtype=np.int32)
    first, end = corpus.mention_first_row[known], corpus.mention_end_row[known]
    order = np.argsort(end - first, kind="stable")  # longer mentions overwrite shorter ones
    sizes = (end - first)[order]
    steps = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    gold = np.full(n, _none(task), dtype=np.int32)
    gold[np.repeat(first[order], sizes) + steps] = np.repeat(labels[known][order], sizes)
    return gold
