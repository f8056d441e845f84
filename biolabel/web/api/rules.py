"""Labeling functions: figures of each, where they conflict, samples, why and why not."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from biolabel.evaluation.explain import Explanation
from biolabel.evaluation.sampling import Sampled
from biolabel.web.access.asking import Viewer
from biolabel.web.problems import refusals
from biolabel.web.service.lab import Lab
from biolabel.web.service.rules import (
    Conflicts,
    RuleDetail,
    RuleRow,
    conflicts,
    rule_detail,
    rule_rows,
)
from biolabel.workflow.results import Results

Name = Annotated[str, Query(max_length=200, description="The name of a rule.")]
_MOST = 50
"""Samples of a kind in one answer."""


class Question(BaseModel):
    """What a rule is tried on: a marked text, or a document with the pair that is asked about."""

    rule: str = Field(max_length=200)
    text: str = Field("", max_length=10_000)
    document: str = Field("", max_length=200)
    pair: tuple[str, ...] = Field((), max_length=5)


def rules_router(results: Results, lab: Lab) -> APIRouter:
    """Return the routes about labeling functions."""
    router = APIRouter(prefix="/api", tags=["rules"])

    @router.get("/rules", responses=refusals(401))
    def rules(person: Viewer) -> tuple[RuleRow, ...]:
        """Return all labeling functions of the last run."""
        del person
        return rule_rows(results)

    @router.get("/rule", responses=refusals(401, 404, 422))
    def rule(person: Viewer, name: Name) -> RuleDetail:
        """Return one labeling function with its text and company."""
        del person
        return rule_detail(results, name)

    @router.get("/conflicts", responses=refusals(401, 404, 422))
    def clashes(
        person: Viewer, task: Annotated[str, Query(max_length=200, description="A task.")]
    ) -> Conflicts:
        """Return how often the rules of a task contradict each other."""
        del person
        return conflicts(results, task)

    @router.get("/rule/sample", responses=refusals(400, 401, 404, 422, 503))
    def sample(
        person: Viewer,
        name: Name,
        n: Annotated[int, Query(ge=1, le=_MOST)] = 5,
        seed: Annotated[int, Query(ge=0, lt=2**32)] = 0,
    ) -> Sampled:
        """Return hits, misses and borderline cases of a rule as it is saved now."""
        del person
        return lab.sample("corpus", name, n, seed).sampled

    @router.post("/rule/why", responses=refusals(400, 401, 403, 404, 422, 503))
    def why(person: Viewer, asked: Question) -> Explanation:
        """Explain why a rule votes or does not."""
        del person
        return lab.why(asked.rule, asked.document, asked.text, asked.pair)

    return router
