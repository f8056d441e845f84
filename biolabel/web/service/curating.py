"""What curating shows and does: a stretch of the queue, one assertion with its evidence, verdicts, undo."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from biolabel.curation.evidence import Evidence
from biolabel.curation.queue import Page, count, page, states
from biolabel.curation.review import Decision, NewDecision, Reviewed, State, counting
from biolabel.curation.store import Database, adjudicate, all_decisions, decide, one, tasks_of, undo
from biolabel.data.words import key_of
from biolabel.errors import RunError
from biolabel.evaluation.pieces import Piece
from biolabel.web.access.people import Person, allow, allow_settling
from biolabel.web.api.assertions import Below
from biolabel.web.api.sent import NewVerdict, QueueQuery
from biolabel.workflow.results import Results

_AGAIN = 20
"""Decisions that are read once more, since on a server of databases ids do not come in order."""


@dataclass(frozen=True)
class Desk:
    """Where one curates: the run, the database of decisions, and what adds concepts below others."""

    results: Results
    database: Database
    below: Below


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of the queue, how many assertions all of it has, and the states of those of the task."""

    page: Page
    count: int
    states: dict[State, int]


@dataclass(frozen=True, slots=True)
class Choices:
    """What filters can choose from."""

    tasks: tuple[str, ...]
    rules: tuple[str, ...]
    journals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of evidence; pieces: its text, cut where `subject` and `object` stand in it.

    against: rules speak against the assertion there, and none for it. part: of the run that has the
    document, "" if none has. gone: the last run does not have the row anymore.
    """

    id: str
    evidence: Evidence
    pieces: tuple[Piece, ...]
    against: bool
    part: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """An assertion with its rows of evidence, those that support it first."""

    reviewed: Reviewed
    rows: tuple[Row, ...]


class Sent(NewVerdict):
    """A verdict as the page sends it; settle: it settles a dispute."""

    assertion: str
    settle: bool = False


def stretch(desk: Desk, asked: QueueQuery) -> Stretch:
    """Return a page of the queue.

    Raises:
        RunError: BL962 as `queue.page`; RuleError, KnowledgeError as `Concepts.below`.
    """
    query = asked.asked(desk.below)
    return Stretch(
        page(desk.database, query),
        count(desk.database, query.filters),
        states(desk.database, asked.task),
    )


def choices(desk: Desk) -> Choices:
    """Return what there is to filter by."""
    part = desk.results.parts["corpus"]
    rules = {
        lf.name
        for votes in part.own.votes.values()
        if votes.matrix.task.kind == "relation"
        for lf in votes.matrix.lfs
    }
    journals = {name for meta in part.corpus.meta for name in meta.get("journal", ())}
    return Choices(tuple(tasks_of(desk.database)), tuple(sorted(rules)), tuple(sorted(journals)))


def look(desk: Desk, assertion: str) -> Look:
    """Return an assertion as it is now.

    Raises:
        RunError: BL958 no such assertion.
    """
    found = one(desk.database, assertion)
    rows = [
        *zip(found.evidence_ids, found.assertion.evidence, strict=True),
        *(found.gone_evidence or {}).items(),
    ]
    there = set(found.evidence_ids)
    shown = [_row(desk.results, found, key, row, gone=key not in there) for key, row in rows]
    return Look(found, tuple(sorted(shown, key=lambda row: (row.gone, row.against))))


def keep(desk: Desk, person: Person, sent: Sent) -> Decision:
    """Keep a verdict, once however often it is sent.

    Raises:
        RunError: BL971 for a person who may not decide or settle; as `decide`.
    """
    allow(person, "curator")
    new = NewDecision(
        sent.assertion, sent.verdict, person.name, sent.comment, sent.evidence, sent.key
    )
    if sent.settle:
        allow_settling(person)
        return adjudicate(desk.database, new)
    return decide(desk.database, new)


def take_back(desk: Desk, person: Person) -> Decision:
    """Undo the person's last decision that stands, and return what was added.

    Raises:
        RunError: BL971 for a person who may not decide; BL959 where nothing is to be taken back.
    """
    allow(person, "curator")
    own = counting(all_decisions(desk.database, by=person.name))
    if not own:
        raise RunError("BL959", "you have no decision that could be taken back")
    return undo(desk.database, own[-1].id, person.name)


def news(desk: Desk, last: int) -> tuple[Decision, ...]:
    """Return the decisions since the one with the id `last`, with a few that came before it."""
    return all_decisions(desk.database, after=max(0, last - _AGAIN))


def sent_of(value: object) -> Sent:
    """Return a verdict that a page sent.

    Raises:
        RunError: BL959 for anything else.
    """
    try:
        return Sent.model_validate(value)
    except ValidationError as error:
        raise RunError("BL959", f"this is no verdict: {_first(error)}") from error


def asked_of(values: object) -> QueueQuery:
    """Return which assertions an address asks for.

    Raises:
        RunError: BL962 for an address that asks for what there is not.
    """
    try:
        return QueueQuery.model_validate(values)
    except ValidationError as error:
        raise RunError("BL962", f"the queue cannot be asked so: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _row(results: Results, found: Reviewed, key: str, row: Evidence, *, gone: bool) -> Row:
    claim = found.assertion
    part = next((name for name, each in results.parts.items() if row.document in each.place_of), "")
    subject = {claim.subject_name, *_written(results, part, row.document, claim.subject)}
    target = {claim.object_name, *_written(results, part, row.document, claim.object)}
    pieces = tuple(_cut(row.text, sorted(subject), sorted(target)))
    return Row(key, row, pieces, bool(row.rules_against) and not row.rules_for, part, gone)


def _written(results: Results, part: str, document: str, argument: str) -> Iterator[str]:
    """Yield how a document writes a subject or object, by the mentions predicted in it."""
    found = next((each for name, each in results.parts.items() if name == part), None)
    predicted = found.predictions["fused"].get(document) if found is not None else None
    if predicted is not None:
        for mention in predicted.mentions:
            text = predicted.text[mention.start : mention.end]
            if argument in mention.concepts or argument == key_of(text):
                yield text


def _cut(text: str, subject: Sequence[str], target: Sequence[str]) -> Iterator[Piece]:
    """Yield a text in pieces named `subject`, `object` or nothing; of two forms the longer one counts."""
    kinds = {
        **{form.casefold(): "object" for form in target if form},
        **{form.casefold(): "subject" for form in subject if form},
    }
    if not kinds:
        yield Piece(text)
        return
    forms = "|".join(re.escape(form) for form in sorted(kinds, key=len, reverse=True))
    end = 0
    for match in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)", text, re.IGNORECASE):
        yield Piece(text[end : match.start()])
        yield Piece(match[0], kinds.get(match[0].casefold(), "subject"))
        end = match.end()
    yield Piece(text[end:])
