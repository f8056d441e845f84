"""Where the candidates of a task stand and how the text calls them, and where rules voted in a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import place_of_key
from biolabel.data.labels import Task
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Said:
    """One vote of a rule: on which candidate, for which labels, and its evidence.

    start, end: code points of the document's text, half-open; both 0 for a vote on a whole document.
    """

    candidate: int
    rule: str
    labels: tuple[str, ...]
    start: int
    end: int


def labels_of(task: Task, mask: int) -> tuple[str, ...]:
    """Return the labels that a vote leaves possible, in the order of the task's."""
    return tuple(label for bit, label in enumerate(task.labels) if mask >> bit & 1)


def said_in(votes: TaskVotes, corpus: Corpus, doc: int) -> tuple[Said, ...]:
    """Return the votes of a task in one document, by candidate and then by rule."""
    matrix = votes.matrix
    rows = np.flatnonzero(votes.documents[matrix.candidate] == doc)
    limits = evidence_limits(votes, corpus, rows)
    columns = (matrix.candidate[rows], matrix.lf[rows], matrix.mask[rows])
    return tuple(
        Said(candidate, matrix.lfs[lf].name, labels_of(matrix.task, mask), start, end)
        for candidate, lf, mask, (start, end) in zip(
            *(column.tolist() for column in columns), limits.tolist(), strict=True
        )
    )


def evidence_limits(votes: TaskVotes, corpus: Corpus, rows: NDArray[np.int64]) -> Ints:
    """Return where the evidence of some votes stands: int32[v, 2], code points, 0 and 0 where it is none."""
    return _limits(corpus, votes.evidence[rows])


def candidate_limits(
    votes: TaskVotes, corpus: Corpus, candidates: NDArray[np.int64]
) -> Ints | None:
    """Return where some candidates stand: int32[n, 2], code points; None for pairs and documents."""
    kind = votes.matrix.task.kind
    if votes.spans is not None:
        return _limits(corpus, votes.spans[candidates])
    if kind == "entity":
        return _limits(corpus, np.stack([candidates, candidates + 1], axis=1))
    if kind == "document" and not votes.of_documents():
        found = corpus.sentence_start[candidates], corpus.sentence_end[candidates]
        return np.stack(found, axis=1).astype(np.int32)
    return None


def _limits(corpus: Corpus, rows: NDArray[np.integer[Any]]) -> Ints:
    """Return half-open rows as half-open code points; an empty range is 0 and 0."""
    first, end = rows[:, 0], rows[:, 1]
    some = end > first
    found = np.zeros((len(rows), 2), dtype=np.int32)
    found[some, 0] = corpus.row_start[first[some]]
    found[some, 1] = corpus.row_end[end[some] - 1]
    return found


def argument_columns(votes: TaskVotes) -> tuple[Sequence[str], ...]:
    """Return the names of the arguments of a relation's candidates, one sequence an argument."""
    if votes.matrix.task.kind != "relation":
        return ()
    return (votes.subjects, votes.objects, *votes.others)


def first_places(mentions: MentionTable, names: Sequence[tuple[int, str]]) -> Ints:
    """Return where a document first has each concept, or the mention of a key: int32[n, 2].

    names: the index of the document, and a CURIE or mention key; both limits are 0 where no mention has it.
    """
    first: dict[tuple[int, str], tuple[int, int]] = {}
    columns = (mentions.doc, mentions.start, mentions.end)
    rows = zip(*(column.tolist() for column in columns), mentions.concepts, strict=True)
    for doc, start, end, concepts in rows:
        for concept in concepts:
            first.setdefault((doc, concept), (start, end))
    found = [_of_key(name) or first.get((doc, name), (0, 0)) for doc, name in names]
    return np.array(found, dtype=np.int32).reshape(-1, 2)


def _of_key(name: str) -> tuple[int, int] | None:
    place = place_of_key(name)
    return None if place is None else place[:2]


def texts_at(corpus: Corpus, documents: NDArray[np.integer[Any]], limits: Ints) -> list[str]:
    """Return the text at some places; each document's text is read once."""
    texts: Mapping[int, str] = {int(doc): corpus.texts[int(doc)] for doc in np.unique(documents)}
    rows = zip(documents.tolist(), limits.tolist(), strict=True)
    return [texts[doc][start:end] for doc, (start, end) in rows]
