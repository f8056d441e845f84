"""Evidence: the sentences behind a claim in one document, with the rules for and against it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Mention
from biolabel.data.votes import TaskVotes

Span = tuple[int, int]
Floats = NDArray[np.floating[Any]]
_YEAR = re.compile(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One stretch of a document that speaks for or against an assertion.

    passage: the kind of passage where it begins; text: its sentence, or the first and the last of
    several with " ... " between them; start, end: code points of the document, half-open, both 0
    where no place is known. probability: what the model gives to the relation in this document, None
    where it is not predicted. rules_for and rules_against: labeling functions that voted for the
    predicate and for other labels only. journal, year: of the document, where they are known.
    by_rules, by_text: what the label model and the end model, each alone, give to the predicate there,
    where they say something.
    """

    document: str
    passage: str
    text: str
    start: int
    end: int
    probability: float | None
    rules_for: tuple[str, ...] = ()
    rules_against: tuple[str, ...] = ()
    journal: str = ""
    year: int | None = None
    by_rules: float | None = None
    by_text: float | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """What the label model (rules) and the end model (text) say of each candidate: float[n, k] each.

    text: None where the end model says nothing of the task.
    """

    rules: Floats
    text: Floats | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A claim about one candidate: the indices of document and candidate, and its probability.

    subject, object: what the document's relation is between, CURIEs or mention keys. candidate is
    None where the relation is no candidate, probability where it is not predicted.
    """

    doc: int
    subject: str
    object: str
    label: str
    candidate: int | None
    probability: float | None


@dataclass(slots=True)
class _Stretch:
    """What gathers over the same sentences: the span, and the rules on each side."""

    start: int
    end: int
    rules_for: list[str]
    rules_against: list[str]


def evidence_of(
    place: Place,
    votes: TaskVotes,
    corpus: Corpus,
    mentions: Sequence[Mention],
    parts: Parts | None = None,
) -> Iterator[Evidence]:
    """Yield the evidence rows of a claim in one document, one for each set of sentences.

    A vote whose labels include the predicate is for it, one whose labels do not is against it; one
    that leaves both the predicate and `none` open is neither. A predicted pair on which no rule
    voted gets the sentences of its closest mentions.
    """
    found: dict[Span, _Stretch] = {}
    for name, supports, span in _votes(place, votes, corpus):
        key = _sentences(corpus, place.doc, span)
        stretch = found.setdefault(key, _Stretch(*span, [], []))
        stretch.start, stretch.end = min(stretch.start, span[0]), max(stretch.end, span[1])
        (stretch.rules_for if supports else stretch.rules_against).append(name)
    if not found and place.probability is not None:
        span = _closest(mentions, place.subject, place.object)
        found[_sentences(corpus, place.doc, span)] = _Stretch(*span, [], [])
    meta = corpus.meta[place.doc]
    journals, years = meta.get("journal", ()), meta.get("year", ())
    by_rules, by_text = _said(place, votes, parts)
    for (first, end), stretch in found.items():
        known = end > first
        kind = corpus.section_kind[corpus.sentence_section[first]] if known else 0
        yield Evidence(
            document=corpus.ids[place.doc],
            passage=corpus.section_kinds[kind] if known else "",
            text=_text(corpus, first, end) if known else "",
            start=stretch.start,
            end=stretch.end,
            probability=place.probability,
            rules_for=tuple(stretch.rules_for),
            rules_against=tuple(stretch.rules_against),
            journal=journals[0] if journals else "",
            year=_year(years),
            by_rules=by_rules,
            by_text=by_text,
        )


def _said(place: Place, votes: TaskVotes, parts: Parts | None) -> tuple[float | None, float | None]:
    """Return what label model and end model give to the claim, None where they say nothing."""
    if parts is None or place.candidate is None:
        return None, None
    at = place.candidate, votes.matrix.task.labels.index(place.label)
    return float(parts.rules[at]), None if parts.text is None else float(parts.text[at])


def _year(values: Sequence[str]) -> int | None:
    """Return the first year that a document's metadata names, such as that of `1985 Mar`."""
    found = (_YEAR.search(value) for value in values)
    return next((int(match[0]) for match in found if match), None)


def _votes(place: Place, votes: TaskVotes, corpus: Corpus) -> Iterator[tuple[str, bool, Span]]:
    """Yield name, whether it supports the claim, and span of each vote that takes a side."""
    if place.candidate is None:
        return
    matrix = votes.matrix
    labels = matrix.task.labels
    bit = 1 << labels.index(place.label)
    none = 1 << labels.index("none") if "none" in labels else 0
    low, high = np.searchsorted(matrix.candidate, [place.candidate, place.candidate + 1])
    for vote in range(int(low), int(high)):
        mask = int(matrix.mask[vote])
        if mask & bit and mask & none:
            continue
        first, end = votes.evidence[vote].tolist()
        span = (0, 0)
        if end > first:
            span = (int(corpus.row_start[first]), int(corpus.row_end[end - 1]))
        yield matrix.lfs[matrix.lf[vote]].name, bool(mask & bit), span


def _sentences(corpus: Corpus, doc: int, span: Span) -> Span:
    """Return the half-open range of sentences that a span touches, (0, 0) for an empty span."""
    if span[0] == span[1]:
        return 0, 0
    low, high = corpus.doc_sentences[doc : doc + 2].tolist()
    first = low + np.searchsorted(corpus.sentence_end[low:high], span[0], side="right")
    end = low + np.searchsorted(corpus.sentence_start[low:high], span[1], side="left")
    return int(first), int(end)


def _text(corpus: Corpus, first: int, end: int) -> str:
    parts = [corpus.sentence_text(first)]
    if end - first > 1:
        parts.append(corpus.sentence_text(end - 1))
    return (" ... " if end - first > 2 else " ").join(parts)


def _closest(mentions: Sequence[Mention], subject: str, target: str) -> Span:
    """Return the stretch over the closest mentions of two arguments, or (0, 0) without them."""
    pair = closest_mentions(mentions, subject, target)
    if pair is None:
        return 0, 0
    one, other = pair
    return min(one.start, other.start), max(one.end, other.end)


def closest_mentions(
    mentions: Sequence[Mention], subject: str, target: str
) -> tuple[Mention, Mention] | None:
    """Return the two mentions of a subject and an object that stand closest, None without both.

    subject, target: CURIEs or mention keys; of equally close ones the first.
    """
    pairs = [
        (max(one.end, other.end) - min(one.start, other.start), one.start, other.start, i, j)
        for i, one in enumerate(mentions)
        if subject in one.names
        for j, other in enumerate(mentions)
        if target in other.names and i != j
    ]
    if not pairs:
        return None
    *_, i, j = min(pairs)
    return mentions[i], mentions[j]
