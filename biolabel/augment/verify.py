"""Verification by the rules: what they say of changed texts decides which labels stay.

Snorkel's transformation functions copy the label of the old text unchecked. Here every rule runs again
on the new one. A row whose votes are those of the untouched text keeps its label. Where a
transformation does not promise the same votes, the label model weighs the new ones; where it does and
they differ, the row has no label any more (weight 0).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from biolabel.apply.mentions import word_labels
from biolabel.augment.version import Version, corpus_of
from biolabel.data.corpus import Corpus
from biolabel.data.labels import LabelMatrix, SoftLabels
from biolabel.data.mentions import MentionTable, given_mentions
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.data.votes import TaskVotes, weighed

Keeps = Literal["everything", "text", "relations"]
"""What a transformation promises. All three: words that it does not replace. `everything`: all votes on
pairs and documents; `text`: votes on pairs of rules that look nothing up; `relations`: votes on pairs."""
Marks = NDArray[np.uint64]
Outcome = Literal["kept", "relabeled", "dropped"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What rules and label model say of a corpus: votes and soft labels of each task."""

    votes: Mapping[str, TaskVotes]
    soft: Mapping[str, SoftLabels]


Read = Callable[[Corpus, MentionTable], Reading]
"""What applies all rules to a corpus whose mentions are known, and the label model to their votes."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labeled rows of a task a verification kept, gave new labels or left without one."""

    kept: int = 0
    relabeled: int = 0
    dropped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.kept + other.kept,
            self.relabeled + other.relabeled,
            self.dropped + other.dropped,
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """A changed document with the labels that verification left it, and its tally by task."""

    document: LabeledDocument
    tallies: Mapping[str, Tally]


@dataclass(frozen=True, eq=False)
class Ground:
    """Untouched documents as the rules read them: what changed ones are compared with.

    looking: task name to the labeling functions that look something up beside the text (ontologies,
    knowledge bases, models, Python).
    """

    versions: Sequence[Version]
    marked: "_Marked"
    read: Read
    looking: Mapping[str, frozenset[str]]


def ground(
    versions: Sequence[Version], read: Read, looking: Mapping[str, frozenset[str]]
) -> Ground:
    """Let the rules read untouched documents, exactly as they will read changed ones."""
    return Ground(versions, _marked(versions, read, looking), read, looking)


def verify(
    found: Ground, places: Sequence[int], changed: Sequence[Version], keeps: Sequence[Keeps]
) -> list[Verified]:
    """Let the rules read changed documents and return these with the labels that remain.

    places: for each changed document the place of the untouched one in `ground`; keeps: what the
    transformations that made it promise together.
    """
    if not changed:
        return []
    after = _marked(changed, found.read, found.looking)
    return [
        _verified(found, place, version, promise, after, doc)
        for doc, (place, version, promise) in enumerate(zip(places, changed, keeps, strict=True))
    ]


@dataclass(frozen=True, eq=False)
class _Task:
    """One task's votes as marks: a number each for the set of votes on a row, 0 for none.

    every: uint64[n], of all labeling functions; textual: uint64[n], of those that look nothing up;
    soft: labels of words for entities, of candidates for others; pairs: places of a relation's
    candidates by document and arguments; rows: int64[d + 1], where the words of a document begin.
    """

    every: Marks
    textual: Marks
    soft: SoftLabels
    pairs: Mapping[tuple[int, str, str], int]


@dataclass(frozen=True, eq=False)
class _Marked:
    first: NDArray[np.int32]
    tasks: Mapping[str, _Task]


def _marked(
    versions: Sequence[Version], read: Read, looking: Mapping[str, frozenset[str]]
) -> _Marked:
    corpus = corpus_of(versions)
    reading = read(corpus, given_mentions(corpus))
    n_rows = len(corpus.row_doc)
    tasks: dict[str, _Task] = {}
    for name, votes in reading.votes.items():
        matrix = weighed(votes.matrix)
        textual = np.array([lf.name not in looking[name] for lf in matrix.lfs], dtype=bool)
        every, plain = _marks(matrix), _marks(matrix, textual)
        soft = reading.soft[name]
        if matrix.task.kind == "entity":
            every, plain = _on_rows(every, votes, n_rows), _on_rows(plain, votes, n_rows)
            soft = word_labels(soft, votes, n_rows)
        places = zip(votes.documents.tolist(), votes.subjects, votes.objects, strict=False)
        pairs = {place: i for i, place in enumerate(places)} if not votes.others else {}
        tasks[name] = _Task(every, plain, soft, pairs)
    return _Marked(corpus.doc_rows, tasks)


def _marks(matrix: LabelMatrix, chosen: NDArray[np.bool_] | None = None) -> Marks:
    """Return a number for the set of votes on each candidate; equal sets have equal numbers.

    It is the sum of a 64-bit mix of function and mask (the finalizer of SplitMix64: Steele, Lea and
    Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014), so no order matters.
    """
    key = matrix.mask.astype(np.uint64) * np.uint64(1 << 16) + matrix.lf.astype(np.uint64)
    key += np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    key ^= key >> np.uint64(31)
    if chosen is not None:
        key = np.where(chosen[matrix.lf], key, np.uint64(0))
    marks = np.zeros(matrix.n_candidates, dtype=np.uint64)
    np.add.at(marks, matrix.candidate, key)
    return marks


def _on_rows(marks: Marks, votes: TaskVotes, n_rows: int) -> Marks:
    """Return marks of words: where candidates are spans, the sum of those that cover a word."""
    if votes.spans is None:
        return marks
    steps = np.zeros(n_rows + 1, dtype=np.uint64)
    np.add.at(steps, votes.spans[:, 0], marks)
    np.subtract.at(steps, votes.spans[:, 1], marks)
    return np.cumsum(steps[:-1], dtype=np.uint64)


def _verified(
    found: Ground, place: int, version: Version, keeps: Keeps, after: _Marked, doc: int
) -> Verified:
    old, document = found.versions[place].document, version.document
    before = found.marked
    tallies: dict[str, Tally] = {}
    entities: dict[str, WordLabels] = {}
    for name, words in document.entities.items():
        rows = slice(int(after.first[doc]), int(after.first[doc + 1]))
        base = int(before.first[place])
        entities[name], tallies[name] = _words(
            words, version.origin, before.tasks[name].every[base:], after.tasks[name], rows
        )
    relations: dict[str, PairLabels] = {}
    for name, pairs in document.relations.items():
        was = [(place, *pair) for pair in old.relations[name].pairs]
        now = [(doc, *pair) for pair in pairs.pairs]
        relations[name], tallies[name] = _pairs(
            pairs, was, now, before.tasks[name], after.tasks[name], keeps
        )
    topics: dict[str, TopicLabels] = {}
    for name, topic in document.topics.items():
        topics[name], tallies[name] = _topic(
            topic, place, doc, before.tasks[name], after.tasks[name], keeps
        )
    return Verified(
        replace(document, entities=entities, relations=relations, topics=topics), tallies
    )


def _words(
    words: WordLabels, origin: NDArray[np.int32], before: Marks, after: _Task, rows: slice
) -> tuple[WordLabels, Tally]:
    """Drop old words with other votes, and new ones of which the rules say something else."""
    soft = after.soft
    other = soft.probabilities[rows].argmax(axis=1) != words.probabilities.argmax(axis=1)
    bad = np.where(
        origin < 0, soft.covered[rows] & other, before[origin.clip(0)] != after.every[rows]
    )
    labeled = words.weight > 0
    dropped = int((bad & labeled).sum())
    tally = Tally(int(labeled.sum()) - dropped, 0, dropped)
    return replace(words, weight=np.where(bad, 0, words.weight).astype(np.float32)), tally


def _pairs(
    pairs: PairLabels,
    was: Sequence[tuple[int, str, str]],
    now: Sequence[tuple[int, str, str]],
    before: _Task,
    after: _Task,
    keeps: Keeps,
) -> tuple[PairLabels, Tally]:
    """Judge the pairs of a changed document against those of the untouched one, in the same order."""
    probabilities, weight = pairs.probabilities.copy(), pairs.weight.copy()
    counts: dict[Outcome, int] = dict.fromkeys(("kept", "relabeled", "dropped"), 0)
    for i, (old, new) in enumerate(zip(was, now, strict=True)):
        if not weight[i]:
            continue
        one, other = before.pairs.get(old, -1), after.pairs.get(new, -1)
        outcome = _outcome(one, other, before, after, keeps == "text")
        counts[outcome] += 1
        if outcome == "relabeled":
            probabilities[i] = after.soft.probabilities[other]
            weight[i] = after.soft.covered[other]
        elif outcome == "dropped":
            weight[i] = 0
    return replace(pairs, probabilities=probabilities, weight=weight), Tally(**counts)


def _outcome(one: int, other: int, before: _Task, after: _Task, looser: bool) -> Outcome:
    """Return what becomes of the label of a row; looser: rules that look things up may differ."""
    if one < 0 or other < 0:
        return "dropped"
    if before.every[one] == after.every[other]:
        return "kept"
    return "relabeled" if looser and before.textual[one] == after.textual[other] else "dropped"


def _topic(
    topic: TopicLabels, place: int, doc: int, before: _Task, after: _Task, keeps: Keeps
) -> tuple[TopicLabels, Tally]:
    """Judge the label of a document, which depends on the names in it: a swap promises nothing."""
    if not topic.weight:
        return topic, Tally()
    if before.every[place] == after.every[doc]:
        return topic, Tally(kept=1)
    if keeps == "text":
        soft = after.soft
        weight = float(soft.covered[doc])
        return TopicLabels(soft.probabilities[doc], weight), Tally(relabeled=1)
    return replace(topic, weight=0.0), Tally(dropped=1)
