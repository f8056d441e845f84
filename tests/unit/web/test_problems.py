"""Errors as problems: coded, without a traceback, escaped on pages."""

import pytest

from biolabel.errors import RunError
from biolabel.errors.codes import CATALOGUE
from biolabel.web.problems import STATUS, problem_of
from tests.unit.web.serving import Served


def test_codes_are_in_the_catalogue() -> None:
    assert STATUS.keys() <= CATALOGUE.keys()


def test_an_error_becomes_a_problem() -> None:
    found = problem_of(RunError("BL958", "no assertion has the id x", hint="look again"))
    assert found.model_dump() == {
        "title": "Not Found",
        "status": 404,
        "code": "BL958",
        "detail": "no assertion has the id x",
        "hint": "look again",
    }
    assert problem_of(RunError("BL101", "x")).status == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "BL977"),
        ("GET", "/nothing", 404, "BL977"),
        ("GET", "/api/../../etc/passwd", 404, "BL977"),
        ("GET", "/api/%2e%2e/%2e%2e/etc/passwd", 404, "BL977"),
        ("PUT", "/api/session", 405, "BL977"),
        ("GET", "/api/probe/mistake", 500, "BL982"),
    ],
)
def test_refusals_are_problems(
    by_token: Served, method: str, path: str, status: int, code: str
) -> None:
    found = by_token.client.request(method, path, headers=by_token.bearer)
    assert found.headers["content-type"] == "application/problem+json"
    assert (found.status_code, found.json()["code"]) == (status, code)


def test_a_mistake_of_ours_tells_strangers_nothing(by_token: Served) -> None:
    sent = {**by_token.bearer, "Accept": "text/html"}
    for headers in (sent, by_token.bearer):
        found = by_token.client.get("/api/probe/mistake", headers=headers)
        assert "strangers" not in found.text
        assert "Traceback" not in found.text


def test_a_page_escapes_what_it_repeats(by_token: Served) -> None:
    sent = {**by_token.bearer, "Accept": "text/html"}
    found = by_token.client.get("/<script>alert(1)</script>", headers=sent)
    assert found.status_code == 404
    assert "<script" not in found.text
