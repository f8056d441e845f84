"""The frame of every page: links, the color scheme, who is logged in, and the main part."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from markupsafe import Markup
from nicegui import ui

from biolabel.web.access.asking import person_of
from biolabel.web.access.people import Person
from biolabel.web.pages.parts import button, html

_THEME = Path(__file__).with_name("theme.css")
LINKS = (
    ("/", "Overview"),
    ("/rules", "Rules"),
    ("/editor", "Editor"),
    ("/documents", "Documents"),
    ("/curate", "Curate"),
)
"""The pages, in the order in which a newcomer reads them."""
SCHEME = "biolabel-scheme"
"""The cookie that remembers light or dark; without it the system's choice holds."""


@contextmanager
def frame(title: str, here: str) -> Iterator[Person]:
    """Open a page for whoever asks for it; here: the link that it belongs to."""
    person = person_of(ui.context.client.request)
    ui.add_css(_THEME.read_text(encoding="utf-8"))
    ui.page_title(f"{title} · biolabel")
    html(Markup("<a class='bl-skip' href='#main'>Skip to the content</a>"))
    with ui.element("header").classes("bl-top"), ui.element("div"):
        html(_links(here)).style("display: contents")
        _scheme()
        html(_who(person))
        _log_out()
    with ui.element("main").classes("bl-main").props("id=main tabindex=-1"):
        yield person


def _links(here: str) -> Markup:
    links = Markup("").join(
        Markup("<a href='{}'{}>{}</a>").format(
            path, Markup(" aria-current='page'") if path == here else "", name
        )
        for path, name in LINKS
    )
    return Markup(
        "<a class='bl-brand' href='/'>biolabel</a><nav class='bl-nav' aria-label='pages'>{}</nav>"
    ).format(links)


def _scheme() -> None:
    """Put the switch between light and dark, which a cookie remembers."""
    chosen = ui.context.client.request.cookies.get(SCHEME)
    mode = ui.dark_mode({"dark": True, "light": False}.get(chosen or ""))

    async def switch() -> None:
        dark = await ui.run_javascript("document.body.classList.contains('body--dark')")
        mode.value = not dark
        value = "light" if dark else "dark"
        ui.run_javascript(
            f"document.cookie = '{SCHEME}={value}; path=/; max-age=31536000; samesite=strict'"
        )

    button("Light / dark", switch).classes("bl-quiet")


def _who(person: Person) -> Markup:
    return Markup(
        "<span class='bl-muted bl-small bl-nowrap'>{}<span class='bl-role'>, {}</span></span>"
    ).format(person.name, person.role)


def _log_out() -> None:
    """Put the button that ends the session: a form, which works without a script too."""
    with ui.element("form").props("method=post action=/logout"):
        ui.button("Log out", color=None).props("type=submit no-caps unelevated").classes(
            "bl-button bl-quiet"
        )
