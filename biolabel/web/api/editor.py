"""Rule files: read, checked, tried out and saved. Python that they name never runs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from biolabel.web.access.asking import Curator, Viewer
from biolabel.web.problems import refusals
from biolabel.web.service.editor import (
    LONGEST,
    Checker,
    Finding,
    RuleFile,
    rule_files,
    save,
)
from biolabel.web.service.lab import Lab, Preview, Tried
from biolabel.web.service.rulefiles import create, remove
from biolabel.workflow.results import Results


class Draft(BaseModel):
    """A rule file with a text that is not saved."""

    name: str = Field(max_length=200)
    text: str = Field(max_length=LONGEST)


class NewFile(BaseModel):
    """The name of a rule file to make."""

    name: str = Field(max_length=200)


class Edited(Draft):
    """A text to save in place of the one with a digest."""

    digest: str = Field(max_length=64)


def editor_router(results: Results, lab: Lab) -> APIRouter:
    """Return the routes about rule files."""
    router = APIRouter(prefix="/api", tags=["rule files"])
    task, checker = results.task, Checker(results.task)

    @router.get("/files", responses=refusals(400, 401))
    def files(person: Viewer) -> tuple[RuleFile, ...]:
        """Return the rule files as they are saved."""
        del person
        return rule_files(task)

    @router.post("/files", status_code=201, responses=refusals(400, 401, 403, 409, 422))
    def new(person: Curator, named: NewFile) -> RuleFile:
        """Make a rule file without rules."""
        del person
        return create(task, named.name)

    @router.delete("/files", status_code=204, responses=refusals(400, 401, 403, 409, 422))
    def gone(
        person: Curator,
        name: Annotated[str, Query(max_length=200)],
        digest: Annotated[str, Query(max_length=64)],
    ) -> None:
        """Delete a rule file, if nobody saved it meanwhile and no other imports it."""
        del person
        remove(task, name, digest)

    @router.post("/files/check", responses=refusals(400, 401, 403, 413, 422))
    def check(person: Curator, draft: Draft) -> tuple[Finding, ...]:
        """Return what is wrong with a text."""
        del person
        return checker.check(draft.name, draft.text)

    @router.post("/files/preview", responses=refusals(400, 401, 403, 413, 422, 503))
    def preview(person: Curator, draft: Draft) -> Preview:
        """Return what a text would change: votes gained and lost, and new conflicts."""
        del person
        return lab.preview(draft.name, draft.text)

    @router.put("/files", responses=refusals(400, 401, 403, 409, 413, 422))
    def put(person: Curator, edited: Edited) -> RuleFile:
        """Save a text, if nobody else saved the file meanwhile."""
        del person
        return save(task, edited.name, edited.text, edited.digest)

    @router.post("/files/examples", responses=refusals(400, 401, 403, 503))
    def examples(person: Curator) -> Tried:
        """Run the inline examples of all rules as they are saved."""
        del person
        return lab.try_examples()

    return router
