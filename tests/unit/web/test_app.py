"""The application as a whole."""

from tests.unit.web.serving import Served


def test_openapi_describes_what_there_is(by_token: Served) -> None:
    found = by_token.client.get("/api/openapi.json", headers=by_token.bearer).json()
    assert found["info"]["title"] == "biolabel"
    assert {"/api/session", "/api/health", "/api/probe/viewer"} <= found["paths"].keys()
    assert "Problem" in found["components"]["schemas"]
    assert "/login" not in found["paths"]


def test_there_are_no_pages_with_scripts_from_elsewhere(by_token: Served) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert by_token.client.get(path, headers=by_token.bearer).status_code == 404
