"""Whether the server is there, and which biolabel it is."""

from fastapi import APIRouter
from pydantic import BaseModel

from biolabel import __version__
from biolabel.web.access.asking import Viewer
from biolabel.web.problems import refusals


class Health(BaseModel):
    """That the server answers."""

    status: str = "ok"


class Version(BaseModel):
    """Which biolabel answers."""

    biolabel: str


router = APIRouter(prefix="/api", tags=["status"])


@router.get("/health")
async def health() -> Health:
    """Answer anybody, for whatever watches over the server; nothing else is open to all."""
    return Health()


@router.get("/version", responses=refusals(401))
async def version(person: Viewer) -> Version:
    """Tell the version of biolabel."""
    del person
    return Version(biolabel=__version__)
