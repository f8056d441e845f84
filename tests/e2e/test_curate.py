"""Curating in a real browser: by keyboard, with others, and through reloads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from biolabel.curation.review import Decision
from biolabel.curation.store import FILE, all_decisions, history, open_database
from tests.unit.web.serving import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import Served

Enter = Callable[[str], "Page"]


@pytest.fixture
def enter(browser: "Browser", team: "Served") -> Iterator[Enter]:
    """Return what logs somebody in, each in a browser of their own; a failing script fails the test."""
    contexts, wrong = [], []

    def log_in(name: str) -> "Page":
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.set_default_timeout(60_000)
        page.goto(f"{team.base}/curate")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_selector("h1:has-text('Curate')")
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert wrong == []


def shown(page: "Page") -> str:
    """Return the id of the assertion that is shown and may be decided on."""
    page.wait_for_selector("#bl-claim[data-id]")
    page.wait_for_function("biolabel.ready()")
    return str(page.locator("#bl-claim").get_attribute("data-id"))


def press(page: "Page", key: str) -> str:
    """Decide, or take back, by a key; return the id of the assertion that is shown then."""
    before = shown(page)
    page.keyboard.press(key)
    page.wait_for_function(f"document.querySelector('#bl-claim')?.dataset.id !== '{before}'")
    return shown(page)


def kept(team: "Served", assertion: str) -> tuple[Decision, ...]:
    """Return what the database has about an assertion."""
    with opened(team) as database:
        return history(database, assertion)


@contextmanager
def opened(team: "Served") -> Iterator[object]:
    database = open_database(team.workspace / FILE)
    yield database
    database.close()


def test_twenty_assertions_by_keyboard_and_an_undo(enter: Enter, team: "Served") -> None:
    page = enter("carl")
    said = {
        "a": "accept",
        "r": "reject",
        "m": "wrong mention",
        "w": "wrong relation",
        "u": "unsure",
    }
    wanted = {}
    for key in "arawaurmaraawrauamra":
        assertion = shown(page)
        wanted[assertion] = said[key]
        press(page, key)
    with opened(team) as database:
        made = {each.assertion: each.verdict for each in all_decisions(database, by="carl")}
    assert made == wanted
    assert len(wanted) == 20
    last = assertion
    assert press(page, "z") == last
    page.get_by_text("(taken back)").wait_for()
    assert [each.kind for each in kept(team, last)] == ["decision", "undo"]
    assert "19 of 60 decided" in page.locator("#bl-progress").inner_text()
