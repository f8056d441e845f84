"""What every request has to keep to, and what browsers are told."""

from collections.abc import Iterator

import pytest

from biolabel.web.limits import LARGEST
from tests.unit.web.serving import Served


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "["]
)
def test_other_hosts_are_refused(by_token: Served, host: str) -> None:
    found = by_token.client.get("/api/health", headers={"Host": host})
    assert (found.status_code, found.json()["code"]) == (400, "BL978")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:9", "LOCALHOST", "[::1]:8080"])
def test_own_hosts_are_not(by_token: Served, host: str) -> None:
    assert by_token.client.get("/api/health", headers={"Host": host}).status_code == 200


def test_a_body_that_is_said_to_be_too_large_is_not_read(by_token: Served) -> None:
    found = by_token.client.post("/api/session", content=b" " * (LARGEST + 1))
    assert (found.status_code, found.json()["code"]) == (413, "BL975")


def test_a_body_that_turns_out_too_large_is_cut(by_token: Served) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(LARGEST // 65_536 + 1):
            yield b" " * 65_536

    for path in ("/api/session", "/login"):
        found = by_token.client.post(path, content=body())
        assert (found.status_code, found.json()["code"]) == (413, "BL975"), path


def test_browsers_are_told_to_be_strict(by_token: Served) -> None:
    for path in ("/api/health", "/api/probe/viewer", "/login"):
        headers = by_token.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "cache-control" in by_token.client.get("/api/health").headers
