"""Assertions and decisions: the queue, one assertion with its evidence, verdicts, undo, history."""

from asyncio import wrap_future
from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, TypeAdapter

from biolabel.curation.queue import Page, count, page_json, states
from biolabel.curation.review import Decision, NewDecision, Reviewed, State
from biolabel.curation.store import (
    Database,
    all_decisions,
    deciding,
    history,
    one_json,
    tasks_of,
    undoing,
)
from biolabel.web.access.asking import Curator, Viewer
from biolabel.web.access.people import allow_settling
from biolabel.web.api.sent import (
    LARGEST,
    QUEUE_PARAMETERS,
    Id,
    InQuery,
    NewVerdict,
    Number,
    Text,
    Undo,
    as_json,
)
from biolabel.web.problems import refusals
from biolabel.web.turns import Turns

_DECISION = TypeAdapter(Decision)
_DECISIONS = TypeAdapter(tuple[Decision, ...])
_AT_MOST = 1_000
"""Decisions in one answer."""

Below = Callable[[frozenset[str]], frozenset[str]]
"""Adds to concepts those below them in their ontologies."""


class Count(BaseModel):
    """How many assertions the whole queue has."""

    count: int


class TaskStates(BaseModel):
    """A relation task, and how many assertions of the last run are in each state."""

    task: str
    states: dict[State, int]


def assertions_router(database: Database, below: Below) -> APIRouter:
    """Return the routes about assertions and decisions of a database."""
    router = APIRouter(prefix="/api", tags=["curation"])
    # Who asks for a page does not wait for who has the whole database gone through, nor for who is the
    # first to ask for a concept, for which ontologies are read.
    whole, ontologies = Turns(database.readers), Turns(1)

    @router.get("/tasks", responses=refusals(401))
    async def tasks(person: Viewer) -> list[TaskStates]:
        """List the relation tasks with the progress of curation."""
        del person
        return await whole.read(partial(_tasks, database))

    @router.get(
        "/assertions",
        response_model=Page,
        responses=refusals(401, 404, 422),
        openapi_extra=QUEUE_PARAMETERS,
    )
    async def queue(person: Viewer, asked: InQuery) -> Response:
        """Return a page of the queue; evidence and decisions are those of `/assertions/{id}`."""
        del person
        query = partial(asked.asked, below)
        made = await ontologies.read(query) if asked.concept else query()
        found = await wrap_future(database.ask(partial(page_json, made)))
        return Response(found, media_type="application/json")

    @router.get("/assertions/count", responses=refusals(401, 422), openapi_extra=QUEUE_PARAMETERS)
    async def number(person: Viewer, asked: InQuery) -> Count:
        """Count the assertions of the whole queue."""
        del person
        found = await whole.read(lambda: count(database, asked.asked(below).filters))
        return Count(count=found)

    @router.get("/assertions/{id}", response_model=Reviewed, responses=refusals(401, 404, 422))
    async def assertion(person: Viewer, id: Id) -> Response:
        """Return an assertion with all its evidence and decisions."""
        del person
        found = await wrap_future(database.ask(partial(one_json, id)))
        return Response(found, media_type="application/json")

    @router.get(
        "/assertions/{id}/decisions",
        response_model=tuple[Decision, ...],
        responses=refusals(401, 404, 422),
    )
    async def decided(person: Viewer, id: Id) -> Response:
        """Return all decisions about an assertion, oldest first, also those taken back."""
        del person
        return await whole.read(lambda: as_json(_DECISIONS, history(database, id)))

    @router.post(
        "/assertions/{id}/decisions",
        status_code=201,
        response_model=Decision,
        responses=refusals(401, 403, 404, 409, 422, 503),
    )
    async def decision(person: Curator, id: Id, new: NewVerdict) -> Response:
        """Keep a verdict of one's own; once this is answered, no crash loses it."""
        kept = await wrap_future(deciding(database, _new(person.name, id, new)))
        return as_json(_DECISION, kept, 201)

    @router.post(
        "/assertions/{id}/settlement",
        status_code=201,
        response_model=Decision,
        responses=refusals(401, 403, 404, 409, 422, 503),
    )
    async def settlement(person: Curator, id: Id, new: NewVerdict) -> Response:
        """Settle what curators dispute: for admins and adjudicators."""
        allow_settling(person)
        settling = deciding(database, _new(person.name, id, new), "adjudication")
        return as_json(_DECISION, await wrap_future(settling), 201)

    @router.post(
        "/decisions/{id}/undo",
        status_code=201,
        response_model=Decision,
        responses=refusals(401, 403, 404, 409, 422, 503),
    )
    async def taken_back(
        person: Curator, id: Number, why: Annotated[Undo | None, Body()] = None
    ) -> Response:
        """Take one's own decision back; both are kept, and what one decided before counts again."""
        comment = why.comment if why else ""
        kept = await wrap_future(undoing(database, id, person.name, comment=comment))
        return as_json(_DECISION, kept, 201)

    @router.get("/decisions", response_model=tuple[Decision, ...], responses=refusals(401, 422))
    async def decisions(
        person: Viewer,
        task: Text | None = None,
        by: Text | None = None,
        after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=_AT_MOST)] = 100,
    ) -> Response:
        """Return decisions, oldest first: of a task, of a curator, with larger ids than `after`."""
        del person
        asked = partial(all_decisions, database, task=task, by=by, after=after, limit=limit)
        return await whole.read(lambda: as_json(_DECISIONS, asked()))

    return router


def _tasks(database: Database) -> list[TaskStates]:
    return [TaskStates(task=each, states=states(database, each)) for each in tasks_of(database)]


def _new(by: str, assertion: str, new: NewVerdict) -> NewDecision:
    return NewDecision(
        assertion=assertion,
        verdict=new.verdict,
        by=by,
        comment=new.comment,
        evidence=new.evidence,
        key=new.key,
    )
