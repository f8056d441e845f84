"""An application in the test's own process, its users, and a router that needs each of the roles."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.testclient import TestClient

from biolabel.curation.store import Database
from biolabel.web.access.asking import Admin, Curator, Viewer
from biolabel.web.access.doors import TokenDoor
from biolabel.web.access.gate import Access

PLACE = "http://127.0.0.1:8080"
PASSWORD = "correct horse"


@dataclass(frozen=True)
class Served:
    """An application, who may use it, and a client that starts without a session."""

    client: TestClient
    access: Access
    database: Database

    def log_in(self, name: str) -> dict[str, str]:
        """Log a user in; return the headers of the user's changes."""
        found = self.client.post("/api/session", json={"name": name, "secret": PASSWORD})
        assert found.status_code == 200, found.text
        return {"X-CSRF-Token": found.json()["csrf"]}

    @property
    def bearer(self) -> dict[str, str]:
        """Return the headers of a program that has the token."""
        assert isinstance(self.access.door, TokenDoor)
        return {"Authorization": f"Bearer {self.access.door.token}"}


def probe() -> APIRouter:
    """Return a router that needs each of the roles."""
    router = APIRouter(prefix="/api/probe")

    @router.get("/viewer")
    async def viewer(person: Viewer) -> str:
        return person.name

    @router.post("/curator")
    async def curator(person: Curator) -> str:
        return person.name

    @router.post("/admin")
    async def admin(person: Admin) -> str:
        return person.name

    @router.get("/mistake")
    async def mistake() -> str:
        raise ValueError("<b>not for strangers</b>")

    return router
