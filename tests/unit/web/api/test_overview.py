"""The run at a glance, as a program asks for it."""

import pytest
from fastapi import APIRouter

from biolabel.web.api.overview import overview_router
from biolabel.workflow.results import Results
from tests.unit.web.serving import Served


@pytest.fixture
def routers(results: Results) -> list[APIRouter]:
    return [overview_router(results)]


def test_the_overview_is_whole(by_token: Served) -> None:
    found = by_token.client.get("/api/overview", headers=by_token.bearer).json()
    assert found["name"] == "tiny"
    assert [task["name"] for task in found["tasks"]] == ["mentions", "cid", "topic"]
    assert found["scores"][0]["rows"][0]["f1"] >= 0
    assert found["calibration"][0]["bins"]


def test_strangers_see_nothing(by_token: Served) -> None:
    found = by_token.client.get("/api/overview")
    assert (found.status_code, found.json()["code"]) == (401, "BL970")
