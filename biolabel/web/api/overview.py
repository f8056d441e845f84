"""The run at a glance."""

from fastapi import APIRouter

from biolabel.web.access.asking import Viewer
from biolabel.web.problems import refusals
from biolabel.web.service.overview import Overview, overview
from biolabel.workflow.results import Results


def overview_router(results: Results) -> APIRouter:
    """Return the route of a run's overview."""
    router = APIRouter(prefix="/api", tags=["run"])

    @router.get("/overview", responses=refusals(401))
    def glance(person: Viewer) -> Overview:
        """Return texts, tasks, scores and calibration of the last finished run."""
        del person
        return overview(results)

    return router
