"""Take the pictures of the pages: `python docs/screenshots.py [WORKSPACE]`, of the demo by default.

It serves a copy of the workspace (`biolabel serve`), decides on some assertions by keyboard as a curator
would, and writes docs/screenshots/*.png, 1280 pixels wide and in 256 colors.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

OUT = Path(__file__).with_name("screenshots")
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
COMMAND = "from biolabel.cli import main; main()"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
SIZE = ViewportSize(width=1280, height=860)


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    """Serve a copy of a workspace without its decisions, and give the URL."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "demo"
        shutil.copytree(workspace, copy, ignore=shutil.ignore_patterns("curation.sqlite*"))
        command = [sys.executable, "-c", COMMAND, "serve", str(copy), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = map(str.strip, process.stdout)
            try:
                yield next(line for line in lines if line.startswith("http"))
            finally:
                process.kill()


def take(page: Page, name: str) -> None:
    """Write what a page shows as a small PNG."""
    page.wait_for_function("!document.querySelector('.bl-load')")
    page.wait_for_timeout(800)
    picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
    few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(OUT / f"{name}.png", optimize=True)


def switch(page: Page, scheme: str) -> None:
    """Switch between light and dark, and wait until the browser remembers it."""
    page.get_by_role("button", name="Light / dark").click()
    page.wait_for_function(f"document.cookie.includes('biolabel-scheme={scheme}')")
    page.mouse.move(640, 30)


def curate(page: Page, keys: str) -> None:
    """Decide by keys, each on an assertion of its own."""
    for key in keys:
        page.wait_for_selector("#bl-claim[data-id]")
        page.wait_for_function("biolabel.ready()")
        before = page.locator("#bl-claim").get_attribute("data-id")
        page.keyboard.press(key)
        page.wait_for_function(f"document.querySelector('#bl-claim').dataset.id !== '{before}'")
        page.wait_for_function("biolabel.ready()")


def edit(page: Page) -> None:
    """Change a rule, and wait for what it changes."""
    page.wait_for_selector(".cm-content")
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(
        "\nrule soon_after for cid\n  votes: causes\nwhen: same sentence and distance <= 6 words\n"
    )
    page.locator(".bl-change", has_text="soon_after").wait_for()


def pictures(page: Page, url: str) -> None:
    """Take all pictures."""
    base = url.partition("?")[0].rstrip("/")
    page.goto(url)
    page.wait_for_selector("main h1")
    page.goto(f"{base}/curate")
    curate(page, "aaraw")
    take(page, "curate")
    switch(page, "dark")
    take(page, "curate-dark")
    switch(page, "light")
    page.goto(base)
    take(page, "overview")
    page.goto(f"{base}/rules")
    take(page, "rules")
    page.goto(f"{base}/documents")
    page.wait_for_selector("table tbody a")
    page.locator("table tbody a").nth(4).click()
    page.wait_for_selector("article.bl-text")
    take(page, "document")
    page.goto(f"{base}/editor?file=relations.rules")
    edit(page)
    take(page, "editor")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_selector("input[name=secret]")
    take(page, "login")


def main() -> None:
    """Take the pictures of the workspace that is named, that of the demo by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, nargs="?", default=Path("workspace") / "demo")
    workspace = parser.parse_args().workspace
    OUT.mkdir(exist_ok=True)
    with serving(workspace) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.set_default_timeout(120_000)
        pictures(page, url)
        browser.close()


if __name__ == "__main__":
    main()
