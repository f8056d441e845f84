"""Documents with what rules and models say of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from biolabel.web.access.asking import Viewer
from biolabel.web.problems import refusals
from biolabel.web.service.documents import (
    DocumentView,
    Listed,
    Reasons,
    document,
    documents,
    reasons,
)
from biolabel.workflow.job import Which
from biolabel.workflow.results import Results

System = Literal["majority", "label_model", "end_model", "fused"]
_MOST = 200
"""Documents in one answer."""


def documents_router(results: Results) -> APIRouter:
    """Return the routes about documents."""
    router = APIRouter(prefix="/api", tags=["documents"])

    @router.get("/documents", responses=refusals(401, 404, 422))
    def found(
        person: Viewer,
        part: Which = "corpus",
        text: Annotated[str, Query(max_length=200, description="In the id or the text.")] = "",
        first: Annotated[int, Query(ge=0, le=10**9)] = 0,
        most: Annotated[int, Query(ge=1, le=_MOST)] = 50,
    ) -> Listed:
        """Return a page of documents."""
        del person
        return documents(results, part, text, first, most)

    @router.get("/document", responses=refusals(401, 404, 422))
    def one(
        person: Viewer,
        id: Annotated[str, Query(max_length=200)],
        part: Which = "corpus",
        system: System = "fused",
    ) -> DocumentView:
        """Return a document with mentions, votes and probabilities of all systems."""
        del person
        return document(results, part, id, system)

    @router.get("/document/reasons", responses=refusals(401, 404, 422))
    def why(
        person: Viewer,
        task: Annotated[str, Query(max_length=200)],
        candidate: Annotated[int, Query(ge=0, lt=2**31)],
        part: Which = "corpus",
    ) -> Reasons:
        """Return why the label model gives a candidate its likeliest label."""
        del person
        return reasons(results, part, task, candidate)

    return router
