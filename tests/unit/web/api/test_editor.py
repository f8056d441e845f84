"""Rule files, as a program edits them, and who may."""

import pytest
from fastapi import APIRouter

from biolabel.web.api.editor import editor_router
from biolabel.web.service.editor import LONGEST, rule_files
from biolabel.web.service.lab import Lab
from biolabel.workflow.results import Results
from tests.unit.web.serving import Served

NAME = "tiny.rules"
ADDED = "\nrule everywhere for cid\n  votes: none\n  when: same sentence\n"


@pytest.fixture
def routers(edited: Results, lab: Lab) -> list[APIRouter]:
    return [editor_router(edited, lab)]


def text_of(results: Results) -> str:
    [file] = rule_files(results.task)
    return file.text


def test_an_edit_is_checked_tried_and_saved(by_name: Served, edited: Results) -> None:
    client, headers = by_name.client, by_name.log_in("carl")
    [file] = client.get("/api/files").json()
    wrong = {"name": NAME, "text": file["text"] + ADDED.replace("none", "nono")}
    found = client.post("/api/files/check", json=wrong, headers=headers).json()
    assert "BL110" in {each["code"] for each in found}
    draft = {"name": NAME, "text": file["text"] + ADDED}
    shown = client.post("/api/files/preview", json=draft, headers=headers).json()
    assert "everywhere" in {each["rule"] for each in shown["changes"]}
    saved = client.put("/api/files", json={**draft, "digest": file["digest"]}, headers=headers)
    assert saved.status_code == 200
    assert text_of(edited) == draft["text"]
    again = client.put("/api/files", json={**draft, "digest": file["digest"]}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "BL991")


def test_a_file_is_made_tried_and_deleted(by_name: Served, edited: Results) -> None:
    client, headers = by_name.client, by_name.log_in("carl")
    made = client.post("/api/files", json={"name": "more.rules"}, headers=headers)
    assert made.status_code == 201
    again = client.post("/api/files", json={"name": "more.rules"}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "BL991")
    draft = {"name": "more.rules", "text": made.json()["text"] + ADDED.lstrip()}
    checked = client.post("/api/files/check", json=draft, headers=headers)
    assert checked.status_code == 200, checked.text
    where = {"name": "more.rules", "digest": "another"}
    found = client.delete("/api/files", params=where, headers=headers)
    assert (found.status_code, found.json()["code"]) == (409, "BL991")
    where["digest"] = made.json()["digest"]
    assert client.delete("/api/files", params=where, headers=headers).status_code == 204
    [file] = rule_files(edited.task)
    assert file.name == NAME


def test_viewers_may_read_and_not_write(by_name: Served, edited: Results) -> None:
    client, headers = by_name.client, by_name.log_in("vera")
    [file] = client.get("/api/files").json()
    draft = {"name": NAME, "text": "biolabel 1\n"}
    for method, path, body in (
        ("POST", "check", draft),
        ("POST", "preview", draft),
        ("POST", "examples", None),
        ("PUT", "", {**draft, "digest": file["digest"]}),
        ("POST", "", {"name": "more.rules"}),
        ("DELETE", f"?name={NAME}&digest={file['digest']}", None),
    ):
        address = f"/api/files/{path}".rstrip("/").replace("/?", "?")
        found = client.request(method, address, json=body, headers=headers)
        assert (found.status_code, found.json()["code"]) == (403, "BL971"), path
    assert text_of(edited) == file["text"]


def test_nothing_changes_without_the_token_of_the_session(by_name: Served, edited: Results) -> None:
    by_name.log_in("carl")
    [file] = rule_files(edited.task)
    body = {"name": NAME, "text": "biolabel 1\n", "digest": file.digest}
    found = by_name.client.put("/api/files", json=body)
    assert (found.status_code, found.json()["code"]) == (403, "BL972")
    assert rule_files(edited.task) == (file,)


@pytest.mark.parametrize(
    ("name", "text", "status", "code"),
    [
        ("../task.toml", "biolabel 1\n", 422, "BL990"),
        (NAME, 'biolabel 1\nimport "/etc/passwd"\n', 422, "BL990"),
        (NAME, "#" * (LONGEST + 1), 422, "BL976"),
    ],
)
def test_other_files_are_out_of_reach(
    by_token: Served, name: str, text: str, status: int, code: str
) -> None:
    body = {"name": name, "text": text, "digest": ""}
    for method, path in (("POST", "/check"), ("POST", "/preview"), ("PUT", "")):
        found = by_token.client.request(
            method, f"/api/files{path}", json=body, headers=by_token.bearer
        )
        assert (found.status_code, found.json()["code"]) == (status, code), path


@pytest.mark.parametrize(
    "name", ["../task.toml", "../../out.rules", "/tmp/out.rules", "sub/a.rules"]
)
def test_files_are_made_and_deleted_in_the_folder_of_rules_alone(
    by_token: Served, edited: Results, name: str
) -> None:
    before = sorted(edited.task.folder.parent.rglob("*"))
    made = by_token.client.post("/api/files", json={"name": name}, headers=by_token.bearer)
    gone = by_token.client.delete(
        "/api/files", params={"name": name, "digest": ""}, headers=by_token.bearer
    )
    for found in (made, gone):
        assert (found.status_code, found.json()["code"]) == (422, "BL990")
    assert sorted(edited.task.folder.parent.rglob("*")) == before
