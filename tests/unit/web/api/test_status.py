"""Whether the server is there, and which biolabel it is."""

from biolabel import __version__
from tests.unit.web.serving import Served


def test_health_is_for_all_and_version_is_not(by_token: Served) -> None:
    assert by_token.client.get("/api/health").json() == {"status": "ok"}
    assert by_token.client.get("/api/version").status_code == 401
    found = by_token.client.get("/api/version", headers=by_token.bearer)
    assert found.json() == {"biolabel": __version__}
