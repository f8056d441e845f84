"""The list of documents, searched by id and text."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup
from nicegui import ui

from biolabel.lang.nearest import did_you_mean
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import (
    address,
    button,
    empty,
    fill,
    heading,
    html,
    later,
    notice,
    table,
)
from biolabel.web.pages.site import Site
from biolabel.web.service.documents import Entry, Listed, documents
from biolabel.workflow.job import Which

_MOST = 50
"""Documents on one page of the list."""


def documents_page(site: Site, part: str) -> None:
    """Build the page; part: corpus or dev."""
    with frame("Documents", "/documents"):
        heading("Documents", "Texts with what rules and models say of them.")
        parts: Sequence[Which] = list(site.results.parts)
        chosen: Which = "dev" if part == "dev" and "dev" in parts else "corpus"
        if part not in ("", chosen):
            notice(
                f"The run has no part called {part}; this is the corpus.", did_you_mean(part, parts)
            )
        later(lambda: documents(site.results, chosen), lambda found: _show(site, chosen, found), 10)


def _show(site: Site, part: Which, first: Listed) -> None:
    options = {
        name: f"{name}, {len(found.corpus.ids):,}" for name, found in site.results.parts.items()
    }
    with ui.element("div").classes("bl-row"):
        wanted = ui.input("Search in texts").props("outlined dense clearable debounce=300")
        wanted.style("min-width: 18rem")
        ui.select(options, value=part, label="Part").props("outlined dense").on_value_change(
            lambda event: ui.navigate.to(f"/documents?part={event.value}")
        )
    place = ui.element("div").classes("bl-stack").props("aria-live=polite")

    async def search(at: int = 0) -> None:
        text = (wanted.value or "").strip()
        look = partial(documents, site.results, part, text, at, _MOST)
        await fill(place, look, lambda found: show(found, at))

    def show(found: Listed, at: int) -> None:
        _list(found, at)
        with ui.element("div").classes("bl-row"):
            if at:
                button("Earlier", lambda: search(max(0, at - _MOST)))
            if at + _MOST < found.total:
                button("Later", lambda: search(at + _MOST))

    async def searched() -> None:
        await search()

    wanted.on_value_change(searched)
    with place:
        show(first, 0)


def _list(found: Listed, at: int) -> None:
    if not found.total:
        empty("Nothing found", "No document has this in its id or text.")
        return
    last = at + len(found.entries)
    html(
        Markup("<p class='bl-muted bl-small' role='status'>{:,} to {:,} of {:,}</p>").format(
            at + 1, last, found.total
        )
    )
    head = ("document", "title", "mentions", "relations")
    html(table(head, map(_row, found.entries), "documents", numbers=2)).classes("bl-card")


def _row(entry: Entry) -> Sequence[object]:
    place = address("/document", part=entry.part, id=entry.id)
    link = Markup("<a class='bl-nowrap' href='{}'>{}</a>").format(place, entry.id)
    return link, entry.title, f"{entry.mentions:,}", f"{entry.relations:,}"
