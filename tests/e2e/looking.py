"""Waiting in a browser for what a test is about, so that a slow machine changes nothing."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PATIENCE = 10.0
"""Seconds until a page is laid out as it stays."""


def ready(page: "Page", address: str = "") -> None:
    """Open a page, if an address is given, and wait until it is connected and nothing is loading.

    A page that is left before, or is typed into, may lose what was on its way.
    """
    if address:
        page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_function("window.socket?.connected && !document.querySelector('.bl-load')")


def finds_nothing(page: "Page", script: str) -> None:
    """Wait until a script's list is empty: fields are there before they are laid out."""
    end = time.monotonic() + _PATIENCE
    while (found := page.evaluate(script)) and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert found == []
