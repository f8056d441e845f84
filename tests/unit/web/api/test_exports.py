"""Exports as downloads."""

import io
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from fastapi import APIRouter

from biolabel.curation.store import Database, read_audit
from biolabel.errors import RunError
from biolabel.web.api.exports import Format, exports_router
from biolabel.workflow import export
from biolabel.workflow.export import FORMATS, Exported, Order
from biolabel.workflow.results import Results
from tests.unit.web.serving import Served


@pytest.fixture
def routers(database: Database) -> list[APIRouter]:
    return [exports_router(Results.__new__(Results), database, "database.sqlite")]


def test_the_formats_are_those_of_the_command(by_token: Served) -> None:
    assert set(get_args(Format)) == FORMATS.keys()
    found = by_token.client.get("/api/exports", headers=by_token.bearer).json()
    assert {each["format"] for each in found} == FORMATS.keys()


def test_a_download_has_all_files(by_token: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def write(results: Results, order: Order, database: str) -> Exported:
        del results
        assert database == "database.sqlite"
        orders.append(order)
        (order.out / "deep").mkdir()
        (order.out / "deep" / "a.tsv").write_text("a", "utf-8")
        return Exported(1, (order.out,))

    monkeypatch.setattr(export, "export", write)
    asked = {"accepted": "false", "min_probability": "0.5"}
    found = by_token.client.get("/api/exports/kgx", params=asked, headers=by_token.bearer)
    assert found.headers["content-disposition"] == 'attachment; filename="kgx.zip"'
    assert zipfile.ZipFile(io.BytesIO(found.content)).namelist() == ["deep/a.tsv"]
    assert (orders[0].selection.accepted, orders[0].selection.min_probability) == (False, 0.5)
    assert not orders[0].out.exists(), "what was sent is cleared away"
    (entry,) = read_audit(by_token.database)
    assert (entry.who, entry.action, entry.detail["format"]) == ("ada", "export", "kgx")


def test_a_failed_export_leaves_nothing(by_token: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []

    def fail(results: Results, order: Order, database: str) -> Exported:
        del results, database
        folders.append(order.out)
        raise RunError("BL984", "nothing to write")

    monkeypatch.setattr(export, "export", fail)
    found = by_token.client.get("/api/exports/kb", headers=by_token.bearer)
    assert (found.status_code, found.json()["code"]) == (400, "BL984")
    assert not folders[0].parent.exists()


@pytest.mark.parametrize("path", ["docx", "../../etc/passwd", "kgx/../../x", "kgx%2f..%2f"])
def test_what_is_no_format(by_token: Served, path: str) -> None:
    found = by_token.client.get(f"/api/exports/{path}", headers=by_token.bearer)
    assert found.status_code in (404, 422)


@pytest.mark.parametrize("name", ["../x", "a b", "", "x;y"])
def test_what_is_no_name(by_token: Served, name: str) -> None:
    asked = {"name": name}
    found = by_token.client.get("/api/exports/kb", params=asked, headers=by_token.bearer)
    assert (found.status_code, found.json()["code"]) == (400, "BL986")
