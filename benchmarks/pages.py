"""How soon each page of the web application can be used: 100,000 assertions, 500 rules, a real browser.

`python benchmarks/pages.py` adds rules to those of tasks/demo until there are 500, runs them (with one
epoch of the end model, which changes nothing here), loads made-up assertions in place of the run's own
and opens each page in Chromium. A page can be used once it is connected to the server and shows what
it loads; that of a rule once it shows the rule, the editor once one can write: what they find out
meanwhile in rules and corpus is timed beside that. Times are those that a user waits, so other programs
on the machine make them longer: the first visit after the server started, and the median of later ones.
`--keep FOLDER` keeps the run there, and finds it there again.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from frame import ROOT, Row, write
from playwright.sync_api import Page, sync_playwright
from server import N, planted

from biolabel.curation.store import FILE, load, open_database
from biolabel.workflow.bench import Bench
from biolabel.workflow.job import Job
from biolabel.workflow.results import open_results
from biolabel.workflow.run import run
from biolabel.workflow.settings import load_task

RULES, VISITS, USABLE = 500, 5, 2.0
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
COMMAND = "from biolabel.cli import main; main()"
CUES = ("after", "with", "during", "following", "of", "in", "and", "while")
MORE = """
rule rule_{number} for cid
  votes: {label}
  when: sentence has {{chemical}} ..{gap} ("{cue}" | "{word}") ..{other} {{disease}}
"""
AT_ONCE = ("one rule", "rule editor")
CONNECTED = "window.socket?.connected"
LOADED = "!document.querySelector('.bl-load')"


def task_with_rules(folder: Path) -> None:
    """Copy the demo's task, with relation rules that differ in their words and distances."""
    shutil.copytree(ROOT / "tasks" / "demo", folder)
    files = sorted((folder / "rules").glob("*.rules"))
    there = sum(path.read_text("utf-8").count("\nrule ") for path in files)
    more = (
        MORE.format(
            number=i,
            label="none" if i % 3 else "causes",
            gap=i % 7,
            other=i // 7 % 7,
            cue=CUES[i // 49 % len(CUES)],
            word=f"cue{i}",
        )
        for i in range(RULES - there)
    )
    with (folder / "rules" / "relations.rules").open("a", encoding="utf-8") as file:
        file.writelines(more)
    with (folder / "task.toml").open("a", encoding="utf-8") as file:
        file.write("\n[end_model]\nepochs = 1\nupdates = 0\n")


def prepared(folder: Path) -> Path:
    """Return a workspace with a run of 500 rules, and a database of 100,000 assertions."""
    workspace = folder / "workspace"
    if (workspace / FILE).is_file():
        return workspace
    task_with_rules(folder / "task")
    task = load_task(folder / "task")
    corpus, dev = task.documents("corpus"), task.documents("dev")
    if corpus is None or dev is None:
        raise SystemExit("tasks/demo names no documents")
    run(Bench(Job(task, workspace, {"corpus": corpus, "dev": dev})))
    database = open_database(workspace / FILE)
    load(database, "cid", list(planted(N)), open_results(workspace).assertions.name)
    database.close()
    return workspace


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    """Serve a workspace, and give the URL with its token."""
    command = [sys.executable, "-c", COMMAND, "serve", str(workspace), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = map(str.strip, process.stdout or ())
            yield next(line for line in lines if line.startswith("http"))
        finally:
            process.kill()


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that somebody waits for something."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def visit(page: Page, address: str, needed: str, *, whole: bool = True) -> None:
    """Open a page, and wait until it shows what is needed, and all that it loads if `whole`."""
    page.goto(address)
    page.wait_for_selector(needed)
    page.wait_for_function(f"{CONNECTED} && {LOADED}" if whole else CONNECTED)


def decide(page: Page) -> None:
    """Accept an assertion, and wait for the next one."""
    before = page.locator("#bl-claim").get_attribute("data-id")
    page.keyboard.press("a")
    page.wait_for_function(f"document.querySelector('#bl-claim').dataset.id !== '{before}'")
    page.wait_for_function("biolabel.ready()")


def looked_at(page: Page, base: str) -> Iterator[Row]:
    """Yield how long each page takes, and what is done most often on it."""
    name = open_results_document(page, base)
    pages = {
        "overview": ("/", "main h1"),
        "rules": ("/rules", "table tbody a"),
        "one rule": ("/rule?name=rule_7", "main .bl-pre"),
        "one rule with its sample": ("/rule?name=rule_7", "main .bl-sample"),
        "rule editor": ("/editor?file=relations.rules", ".cm-content"),
        "rule editor with its findings": ("/editor?file=relations.rules", ".cm-content"),
        "documents": ("/documents", "table tbody a"),
        "one document": (name, "article.bl-text"),
        "curate": ("/curate", "#bl-claim[data-id]"),
        "curate, what one rule found": ("/curate?rule=rule_7", "#bl-claim[data-id]"),
    }
    for title, (path, needed) in pages.items():
        act = partial(visit, page, base + path, needed, whole=title not in AT_ONCE)
        first, *later = (timed(act) for _ in range(VISITS))
        yield Row(f"{title}: first visit", first, USABLE, "s", first <= USABLE)
        again = median(later)
        yield Row(f"{title}: later visits", again, USABLE, "s", again <= USABLE)
    page.wait_for_function("biolabel.ready()")
    took = median(timed(partial(decide, page)) for _ in range(20))
    yield Row("from a key that decides to the next assertion", took, USABLE, "s", took <= USABLE)


def open_results_document(page: Page, base: str) -> str:
    """Return the address of a document."""
    visit(page, f"{base}/documents", "table tbody a")
    return page.locator("table tbody a").nth(4).get_attribute("href") or ""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    kept = parser.parse_args().keep
    with tempfile.TemporaryDirectory() as temporary:
        workspace = prepared(kept or Path(temporary))
        with serving(workspace) as url, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.set_default_timeout(120_000)
            visit(page, url, "main h1")
            rows = list(looked_at(page, url.partition("?")[0].rstrip("/")))
            browser.close()
    write("pages", rows)


if __name__ == "__main__":
    main()
