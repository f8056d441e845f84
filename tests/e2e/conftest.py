"""A server on a tiny run in a process of its own, and a browser to look at it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
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
        return self.url.partition("/?")[0]


def _missing(what: str) -> None:
    """Skip a test that needs a browser, and fail it under BIOLABEL_CI=1."""
    if os.environ.get("BIOLABEL_CI") == "1":
        pytest.fail(f"{what}, and BIOLABEL_CI=1 does not allow that", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Return Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _missing("playwright is not installed")
    if not CHROMIUM.is_file():
        _missing(f"there is no {CHROMIUM}")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def served(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server on a copy of the tiny run, whose rules a test may edit."""
    folder = tmp_path_factory.mktemp("served")
    workspace, task = folder / "workspace", folder / "tiny"
    shutil.copytree(finished_run, workspace)
    shutil.copytree(finished_run.parent / "tiny", task)
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    manifest["folder"] = str(task)
    (workspace / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    command = [sys.executable, "-c", COMMAND, "serve", str(workspace), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Served(_url(process), workspace, task)
        finally:
            process.kill()


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
    found.wait_for_selector("main h1")  # the URL with the token leads to one without
    yield found
    context.close()
    assert wrong == []
