"""Votes gained and lost between two versions of the rules of a task, over the same texts."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.labels import TaskKind
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.pieces import Highlight, Piece, Place, bystanders, first_sentence, pieces


@dataclass(frozen=True, eq=False)
class Side:
    """One version: the corpus as it processes it, the mentions of its relations, votes, gold by task.

    gold: int64[n], a bit for each gold label of a candidate, -1 where it is unknown.
    """

    corpus: Corpus
    mentions: MentionTable
    votes: Mapping[str, TaskVotes]
    gold: Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Sampled:
    """One vote that only one of the versions gives: its labels, and whether gold agrees, if known."""

    document: str
    labels: tuple[str, ...]
    right: bool | None
    context: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Votes that one version gives and the other does not: how many, and what gold says of them."""

    votes: int
    judged: int
    right: int
    samples: tuple[Sampled, ...]


@dataclass(frozen=True, slots=True)
class RuleDiff:
    """A rule in both versions, or in one (`before` or `after` is None): its votes and their change."""

    task: str
    rule: str
    before: int | None
    after: int | None
    gained: Change
    lost: Change


def diff(old: Side, new: Side, n: int, rng: np.random.Generator) -> tuple[RuleDiff, ...]:
    """Return the rules whose votes differ, each with up to n samples of gained and of lost votes.

    A vote is the same if its labels are, on the same words, pair of arguments, or document.
    """
    found = []
    for task in dict.fromkeys([*old.votes, *new.votes]):
        one, other = _by_rule(old, task), _by_rule(new, task)
        for rule in dict.fromkeys([*one, *other]):
            before, after = one.get(rule), other.get(rule)
            gained = _change(new, task, after or {}, before or {}, n, rng)
            lost = _change(old, task, before or {}, after or {}, n, rng)
            if gained.votes or lost.votes or before is None or after is None:
                found.append(RuleDiff(task, rule, _size(before), _size(after), gained, lost))
    return tuple(found)


_Votes = dict[tuple[Hashable, tuple[str, ...]], int]


def _by_rule(side: Side, task: str) -> dict[str, _Votes]:
    """Return each rule's votes: the candidate and labels that say which vote it is, to its index."""
    if task not in side.votes:
        return {}
    votes = side.votes[task]
    matrix = votes.matrix
    keys = _keys(side.corpus, votes)
    labels = {int(mask): _labels(matrix.task.labels, int(mask)) for mask in np.unique(matrix.mask)}
    found: dict[str, _Votes] = {lf.name: {} for lf in matrix.lfs}
    columns = zip(matrix.lf.tolist(), matrix.candidate.tolist(), matrix.mask.tolist(), strict=True)
    for index, (lf, candidate, mask) in enumerate(columns):
        found[matrix.lfs[lf].name][keys[candidate], labels[mask]] = index
    return found


def _size(votes: _Votes | None) -> int | None:
    return None if votes is None else len(votes)


def _labels(labels: tuple[str, ...], mask: int) -> tuple[str, ...]:
    return tuple(label for bit, label in enumerate(labels) if mask >> bit & 1)


def _keys(corpus: Corpus, votes: TaskVotes) -> list[Hashable]:
    """Return what each candidate is, in terms that another processing of the texts shares."""
    documents = [corpus.ids[doc] for doc in votes.documents.tolist()]
    kind = votes.matrix.task.kind
    if kind == "relation":
        sides = (votes.subjects, votes.objects, *votes.others)
        return list(zip(documents, *sides, strict=True))
    if kind == "entity" and votes.spans is not None:
        start = corpus.row_start[votes.spans[:, 0]].tolist()
        end = corpus.row_end[votes.spans[:, 1] - 1].tolist()
        return list(zip(documents, start, end, strict=True))
    if kind == "entity":
        return list(zip(documents, corpus.row_start.tolist(), strict=True))
    within = np.arange(len(documents)) - np.searchsorted(votes.documents, votes.documents)
    return list(zip(documents, within.tolist(), strict=True))


def _change(
    side: Side, task: str, own: _Votes, other: _Votes, n: int, rng: np.random.Generator
) -> Change:
    indices = np.array(sorted(own[key] for key in own.keys() - other.keys()), dtype=np.int64)
    if not len(indices):
        return Change(0, 0, 0, ())
    votes = side.votes[task]
    gold = side.gold[task][votes.matrix.candidate[indices]]
    right = gold & votes.matrix.mask[indices] != 0
    chosen = indices if len(indices) <= n else np.sort(rng.choice(indices, n, replace=False))
    known = gold != -1
    return Change(
        len(indices),
        int(known.sum()),
        int((right & known).sum()),
        tuple(_samples(side, votes, side.gold[task], chosen.tolist())),
    )


def _samples(
    side: Side, votes: TaskVotes, gold: NDArray[np.int64], chosen: Iterable[int]
) -> Iterable[Sampled]:
    matrix, corpus = votes.matrix, side.corpus
    for index in chosen:
        candidate, mask = int(matrix.candidate[index]), int(matrix.mask[index])
        doc = int(votes.documents[candidate])
        first, end = votes.evidence[index].tolist()
        if end > first:
            context = pieces(corpus, _highlights(side, matrix.task.kind, (first, end)))
        else:
            context = first_sentence(corpus, doc)
        truth = int(gold[candidate])
        right = None if truth == -1 else bool(truth & mask)
        yield Sampled(corpus.ids[doc], _labels(matrix.task.labels, mask), right, context)


def _highlights(side: Side, kind: TaskKind, place: Place) -> list[Highlight]:
    """Return what to highlight of a vote's evidence: a span, or the arguments at its two ends."""
    if kind == "entity":
        return [Highlight(place, "span")]
    found = [
        mark
        for mark in bystanders(side.mentions, int(side.corpus.row_doc[place[0]]))
        if mark.place[0] == place[0] or mark.place[1] == place[1]
    ]
    named = [Highlight(mark.place, mark.type) for mark in found]
    return named or [Highlight(place, "votes")]
