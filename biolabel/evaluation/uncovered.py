"""The uncovered slice: candidates without a vote, what they have in common, and some in their text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.mentions import MentionTable
from biolabel.data.votes import TaskVotes
from biolabel.evaluation.pieces import Highlight, Piece, bystanders, first_sentence, pieces
from biolabel.evaluation.places import Declaration, Placed, place_candidates
from biolabel.evaluation.rules import positives

Ints = NDArray[np.int64]
_WORDS = (5, 15)
"""Words between two arguments of a sentence from which the next class of distances begins."""
_LENGTHS = (100, 200, 300)
"""Words of a document from which the next class of lengths begins."""


@dataclass(frozen=True, slots=True)
class Share:
    """The candidates with one value of a facet: all, and those without a vote.

    positive, missed: the same of candidates with a gold label other than `none`.
    """

    value: str
    candidates: int
    uncovered: int
    positive: int
    missed: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to part the candidates: its name (`distance`) and its values in their own order."""

    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class UncoveredSample:
    """A candidate without a vote: its gold labels (None if unknown), its value of each facet, its text."""

    document: str
    gold: tuple[str, ...] | None
    facets: Mapping[str, str]
    context: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class UncoveredSlice:
    """Candidates without a vote by facet, and a sample of them: those that gold calls positive first."""

    facets: tuple[Facet, ...]
    samples: tuple[UncoveredSample, ...]


@dataclass(frozen=True, eq=False)
class _Values:
    """The value of every candidate: int64[n], an index into `names`, -1 where it has none."""

    number: Ints
    names: Sequence[str]


def uncovered_slice(
    votes: TaskVotes,
    corpus: Corpus,
    mentions: MentionTable,
    declaration: Declaration,
    gold: Ints,
    n: int,
    rng: np.random.Generator,
) -> UncoveredSlice:
    """Return the slice of a task, with up to n samples.

    mentions: those that the candidates of a relation are between; gold: int64[candidates], -1 where
    the labels are unknown.
    """
    placed = place_candidates(votes, corpus, mentions, declaration)
    bare = np.ones(len(placed.doc), dtype=bool)
    bare[votes.matrix.candidate] = False
    positive = positives(votes.matrix.task, gold)
    values = {name: found for name, found in _values(placed, corpus, gold, votes) if found.names}
    # Words of one name are one sample: its first word, shown with those after it.
    words = votes.matrix.task.kind == "entity" and votes.spans is None
    goes_on = np.zeros(len(bare), dtype=bool)
    if words:
        same = (np.diff(gold) == 0) & (np.diff(corpus.row_sentence) == 0)
        goes_on[1:] = same & (bare & positive)[1:] & bare[:-1]
    chosen = _drawn(bare & positive & ~goes_on, n, rng)
    chosen += _drawn(bare & ~positive, n - len(chosen), rng)
    return UncoveredSlice(
        tuple(Facet(name, _shares(found, bare, positive)) for name, found in values.items()),
        tuple(
            UncoveredSample(
                corpus.ids[placed.doc[at]],
                None if gold[at] < 0 else _labels(votes, int(gold[at])),
                {
                    name: found.names[found.number[at]]
                    for name, found in values.items()
                    if name != _LABEL and found.number[at] >= 0
                },
                context_of(placed, corpus, mentions, at, _run(goes_on, at)),
            )
            for at in chosen
        ),
    )


def _drawn(some: NDArray[np.bool_], n: int, rng: np.random.Generator) -> list[int]:
    found = np.flatnonzero(some)
    if len(found) > n:
        found = np.sort(rng.choice(found, max(n, 0), replace=False))
    return [int(at) for at in found]


def _run(goes_on: NDArray[np.bool_], at: int) -> int:
    """Return how many candidates after one go on with it."""
    return int(np.argmin(np.append(goes_on[at + 1 :], False)))


def _shares(
    values: _Values, bare: NDArray[np.bool_], positive: NDArray[np.bool_]
) -> tuple[Share, ...]:
    known = values.number >= 0
    counts = [
        np.bincount(values.number[some], minlength=len(values.names)).tolist()
        for some in (known, known & bare, known & positive, known & bare & positive)
    ]
    rows = zip(values.names, *counts, strict=True)
    return tuple(Share(name, *numbers) for name, *numbers in rows if numbers[0])


_LABEL = "gold label"


def _values(
    placed: Placed, corpus: Corpus, gold: Ints, votes: TaskVotes
) -> Iterator[tuple[str, _Values]]:
    """Yield the facets of the task's kind; a facet with one value, which tells nothing, is empty."""
    sides = list(placed.sides.values())
    labels = votes.matrix.task.labels
    single = (gold > 0) & (gold & (gold - 1) == 0)
    bit = np.full(len(gold), -1, dtype=np.int64)
    bit[single] = np.log2(gold[single]).astype(np.int64)
    yield _LABEL, _Values(bit, labels if single.any() else ())
    if not sides:
        yield "length", _lengths(corpus, placed)
        return
    at = [np.maximum(side.first, 0) for side in sides]
    where = np.logical_and.reduce([side.first >= 0 for side in sides])
    if len(sides) == 2:
        yield "distance", _told(_distances(placed, corpus), where)
    sections = [
        corpus.section_kind[corpus.sentence_section[corpus.row_sentence[row]]] for row in at
    ]
    yield "section", _told(_joined(sections, corpus.section_kinds, " and "), where)
    if all(side.types for side in sides):
        kinds = [side.type for side in sides]
        yield "types", _told(_joined(kinds, sides[0].types, " with ", ordered=True), where)
    if votes.matrix.task.kind == "entity":
        yield "written", _told(_spelled(corpus, at[0]), where)


def _told(values: _Values, where: NDArray[np.bool_]) -> _Values:
    number = np.where(where, values.number, -1)
    several = len(np.unique(number[where])) > 1
    return _Values(number, values.names if several else ())


def _distances(placed: Placed, corpus: Corpus) -> _Values:
    one, other = placed.sides.values()
    end, first = np.minimum(one.end, other.end), np.maximum(one.first, other.first)
    words = np.maximum(corpus.words_before[first] - corpus.words_before[end], 0)
    apart = np.abs(corpus.row_sentence[one.first] - corpus.row_sentence[other.first])
    near, far = _WORDS
    names = [
        f"same sentence, under {near} words between",
        f"same sentence, {near} to {far - 1} words",
        f"same sentence, {far} words or more",
        "next sentence",
        "further apart",
    ]
    number = np.where(apart == 0, np.digitize(words, _WORDS), np.minimum(apart, 2) + 2)
    return _Values(number.astype(np.int64), names)


def _joined(
    columns: Sequence[NDArray[np.int32]],
    names: Sequence[str],
    between: str,
    *,
    ordered: bool = False,
) -> _Values:
    """Return the values of several columns as one, named once where they are the same."""
    table = np.stack(columns)
    rows = table if ordered else np.sort(table, axis=0)
    kinds, number = np.unique(rows, axis=1, return_inverse=True)
    written = [
        between.join(names[i] if i >= 0 else "unknown" for i in dict.fromkeys(kind))
        for kind in kinds.T.tolist()
    ]
    return _Values(number.reshape(-1).astype(np.int64), written)


def _spelled(corpus: Corpus, rows: NDArray[np.int32]) -> _Values:
    names = ["lower case", "Capitalized", "CAPITALS", "with digits", "sign"]
    of_form = np.array([_spelling(form) for form in corpus.forms], dtype=np.int64)
    return _Values(of_form[corpus.row_form[rows]], names)


def _spelling(form: str) -> int:
    if any(c.isdigit() for c in form):
        return 3
    if not any(c.isalpha() for c in form):
        return 4
    if form.islower():
        return 0
    return 2 if form.isupper() and len(form) > 1 else 1


def _lengths(corpus: Corpus, placed: Placed) -> _Values:
    words = np.diff(corpus.words_before[corpus.doc_rows])[placed.doc]
    low, middle, high = _LENGTHS
    names = [
        f"under {low} words",
        f"{low} to {middle - 1} words",
        f"{middle} to {high - 1} words",
        f"{high} words or more",
    ]
    whole = np.ones(len(words), dtype=bool)
    return _told(_Values(np.digitize(words, _LENGTHS).astype(np.int64), names), whole)


def _labels(votes: TaskVotes, mask: int) -> tuple[str, ...]:
    return tuple(label for i, label in enumerate(votes.matrix.task.labels) if mask >> i & 1)


def context_of(
    placed: Placed, corpus: Corpus, mentions: MentionTable, at: int, more: int = 0
) -> tuple[Piece, ...]:
    """Return the text around a candidate, which is highlighted with so many words after it."""
    marks = [
        Highlight((int(side.first[at]), int(side.end[at]) + more), name)
        for name, side in placed.sides.items()
        if side.first[at] >= 0
    ]
    doc = int(placed.doc[at])
    if not marks:
        return first_sentence(corpus, doc)
    others: Iterable[Highlight] = bystanders(mentions, doc) if len(marks) > 1 else ()
    return pieces(corpus, [m for m in marks if m.name != "sentence"] or marks, others)
