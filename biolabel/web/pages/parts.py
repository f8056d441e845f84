"""What pages are built of: cards, figures, tables, and the states of something that is not there yet.

Everything that comes from documents, rules or people is escaped here, by `Markup.format`; the browser
purifies the result once more (`ui.html`).
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from markupsafe import Markup, escape
from nicegui import run, ui
from nicegui.element import Element

from biolabel.errors import BiolabelError
from biolabel.evaluation.pieces import Piece

Value = TypeVar("Value")


def html(text: Markup) -> Element:
    """Put HTML on the page that was escaped where it was made."""
    return ui.html(str(text))


def heading(title: str, about: str = "") -> None:
    """Put the page's only first heading, with a line about it."""
    text = Markup("<p class='bl-muted' style='margin:0'>{}</p>").format(about) if about else ""
    html(Markup("<h1>{}</h1>{}").format(title, text)).classes("bl-head")


def card(title: str = "", about: str = "") -> Element:
    """Return a card, to be used as a context."""
    found = ui.element("section").classes("bl-card")
    with found:
        if title:
            said = Markup("<p class='bl-muted bl-small' style='margin:.2rem 0 0'>{}</p>").format(
                about
            )
            html(Markup("<h2>{}</h2>{}").format(title, said if about else ""))
    return found


def button(text: str, action: Callable[[], object], *, main: bool = False) -> ui.button:
    """Put a button on the page; main: what one mostly comes to the page for."""
    found = ui.button(text, on_click=action, color=None).props("no-caps unelevated")
    return found.classes("bl-button bl-main-button" if main else "bl-button")


def figures(rows: Iterable[tuple[str, str]]) -> Markup:
    """Return names with large numbers."""
    cells = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in rows
    )
    return Markup("<dl class='bl-figures' style='margin:0'>{}</dl>").format(cells)


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], caption: str, numbers: int = 1
) -> Markup:
    """Return a table whose columns from `numbers` on are numbers; cells of `Markup` stay as they are."""

    def cells(tag: str, row: Sequence[object]) -> Markup:
        return Markup("").join(
            Markup("<{0} class='{1}'>{2}</{0}>").format(tag, "n" if at >= numbers else "", cell)
            for at, cell in enumerate(row)
        )

    body = Markup("").join(Markup("<tr>{}</tr>").format(cells("td", row)) for row in rows)
    return Markup(
        "<div class='bl-scroll' tabindex='0' role='region' aria-label='{0}'><table class='bl-table'>"
        "<thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>"
    ).format(caption, cells("th", head), body)


def chip(text: str, kind: str = "") -> Markup:
    """Return a small label; kind: good, bad, warn or nothing."""
    return Markup("<span class='bl-chip {}'>{}</span>").format(kind, text)


def address(path: str, **values: str) -> str:
    """Return the address of a page with its parameters, whatever signs are in them."""
    return f"{path}?{urlencode(values)}"


def share(value: float | None) -> str:
    """Return a share as a percentage with one digit, a dash where it is not known."""
    return "—" if value is None else f"{value:.1%}"


def decimal(value: float | None) -> str:
    """Return a number between 0 and 1 with three digits, a dash where it is not known."""
    return "—" if value is None else f"{value:.3f}"


def context(pieces: Iterable[Piece]) -> Markup:
    """Return a text in pieces, each argument highlighted in a color of its own."""
    pieces = list(pieces)
    names = sorted({piece.name for piece in pieces if piece.name})
    shown = []
    for piece in pieces:
        if piece.name:
            at = names.index(piece.name) % 6 + 1
            shown.append(
                Markup("<mark class='m m{}' title='{}'>{}</mark>").format(
                    at, piece.name, piece.text
                )
            )
        else:
            shown.append(escape(piece.text))
    return Markup("").join(shown)


def empty(title: str, text: str) -> None:
    """Say that there is nothing, and what would bring something."""
    html(Markup("<div class='bl-state'><h2>{}</h2><p>{}</p></div>").format(title, text))


def failure(error: BiolabelError) -> None:
    """Say what went wrong, as the command line does."""
    html(alert(Markup("<b>{}</b> {}").format(error.code, error.message), error.hint))


def notice(text: str, hint: str = "") -> None:
    """Say that an address asks for what there is not, where something else is shown instead."""
    html(alert(text, hint, kind="warn"))


def alert(text: str | Markup, hint: str = "", kind: str = "") -> Markup:
    """Return a message that stands out; kind: warn or good, else it is an error."""
    more = Markup("<br><span class='bl-muted'>{}</span>").format(hint) if hint else ""
    return Markup("<div class='bl-alert {}' role='alert'>{}{}</div>").format(kind, text, more)


def skeleton(lines: int = 5) -> None:
    """Show that something is coming."""
    bars = Markup("<i></i>") * lines
    html(Markup("<div class='bl-load' role='status' aria-label='loading'>{}</div>").format(bars))


def later(make: Callable[[], Value], show: Callable[[Value], None], lines: int = 5) -> Element:
    """Return an element that shows what `make` returns once it is there; it runs in a thread."""
    place = ui.element("div").classes("bl-stack")
    with place:
        skeleton(lines)

    with place:
        ui.timer(0.01, lambda: fill(place, make, show), once=True)
    return place


async def fill(
    place: Element, make: Callable[[], Value], show: Callable[[Value], None], lines: int = 0
) -> None:
    """Have an element show what `make` returns, or why it does not; it runs in a thread.

    lines: of what says meanwhile that something is coming; with 0, what is there stays until then.
    """
    if lines:
        place.clear()
        with place:
            skeleton(lines)
    shown: Callable[[], None]
    try:
        # In a list, because NiceGUI says None when the server ends.
        found = await run.io_bound(lambda: [make()])
    except BiolabelError as error:
        shown = partial(failure, error)
    else:
        shown = partial(show, found[0]) if found else skeleton
    place.clear()
    with place:
        shown()
