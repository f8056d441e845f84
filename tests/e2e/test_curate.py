"""Curating in a real browser: by keyboard, with others, and through reloads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from biolabel.curation.store import FILE, Database, all_decisions, history, open_database
from tests.e2e.looking import finds_nothing, ready
from tests.unit.web.planted import HOSTILE
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
        ready(page)
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


@contextmanager
def opened(team: "Served") -> Iterator[Database]:
    """Give the database beside the server."""
    database = open_database(team.workspace / FILE)
    yield database
    database.close()


def kept(team: "Served", assertion: str) -> list[tuple[str, str | None]]:
    """Return who decided what about an assertion, oldest first."""
    with opened(team) as database:
        return [(each.by, each.verdict) for each in history(database, assertion)]


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
    assert len(wanted) == 20
    with opened(team) as database:
        made = {each.assertion: each.verdict for each in all_decisions(database, by="carl")}
    assert {each: made[each] for each in wanted} == wanted
    assert press(page, "z") == assertion
    page.locator("#bl-claim .bl-history li", has_text="(taken back)").wait_for()
    assert kept(team, assertion) == [("carl", "accept"), ("carl", None)]
    press(page, "j")
    assert press(page, "k") == assertion


def test_logging_in_and_out(enter: Enter, team: "Served") -> None:
    page = enter("vera")
    assert "vera, viewer" in page.locator("header").inner_text()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login**")
    page.goto(f"{team.base}/curate")
    page.get_by_label("Name").fill("vera")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()


def test_a_viewer_sees_everything_and_decides_nothing(enter: Enter, team: "Served") -> None:
    page = enter("vera")
    assertion = shown(page)
    assert page.locator("[data-verdict]").count() == 0
    page.keyboard.press("a")
    said = page.locator("#bl-said")
    said.get_by_text("only curators decide").wait_for()
    forged = {"key": "forged", "assertion": assertion, "verdict": "accept"}
    page.evaluate("forged => emitEvent('curate-decide', forged)", forged)
    said.get_by_text("BL971").wait_for()
    assert all(by != "vera" for by, _ in kept(team, assertion))


def test_what_another_decides_shows_up_and_a_dispute_is_settled(
    enter: Enter, team: "Served"
) -> None:
    carl, ada = enter("carl"), enter("ada")
    assertion = shown(carl)
    assert shown(ada) == assertion
    before = kept(team, assertion)
    press(ada, "a")
    carl.locator("#bl-said", has_text="ada decided on this: accept").wait_for()
    carl.locator("#bl-claim .bl-history li", has_text="ada accept").wait_for()
    assert shown(carl) == assertion
    press(carl, "r")
    ada.goto(f"{team.base}/curate?id={assertion}&state=disputed")
    shown(ada)
    ada.locator("#bl-claim .bl-chip", has_text="≠ disputed").wait_for()
    ada.keyboard.press("s")
    ada.keyboard.press("a")
    ada.locator("#bl-claim .bl-history li", has_text="settles: accept").wait_for()
    assert kept(team, assertion) == [
        *before,
        ("ada", "accept"),
        ("carl", "reject"),
        ("ada", "accept"),
    ]


def test_a_reload_in_the_middle_of_a_decision_loses_nothing(enter: Enter, team: "Served") -> None:
    page = enter("carl")
    assertion = press(page, "j")
    page.keyboard.press("c")
    page.keyboard.type(HOSTILE)
    page.reload()
    assert shown(page) == assertion
    page.wait_for_function("document.querySelector('#bl-comment').value.includes('<script>')")
    page.evaluate("window.emitEvent = () => undefined")  # the verdict does not reach the server
    page.keyboard.press("w")
    page.wait_for_function("Object.keys(localStorage).some(key => key.includes('unsent'))")
    assert kept(team, assertion) == []
    page.reload()
    page.locator("#bl-said", has_text="Saved: wrong relation").wait_for()
    page.wait_for_function(f"document.querySelector('#bl-claim').dataset.id !== '{assertion}'")
    press(page, "k")
    page.locator("#bl-claim .bl-history li", has_text=HOSTILE).wait_for()
    assert kept(team, assertion) == [("carl", "wrong relation")]
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_verdict_on_one_sentence_leaves_the_assertion_open(enter: Enter, team: "Served") -> None:
    page = enter("carl")
    page.goto(f"{team.base}/curate?order=documents")
    assertion = shown(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator("#bl-about", has_text="sentence 2").wait_for()
    page.keyboard.press("r")
    page.locator("#bl-claim .bl-history", has_text="reject on sentence 2").wait_for()
    assert shown(page) == assertion
    with opened(team) as database:
        (made,) = history(database, assertion)
    assert made.evidence is not None
    page.locator("#bl-claim .bl-chip", has_text="undecided").wait_for()


def test_the_queue_is_filtered_searched_and_says_when_it_is_empty(
    enter: Enter, team: "Served"
) -> None:
    page = enter("vera")
    page.goto(f"{team.base}/curate?state=any&concept=MESH:C000003")
    shown(page)
    page.wait_for_function("document.querySelectorAll('.bl-queue a').length === 5")
    page.keyboard.press("/")
    page.keyboard.type("finding 16")
    page.wait_for_function("document.querySelectorAll('.bl-queue a').length === 1")
    page.locator("#bl-claim h2 mark.m2", has_text="finding 16").wait_for()
    page.wait_for_function(
        "location.search.endsWith('text=finding+16') || "
        "location.search.includes('text=finding+16&')"
    )
    page.keyboard.type("0")
    page.get_by_role("heading", name="Nothing to decide here").wait_for()
    page.goto(f"{team.base}/curate?rule=by_its_old_name&order=documents&journal=Nobody%27s")
    page.get_by_role("heading", name="Nothing to decide here").wait_for()
    for gone in ("rule called by_its_old_name", "journal called Nobody's"):
        page.get_by_role("alert").get_by_text(f"The last run has no {gone}.").wait_for()
    page.goto(f"{team.base}/curate?order=beauty")
    page.get_by_role("alert").get_by_text("BL962").wait_for()


def test_an_assertion_that_there_is_not_is_named(enter: Enter, team: "Served") -> None:
    page = enter("carl")
    first = shown(page)
    for wrong in ("0123456789abcdef", "<b>no id</b>"):
        page.goto(f"{team.base}/curate?{urlencode({'id': wrong})}")
        notice = page.locator("[role=alert]", has_text=wrong)
        notice.wait_for()
        assert "BL958" in notice.inner_text()
        # Nothing is shown that one could take for what one asked for, and the queue is at hand.
        assert page.locator("#bl-claim").count() == 0
        assert not page.locator("#bl-verdicts").is_visible()
        page.locator(f".bl-queue a[data-go='{first}']").click()
        assert shown(page) == first
        assert page.locator("#bl-verdicts").is_visible()
        assert notice.count() == 0


def test_it_is_usable_on_a_tablet_and_keys_are_explained(enter: Enter) -> None:
    page = enter("ada")
    page.set_viewport_size({"width": 820, "height": 1180})
    shown(page)
    finds_nothing(
        page,
        "[...document.querySelectorAll('main *, header *')].filter("
        "e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))",
    )
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    finds_nothing(
        page,
        "[...document.querySelectorAll('button, input, a, textarea')].filter(e => e.offsetParent &&"
        " !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)",
    )
    page.keyboard.press("?")
    page.locator("#bl-help", has_text="take my last decision back").wait_for()
    page.keyboard.press("Escape")
    page.locator("#bl-help").wait_for(state="hidden")
