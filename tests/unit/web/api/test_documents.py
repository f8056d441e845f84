"""Documents, as a program asks for them."""

import pytest
from fastapi import APIRouter

from biolabel.web.api.documents import documents_router
from biolabel.workflow.results import Results
from tests.unit.web.serving import Served


@pytest.fixture
def routers(results: Results) -> list[APIRouter]:
    return [documents_router(results)]


def test_a_list_and_one_of_it(by_token: Served) -> None:
    get, bearer = by_token.client.get, by_token.bearer
    listed = get("/api/documents", params={"most": "3"}, headers=bearer).json()
    assert (listed["total"], len(listed["entries"])) == (12, 3)
    id_ = listed["entries"][0]["id"]
    found = get("/api/document", params={"id": id_}, headers=bearer).json()
    candidate = found["verdicts"][0]
    assert candidate["probabilities"].keys() == {"label_model", "end_model", "fused"}
    asked = {"task": candidate["task"], "candidate": candidate["candidate"]}
    told = get("/api/document/reasons", params=asked, headers=bearer)
    assert told.status_code == 200
    assert told.json()["label"] in candidate["labels"]


@pytest.mark.parametrize(
    ("address", "asked", "status"),
    [
        ("document", {"id": "../../etc/passwd"}, 404),
        ("document", {"id": "t01", "part": "test"}, 422),
        ("document", {"id": "t01", "system": "oracle"}, 422),
        ("document", {}, 422),
        ("documents", {"most": "100000"}, 422),
        ("document/reasons", {"task": "cid", "candidate": "99999"}, 404),
    ],
)
def test_what_is_not_there_is_refused(
    by_token: Served, address: str, asked: dict[str, str], status: int
) -> None:
    found = by_token.client.get(f"/api/{address}", params=asked, headers=by_token.bearer)
    assert found.status_code == status, found.text
