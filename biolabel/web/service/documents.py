"""Documents with what rules and models say of them: the list, and one document's text in pieces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biolabel.data.corpus import Corpus
from biolabel.data.documents import Document, Mention
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.lang.nearest import did_you_mean
from biolabel.web.service.overview import SYSTEMS
from biolabel.workflow.job import Which
from biolabel.workflow.results import Part, Results


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the list; mentions and relations are those of the fused system."""

    part: Which
    id: str
    title: str
    mentions: int
    relations: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, and how many documents there are that fit."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote of a rule: for which labels, and its evidence in code points of the text, half-open."""

    task: str
    rule: str
    labels: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the text, half-open; type: of the mention that it is, "" for plain text.

    concepts: of the mention; systems: those that have it; votes: of entity rules on words in it.
    """

    start: int
    end: int
    text: str
    type: str = ""
    concepts: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage: its kind, its heading if it has one, and its text cut at mentions."""

    kind: str
    heading: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the systems say of one candidate of a relation or document task.

    about: the names of its arguments, none for a document; probabilities: by system, of each label in
    the order of the task's; votes: those of rules on it.
    """

    task: str
    candidate: int
    about: tuple[str, ...]
    concepts: tuple[str, ...]
    labels: tuple[str, ...]
    probabilities: Mapping[str, tuple[float, ...]]
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as a page shows it; verdicts: the most probable first; types: of all mentions."""

    part: Which
    id: str
    meta: Mapping[str, tuple[str, ...]]
    passages: tuple[Passage, ...]
    types: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    systems: tuple[str, ...]


def documents(
    results: Results, part: Which, text: str = "", first: int = 0, most: int = 50
) -> Listed:
    """Return documents whose id or text has a text in it, whatever its case.

    Raises:
        RunError: BL923 when the run has no such part.
    """
    corpus = _part(results, part).corpus
    wanted = text.casefold()
    found = [
        doc
        for doc, id_ in enumerate(corpus.ids)
        if not wanted or wanted in id_.casefold() or wanted in corpus.texts[doc].casefold()
    ]
    predicted = _part(results, part).predictions["fused"]
    entries = (_entry(corpus, part, doc, predicted) for doc in found[first : first + most])
    return Listed(tuple(entries), len(found))


def document(results: Results, part: Which, id_: str, system: str = "fused") -> DocumentView:
    """Return one document with the mentions of one system.

    Raises:
        RunError: BL923 when there is no such part, document or system.
    """
    opened = _part(results, part)
    if id_ not in opened.place_of:
        hint = did_you_mean(id_, opened.place_of)
        raise RunError("BL923", f"there is no document {id_}", hint=hint)
    if system not in SYSTEMS:
        raise RunError("BL923", f"there is no system {system}", hint=did_you_mean(system, SYSTEMS))
    doc = opened.place_of[id_]
    predicted = {name: opened.predictions[name].get(id_) for name in SYSTEMS}
    votes = tuple(_entity_votes(opened, doc))
    shown = predicted[system]
    passages = tuple(_passages(opened.corpus, doc, shown, predicted, votes))
    types = {mention.type for found in predicted.values() if found for mention in found.mentions}
    return DocumentView(
        part=part,
        id=id_,
        meta=opened.corpus.meta[doc],
        passages=passages,
        types=tuple(sorted(types)),
        verdicts=_verdicts(opened, doc),
        systems=tuple(SYSTEMS),
    )


def _part(results: Results, part: Which) -> Part:
    if part not in results.parts:
        there = f"there are: {', '.join(results.parts)}"
        raise RunError("BL923", f"the run had no documents called {part}", hint=there)
    return results.parts[part]


def _entry(corpus: Corpus, part: Which, doc: int, predicted: Mapping[str, Document]) -> Entry:
    low, high = corpus.doc_sentences[doc : doc + 2].tolist()
    found = predicted.get(corpus.ids[doc])
    title = corpus.sentence_text(low) if high > low else ""
    counts = (len(found.mentions), len(found.relations)) if found else (0, 0)
    return Entry(part, corpus.ids[doc], title, *counts)


def _entity_votes(part: Part, doc: int) -> Iterator[Vote]:
    """Yield the votes of entity rules in a document."""
    for votes in part.applied.votes.values():
        if votes.matrix.task.kind == "entity":
            low, high = np.searchsorted(votes.documents, [doc, doc + 1]).tolist()
            first, end = np.searchsorted(votes.matrix.candidate, [low, high]).tolist()
            yield from _votes(part, votes.matrix.task.name, range(first, end), own=False)


def _votes(part: Part, task: str, rows: Sequence[int], *, own: bool) -> Iterator[Vote]:
    """Yield votes by their rows in the label matrix."""
    votes, corpus = (part.own if own else part.applied).votes[task], part.corpus
    matrix = votes.matrix
    for row in rows:
        first, end = votes.evidence[row].tolist()
        mask = int(matrix.mask[row])
        place = (
            (int(corpus.row_start[first]), int(corpus.row_end[end - 1])) if end > first else (0, 0)
        )
        labels = tuple(name for bit, name in enumerate(matrix.task.labels) if mask >> bit & 1)
        yield Vote(task, matrix.lfs[matrix.lf[row]].name, labels, *place)


def _passages(
    corpus: Corpus,
    doc: int,
    shown: Document | None,
    predicted: Mapping[str, Document | None],
    votes: Sequence[Vote],
) -> Iterator[Passage]:
    text = corpus.texts[doc]
    mentions = _apart(shown.mentions if shown else ())
    known = {
        name: {(m.start, m.end, m.type) for m in found.mentions} if found else set()
        for name, found in predicted.items()
    }
    for section in range(*corpus.doc_sections[doc : doc + 2].tolist()):
        low, high = int(corpus.section_start[section]), int(corpus.section_end[section])
        stretches, at = [], low
        for mention in mentions:
            if low <= mention.start and mention.end <= high:
                place = mention.start, mention.end, mention.type
                stretches += [
                    Stretch(at, mention.start, text[at : mention.start]),
                    Stretch(
                        mention.start,
                        mention.end,
                        text[mention.start : mention.end],
                        mention.type,
                        mention.concepts,
                        tuple(name for name, places in known.items() if place in places),
                        _within(votes, mention),
                    ),
                ]
                at = mention.end
        stretches.append(Stretch(at, high, text[at:high]))
        yield Passage(
            corpus.section_kinds[corpus.section_kind[section]],
            corpus.section_headings[corpus.section_heading[section]],
            tuple(found for found in stretches if found.text),
        )


def _within(votes: Sequence[Vote], mention: Mention) -> tuple[Vote, ...]:
    """Return the different votes with evidence in a mention: words of one name have the same."""
    found = [v for v in votes if v.start < mention.end and mention.start < v.end]
    return tuple(dict.fromkeys(found))


def _apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Return mentions in text order, of overlapping ones the longest."""
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or other.end <= mention.start for other in chosen):
            chosen.append(mention)
    return sorted(chosen, key=lambda m: m.start)


def _verdicts(part: Part, doc: int) -> tuple[Verdict, ...]:
    """Return what the systems say of the candidates of a document, but for its words."""
    names = _names(part, doc)
    rows = {system: part.probabilities(system) for system in SYSTEMS}
    found = []
    for task, votes in part.own.votes.items():
        matrix = votes.matrix
        if matrix.task.kind == "entity":
            continue
        low, high = np.searchsorted(votes.documents, [doc, doc + 1]).tolist()
        for candidate in range(low, high):
            first, end = np.searchsorted(matrix.candidate, [candidate, candidate + 1]).tolist()
            sides = (votes.subjects, votes.objects, *votes.others)
            concepts = tuple(side[candidate] for side in sides if side)
            found.append(
                Verdict(
                    task,
                    candidate,
                    tuple(names.get(concept, concept) for concept in concepts),
                    concepts,
                    matrix.task.labels,
                    {
                        system: tuple(probabilities[task][candidate].tolist())
                        for system, probabilities in rows.items()
                        if task in probabilities
                    },
                    tuple(_votes(part, task, range(first, end), own=True)),
                )
            )
    return tuple(sorted(found, key=lambda verdict: (verdict.task, -_surest(verdict))))


def _surest(verdict: Verdict) -> float:
    """Return the largest probability of a label other than `none` that the fused system gives."""
    shown = verdict.probabilities.get("fused", ())
    pairs = zip(verdict.labels, shown, strict=False)
    return max((p for label, p in pairs if label != "none"), default=0.0)


def _names(part: Part, doc: int) -> Mapping[str, str]:
    """Return what the document calls each concept and mention: its first text."""
    table, text = part.own.mentions, part.corpus.texts[doc]
    low, high = np.searchsorted(table.doc, [doc, doc + 1]).tolist()
    keys = table.keys()[low:high]
    found: dict[str, str] = {}
    for mention, key in zip(range(low, high), keys, strict=True):
        written = text[int(table.start[mention]) : int(table.end[mention])]
        for name in (*table.concepts[mention], key, key_of(written)):
            found.setdefault(name, written)
    return found


@dataclass(frozen=True, slots=True)
class Reason:
    """What rules that voted add to a label of a candidate, in log odds (nats)."""

    rules: tuple[str, ...]
    labels: tuple[str, ...]
    log_odds: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the label model gives a candidate its likeliest label, from the votes on it alone."""

    label: str
    log_odds: float
    reasons: tuple[Reason, ...]


def reasons(results: Results, part: Which, task: str, candidate: int) -> Reasons:
    """Return why a candidate of a document has its soft labels.

    Raises:
        RunError: BL923 when there is no such part, task or candidate.
    """
    votes = _part(results, part).own.votes
    if task not in votes or not 0 <= candidate < votes[task].matrix.n_candidates:
        raise RunError("BL923", f"there is no candidate {candidate} of {task}")
    # The label model's own code takes half a second to import, and most visitors never ask.
    from biolabel.labelmodel.reasons.contributions import row_reasons

    [found] = row_reasons(results.model, votes[task].matrix, [candidate])
    return Reasons(
        found.label,
        found.log_odds,
        tuple(Reason(each.lfs, each.labels, each.log_odds) for each in found.contributions),
    )
