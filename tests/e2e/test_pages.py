"""Overview, rules, editor and documents in a real browser."""

import re
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.looking import finds_nothing, ready

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.e2e.conftest import Served


PATIENCE = 60.0
"""Seconds to wait for an answer."""


def test_the_overview_leads_to_the_other_pages(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Which chemical")
    page.get_by_role("img", name="calibration of cid").wait_for()
    page.get_by_role("link", name="Rules", exact=True).click()
    page.wait_for_selector("h1:has-text('Rules')")
    page.get_by_role("link", name="said_to_cause").first.wait_for()


def test_rules_are_filtered_and_sorted(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/rules?task=cid")
    page.wait_for_function("document.querySelectorAll('.bl-rules tbody tr').length === 5")
    page.get_by_label("Filter rules").fill("after")
    page.wait_for_function("document.querySelectorAll('.bl-rules tbody tr').length === 1")
    page.locator(".bl-rules").get_by_role("link", name="came_after").click()
    page.wait_for_selector("h1:has-text('came_after')")
    page.get_by_role("heading", name="Hits").wait_for()
    page.locator("mark.m").first.wait_for()


def test_a_rule_explains_itself(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/rule?name=said_to_cause")
    page.get_by_label("or a text with marks").fill("{chemical: Lithium} caused {disease: tremor}")
    page.get_by_role("button", name="Explain").click()
    page.get_by_role("alert").get_by_text("rule said_to_cause: votes causes").wait_for()
    page.get_by_label("or a text with marks").fill("{nobody: Lithium} caused it")
    page.get_by_role("button", name="Explain").click()
    page.get_by_role("alert").get_by_text("BL921").wait_for()


def test_an_edit_shows_mistakes_and_the_change_in_votes(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/editor")
    page.get_by_text("Edit a rule to see what it changes in 12 documents").wait_for()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nrule everywhere for cid\n  votes: nono\nwhen: same sentence")
    page.get_by_text("did you mean `none`?").first.wait_for()
    page.locator(".bl-f-error").first.wait_for()
    page.locator(".cm-line", has_text="nono").click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("e")
    page.locator(".bl-change", has_text="everywhere").filter(has_text="+").wait_for()
    page.keyboard.press("Control+s")
    page.get_by_role("alert").get_by_text("Saved tiny.rules").wait_for()
    page.get_by_text("passed").first.wait_for()
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    assert (
        "votes: none" in (served.task / "rules" / "tiny.rules").read_text().split("everywhere")[1]
    )


def test_what_is_typed_while_an_answer_is_on_its_way_stays(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/editor")
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    page.evaluate("""() => {
        const emit = window.socket.emit.bind(window.socket);
        window.socket.emit = (...sent) => setTimeout(() => emit(...sent), 500);
    }""")  # a slow line: the answer to one key comes after the next key
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    for key in "# ab":
        page.keyboard.type(key)
        page.wait_for_timeout(350)
    page.locator(".t-c", has_text="# ab").wait_for()


def test_a_rule_file_is_made_and_deleted(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/editor")
    page.get_by_role("button", name="New file").click()
    page.get_by_label("Name").fill("../out.rules")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("cannot be the name of a new rule file").wait_for()
    page.get_by_label("Name").fill("more.rules")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/editor?file=more.rules")
    page.locator(".cm-content", has_text="biolabel 1").wait_for()
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    assert (served.task / "rules" / "more.rules").is_file()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_label("Text of tiny.rules").wait_for()
    page.get_by_text("Edit a rule to see what it changes").wait_for()
    assert [path.name for path in (served.task / "rules").iterdir()] == ["tiny.rules"]
    # A link to what is gone does not open another file instead.
    page.goto(f"{served.base}/editor?file=more.rules")
    page.get_by_role("alert").get_by_text("no rule file called more.rules").wait_for()


def test_a_document_shows_mentions_votes_and_systems(page: "Page", served: "Served") -> None:
    ready(page, f"{served.base}/documents")
    page.get_by_label("Search in texts").fill("lithium")
    page.wait_for_function(
        "[1, 2, 3, 4, 5, 6].includes(document.querySelectorAll('table tbody tr').length)"
    )
    page.locator("table tbody a").first.click()
    page.wait_for_selector("h1:has-text('Document')")
    page.locator("mark.m").first.wait_for()
    page.locator("mark.bl-tip").first.focus()
    page.locator("mark.bl-tip .tip").first.wait_for()
    for system in ("label model", "end model", "fused"):
        page.get_by_role("cell", name=system).first.wait_for()
    page.get_by_role("button", name="Why").first.click()
    page.get_by_text("log odds of").first.wait_for()
    page.get_by_role("button", name="Show in text").first.click()
    page.locator("mark.on").first.wait_for()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/rules?task=cidd", "The run has no task called cidd; these are all rules."),
        ("/rule?name=said_to_caus", "the run had no rule called `said_to_caus`"),
        ("/editor?rule=by_its_old_name", "tiny.rules has no rule called by_its_old_name"),
        ("/editor?file=tinny.rules", "has no rule file called tinny.rules"),
        ("/documents?part=<i>dev", "The run has no part called <i>dev; this is the corpus."),
        ("/document?id=nobody", "there is no document nobody"),
        ("/document?part=test&id=nobody", "the run had no documents called test"),
    ],
)
def test_what_an_address_asks_for_in_vain_is_named(
    page: "Page", served: "Served", address: str, says: str
) -> None:
    page.goto(f"{served.base}{address}")
    page.get_by_role("alert").get_by_text(says).wait_for()


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
    finds_nothing(
        page,
        "[document.documentElement.scrollWidth].filter(width => width > window.innerWidth + 1)",
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator("main h1").count() == 1
    assert page.locator("nav [aria-current=page]").count() == 1
    finds_nothing(
        page,
        "[...document.querySelectorAll('button, input, a')].filter(e => e.offsetParent &&"
        " !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)",
    )


def test_whoever_leaves_a_page_that_loads_is_no_mistake(served: "Served") -> None:
    place = urlsplit(served.url)
    asking = {"Accept": "text/html"}
    with httpx.Client(base_url=served.base, headers=asking, timeout=PATIENCE) as client:
        client.get(f"/?{place.query}")
        files = set(re.findall(r"/_nicegui/[\w./-]+\.(?:js|css)", client.get("/rules").text))
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert len(files) > 5
    for path in ["/", "/rules", "/curate", *sorted(files)] * 2:
        with socket.create_connection((place.hostname, place.port)) as leaving:
            # Closed with a reset, as by a browser that goes on to another page.
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            lines = f"GET {path} HTTP/1.1", f"Host: {place.netloc}", f"Cookie: {cookies}"
            leaving.sendall("\r\n".join([*lines, "", ""]).encode())
    # The server answers others, and its fixture finds no traceback in what it wrote.
    assert httpx.get(f"{served.base}/api/health", timeout=PATIENCE).status_code == 200
