"""Overview, rules, editor and documents in a real browser."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Served


def ready(page: "Page", address: str) -> None:
    """Open a page and wait until nothing is loading."""
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_function("!document.querySelector('.bl-load')")


def test_the_overview_leads_to_the_other_pages(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Which chemical")
    assert page.get_by_role("img", name="calibration of cid").is_visible()
    page.get_by_role("link", name="Rules", exact=True).click()
    page.wait_for_selector("h1:has-text('Rules')")
    page.get_by_role("link", name="said_to_cause").first.wait_for()


def test_rules_are_filtered_and_sorted(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/rules?task=cid")
    table = page.locator(".bl-rules tbody tr")
    assert table.count() == 5
    page.get_by_label("Filter rules").fill("after")
    page.wait_for_function("document.querySelectorAll('.bl-rules tbody tr').length === 1")
    page.get_by_role("link", name="came_after").first.click()
    page.wait_for_selector("h1:has-text('came_after')")
    page.get_by_text("Hits").wait_for()
    page.locator("mark.m").first.wait_for()


def test_a_rule_explains_itself(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/rule?name=said_to_cause")
    page.get_by_label("or a text with marks").fill("{chemical: Lithium} caused {disease: tremor}")
    page.get_by_role("button", name="Explain").click()
    page.get_by_text("rule said_to_cause: votes causes").wait_for()
    page.get_by_label("or a text with marks").fill("{nobody: Lithium} caused it")
    page.get_by_role("button", name="Explain").click()
    page.get_by_text("BL921").wait_for()


def test_an_edit_shows_mistakes_and_the_change_in_votes(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/editor")
    page.get_by_text("Edit a rule to see what it changes in 12 documents").wait_for()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nrule everywhere for cid\n  votes: nono\nwhen: same sentence")
    page.get_by_text("did you mean `none`?").wait_for()
    page.locator(".bl-f-error").first.wait_for()
    page.locator(".cm-line", has_text="nono").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("e")
    change = page.locator(".bl-change", has_text="everywhere")
    change.wait_for()
    assert "+" in change.inner_text()
    page.keyboard.press("Control+s")
    page.get_by_text("Saved tiny.rules").wait_for()
    page.get_by_text("passed").first.wait_for()
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    assert (
        "votes: none" in (served.task / "rules" / "tiny.rules").read_text().split("everywhere")[1]
    )


def test_a_document_shows_mentions_votes_and_systems(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/documents")
    page.get_by_label("Search in texts").fill("lithium")
    page.wait_for_function("document.querySelectorAll('table tbody tr').length < 12")
    page.locator("table tbody a").first.click()
    page.wait_for_selector("h1:has-text('Document')")
    page.locator("mark.m").first.wait_for()
    page.locator("mark.bl-tip").first.focus()
    assert page.locator("mark.bl-tip .tip").first.is_visible()
    for system in ("label model", "end model", "fused"):
        page.get_by_role("cell", name=system).first.wait_for()
    page.get_by_role("button", name="Why").first.click()
    page.get_by_text("log odds of").first.wait_for()
    page.get_by_role("button", name="Show in text").first.click()
    page.locator("mark.on").first.wait_for()


def test_dark_mode_is_remembered(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/documents")
    page.get_by_role("button", name="Light / dark").click()
    page.wait_for_selector("body.body--dark")
    page.wait_for_function("document.cookie.includes('biolabel-scheme=dark')")
    ready(page, f"{served.base}/rules")
    page.wait_for_selector("body.body--dark")


@pytest.mark.parametrize("place", ["/", "/rules", "/editor", "/documents"])
def test_pages_are_usable_on_a_tablet_and_with_the_keyboard(
    page: "Page", served: "Served", place: str
) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    ready(page, f"{served.base}{place}")
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    assert not wide
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator("main h1").count() == 1
    assert page.locator("nav [aria-current=page]").count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, a')].filter(e => e.offsetParent &&"
        " !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)"
    )
    assert unnamed == []
