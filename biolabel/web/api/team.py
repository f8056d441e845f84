"""The team: how curators agree, who may log in, what was done."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from biolabel.curation.agreement import agreements
from biolabel.curation.blame import blame
from biolabel.curation.review import Role, User
from biolabel.curation.store import (
    Database,
    add_user,
    all_decisions,
    change_user,
    list_users,
    read_audit,
    reviewed,
)
from biolabel.curation.store.users import MAX_PASSWORD, MIN_PASSWORD
from biolabel.web.access.asking import Admin, Viewer
from biolabel.web.api.sent import LARGEST, Text
from biolabel.web.problems import refusals

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
"""A user's name."""
Password = Annotated[str, Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]
"""A user's password; it is hashed, and never told again."""


class Agreed(BaseModel):
    """How two curators agree on the `both` assertions that both decided on.

    observed: the share on which they say the same; kappa: Cohen's, null where neither ever says
    anything but one and the same thing.
    """

    one: str
    other: str
    both: int
    observed: float
    kappa: float | None


class Blamed(BaseModel):
    """A rule, and what became of the assertions that it voted for; share: of all rejections."""

    task: str
    rule: str
    rejected: int
    accepted: int
    share: float


class Account(BaseModel):
    """Someone who may log in; an adjudicator may settle disputes without being an admin."""

    name: str
    role: Role
    adjudicator: bool
    disabled: bool
    created: datetime


class NewUser(BaseModel):
    """A user to add."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    password: Password
    role: Role
    adjudicator: bool = False


class Change(BaseModel):
    """What to change of a user; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    adjudicator: bool | None = None
    disabled: bool | None = None
    password: Password | None = None


class Entry(BaseModel):
    """Who did what, and when."""

    id: int
    at: datetime
    who: str
    action: str
    detail: dict[str, Any]


def team_router(database: Database) -> APIRouter:
    """Return the routes about curators and users of a database."""
    router = APIRouter(prefix="/api", tags=["team"])

    @router.get("/agreement", responses=refusals(401, 422))
    def agreement(person: Viewer, task: Text | None = None) -> list[Agreed]:
        """Return the agreement of each two curators."""
        del person
        return [
            Agreed(
                one=each.one,
                other=each.other,
                both=each.both,
                observed=each.observed,
                kappa=each.kappa if each.kappa == each.kappa else None,  # NaN equals nothing
            )
            for each in agreements(all_decisions(database, task=task))
        ]

    @router.get("/blame", responses=refusals(401, 422))
    def behind(person: Viewer, task: Text | None = None) -> list[Blamed]:
        """Return the rules behind what was rejected, those behind most first."""
        del person
        found = blame(reviewed(database, task=task, states=("accepted", "rejected")))
        return [
            Blamed(
                task=each.task,
                rule=each.rule,
                rejected=each.rejected,
                accepted=each.accepted,
                share=each.share,
            )
            for each in found
        ]

    @router.get("/users", responses=refusals(401, 403))
    def users(person: Admin) -> list[Account]:
        """List all users."""
        del person
        return [_account(each) for each in list_users(database)]

    @router.post("/users", status_code=201, responses=refusals(401, 403, 409, 422))
    def added(person: Admin, new: NewUser) -> Account:
        """Add a user."""
        user = add_user(
            database,
            new.name,
            new.password,
            new.role,
            by=person.name,
            adjudicator=new.adjudicator,
        )
        return _account(user)

    @router.patch("/users/{name}", responses=refusals(401, 403, 404, 409, 422))
    def changed(
        person: Admin, name: Annotated[str, Path(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")], new: Change
    ) -> Account:
        """Change a user, which ends the user's sessions; names are never deleted."""
        given = new.model_dump(exclude_none=True)
        return _account(change_user(database, name, by=person.name, **given))

    @router.get("/audit", responses=refusals(401, 403, 422))
    def audit(
        person: Admin,
        before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> list[Entry]:
        """Return the newest entries of the audit log, newest first, with smaller ids than `before`."""
        del person
        return [
            Entry(
                id=each.id, at=each.at, who=each.who, action=each.action, detail=dict(each.detail)
            )
            for each in read_audit(database, before=before, limit=limit)
        ]

    return router


def _account(user: User) -> Account:
    return Account(
        name=user.name,
        role=user.role,
        adjudicator=user.adjudicator,
        disabled=user.disabled,
        created=user.created,
    )
