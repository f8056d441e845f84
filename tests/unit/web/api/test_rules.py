"""Labeling functions, as a program asks for them."""

import pytest
from fastapi import APIRouter

from biolabel.web.api.rules import rules_router
from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results
from tests.unit.web.serving import Served


@pytest.fixture
def routers(results: Results, lab: Lab) -> list[APIRouter]:
    return [rules_router(results, lab)]


def test_all_rules_with_their_figures(by_token: Served) -> None:
    found = by_token.client.get("/api/rules", headers=by_token.bearer).json()
    assert len(found) == 10
    assert found[0].keys() >= {"votes", "estimated", "estimated_low", "dev", "redundancy"}


def test_one_rule_and_where_its_task_conflicts(by_token: Served) -> None:
    get, bearer = by_token.client.get, by_token.bearer
    found = get("/api/rule", params={"name": "apart"}, headers=bearer).json()
    assert found["text"].startswith("rule apart")
    assert get("/api/conflicts", params={"task": "cid"}, headers=bearer).json()["task"] == "cid"
    lost = get("/api/rule", params={"name": "aprt"}, headers=bearer)
    assert (lost.status_code, lost.json()["code"]) == (404, "BL922")
    lost = get("/api/conflicts", params={"task": "'; drop table"}, headers=bearer)
    assert (lost.status_code, lost.json()["code"]) == (404, "BL922")


def test_samples_and_why(by_token: Served) -> None:
    asked = {"name": "said_to_cause", "n": "2"}
    found = by_token.client.get("/api/rule/sample", params=asked, headers=by_token.bearer).json()
    assert found["hits"] > 0
    assert found["samples"][0]["context"]
    question = {"rule": "said_to_cause", "text": "{chemical: Lithium} caused {disease: tremor}"}
    told = by_token.client.post("/api/rule/why", json=question, headers=by_token.bearer)
    assert (told.status_code, told.json()["vote"]) == (200, "causes")
    question["text"] = "{nobody: Lithium}"
    told = by_token.client.post("/api/rule/why", json=question, headers=by_token.bearer)
    assert (told.status_code, told.json()["code"]) == (400, "BL921")


@pytest.mark.parametrize("asked", [{"name": "apart", "n": "0"}, {"name": "apart", "seed": "-1"}])
def test_numbers_have_bounds(by_token: Served, asked: dict[str, str]) -> None:
    found = by_token.client.get("/api/rule/sample", params=asked, headers=by_token.bearer)
    assert (found.status_code, found.json()["code"]) == (422, "BL976")
