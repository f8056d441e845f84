"""A server on a tiny run in a process of its own, and a browser to look at it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from biolabel.curation.review import Role
from biolabel.curation.store import FILE, add_user, load, open_database
from biolabel.workflow.results import open_results
from tests.e2e.looking import ready
from tests.unit.web.planted import planted
from tests.unit.web.serving import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
"""How Chromium starts as root, and without looking for hosts of its maker."""
COMMAND = "from biolabel.cli import main; main()"


@dataclass(frozen=True)
class Served:
    """A running server: its URL with the token, its workspace and the task's folder."""

    url: str
    workspace: Path
    task: Path

    @property
    def base(self) -> str:
        """The URL without path and token."""
        return self.url.partition("?")[0].rstrip("/")


def _missing(what: str) -> None:
    """Skip a test that needs a browser, and fail it under BIOLABEL_CI=1."""
    if os.environ.get("BIOLABEL_CI") == "1":
        pytest.fail(f"{what}, and BIOLABEL_CI=1 does not allow that", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Return Chromium, for a file of tests: while it is open, nothing else here can run an event loop."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _missing("playwright is not installed")
    if not CHROMIUM.is_file():
        _missing(f"there is no {CHROMIUM}")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="module")
def served(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server on a copy of the tiny run, whose rules a test may edit."""
    workspace, task = _copied(finished_run, tmp_path_factory.mktemp("served"))
    with _serving(workspace) as url:
        yield Served(url, workspace, task)


@pytest.fixture(scope="module")
def team(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server with users vera, carl and ada (viewer, curator, admin) and 60 made up assertions."""
    workspace, task = _copied(finished_run, tmp_path_factory.mktemp("team"))
    database = open_database(workspace / FILE)
    load(database, "cid", list(planted(60)), run=open_results(workspace).assertions.name)
    for name, role in (("vera", "viewer"), ("carl", "curator"), ("ada", "admin")):
        add_user(database, name, PASSWORD, cast(Role, role), by="test")
    database.close()
    with _serving(workspace) as url:
        yield Served(url, workspace, task)


def _copied(finished_run: Path, folder: Path) -> tuple[Path, Path]:
    """Return copies of a finished run's workspace and of its task's folder."""
    workspace, task = folder / "workspace", folder / "tiny"
    shutil.copytree(finished_run, workspace)
    shutil.copytree(finished_run.parent / "tiny", task)
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    manifest["folder"] = str(task)
    (workspace / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return workspace, task


@contextmanager
def _serving(workspace: Path) -> Iterator[str]:
    """Serve a workspace, and give the URL; that a traceback is printed meanwhile fails the test."""
    command = [sys.executable, "-c", COMMAND, "serve", str(workspace), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield _url(process)
        finally:
            process.kill()
        assert process.stdout is not None
        said = process.stdout.read()
        assert "Traceback" not in said, said


def _url(process: "subprocess.Popen[str]") -> str:
    """Return the URL that a server prints when it is ready."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith("http"):
            return line.strip()
    pytest.fail(f"the server ended: {''.join(said)}")


@pytest.fixture
def page(browser: "Browser", served: Served) -> "Iterator[Page]":
    """Return a page that is logged in; a script that fails, or anything from elsewhere, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    wrong: list[str] = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((served.base, "data:", "blob:"))
            else wrong.append(request.url)
        ),
    )
    found.set_default_timeout(60_000)
    found.goto(served.url)
    ready(found)  # the URL with the token leads to one without
    yield found
    context.close()
    assert wrong == []
