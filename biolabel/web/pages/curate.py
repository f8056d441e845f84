"""The page for curating: the queue, one assertion with its evidence, and verdicts by keyboard."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import get_args

from markupsafe import Markup
from nicegui import ui
from starlette.datastructures import QueryParams

from biolabel.curation.known import Status
from biolabel.curation.queue import ORDERS
from biolabel.curation.review import State
from biolabel.errors import BiolabelError
from biolabel.lang.nearest import did_you_mean
from biolabel.web.access.people import Person
from biolabel.web.api.sent import QueueQuery
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import card, failure, html, later, notice
from biolabel.web.pages.sitting import Places, Sitting
from biolabel.web.service.curating import Choices, Desk, Stretch, asked_of, choices, stretch

_SCRIPT = Path(__file__).with_name("curate.js")
_STYLE = Path(__file__).with_name("curate.css")
_POLL = 2.0
"""Seconds after which one asks what others decided."""
_VERDICTS = (
    ("accept", "a", "Accept", "yes"),
    ("reject", "r", "Reject", "no"),
    ("wrong mention", "m", "Wrong mention", "no"),
    ("wrong relation", "w", "Wrong relation", "no"),
    ("unsure", "u", "Unsure", ""),
)
_KEYS = (
    ("a", "accept: the literature says so"),
    ("r", "reject"),
    ("m", "wrong mention: a name is not what it was taken for"),
    ("w", "wrong relation: both names are right, what links them is not"),
    ("u", "unsure: leave it to others"),
    ("z", "take my last decision back"),
    ("c", "write a comment, which goes with the next verdict; Enter or Escape leaves it"),
    ("j ↓ k ↑", "next and previous assertion"),
    ("→ ←", "choose a sentence: verdicts are about it alone then; Escape returns to the assertion"),
    ("s", "settle a dispute, where you may"),
    ("/", "search"),
    ("?", "this help"),
)


def curate_page(desk: Desk, given: QueryParams) -> None:
    """Build the page; given: the parameters of the address, those of GET /api/assertions, and `id`."""
    with frame("Curate", "/curate") as person:
        ui.add_css(_STYLE.read_text(encoding="utf-8"))
        ui.add_body_html(f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>")
        with ui.element("div").classes("bl-over"):
            html(Markup("<h1>Curate</h1>"))
            line = ui.html("")
        try:
            asked = _asked(given)
        except BiolabelError as error:
            failure(error)
            return
        later(
            lambda: (stretch(desk, asked), choices(desk)),
            lambda found: _show(desk, person, asked, line, *found, given.get("id", "")),
            12,
        )


def _asked(given: QueryParams) -> QueueQuery:
    """Return the queue that an address asks for, without a state of what nobody has decided yet."""
    lists = {name: given.getlist(name) for name in ("state", "status", "concept") if name in given}
    values = {name: value for name, value in given.items() if value and name != "id"}
    states = [state for state in lists.get("state", ["undecided"]) if state != "any"]
    return asked_of({**values, **lists, "state": states})


def _show(
    desk: Desk,
    person: Person,
    asked: QueueQuery,
    line: ui.html,
    found: Stretch,
    offered: Choices,
    wanted: str,
) -> None:
    for text, hint in _lacking(asked, offered):
        notice(text, hint)
    with ui.element("div").classes("bl-desk"):
        with card().classes("bl-side"):
            tools = ui.element("div").classes("bl-stack")
            waiting = ui.html("").style("overflow: auto")
        with ui.element("div"):
            shown = card()
            verdicts = html(_verdicts(person)).classes("bl-below")
    places = Places(line, waiting, shown, verdicts)
    sitting = Sitting(desk, person, places, asked, found)
    with tools:
        _filters(sitting, offered)
    ui.on("curate-decide", sitting.decide)
    ui.on("curate-undo", sitting.undo)
    ui.on("curate-go", sitting.go)
    ui.timer(0, partial(sitting.start, wanted), once=True)
    ui.timer(_POLL, sitting.hear)


def _lacking(asked: QueueQuery, offered: Choices) -> Iterator[tuple[str, str]]:
    """Yield what an address asks for and the last run does not have, such as a rule by its old name."""
    for name, value, known in (
        ("task", asked.task, offered.tasks),
        ("rule", asked.rule, offered.rules),
        ("journal", asked.journal, offered.journals),
    ):
        if value and value not in known:
            yield f"The last run has no {name} called {value}.", did_you_mean(value, known)


def _filters(sitting: Sitting, offered: Choices) -> None:
    asked = sitting.asked

    def text(name: str, label: str, *, number: bool = False) -> ui.input:
        value = getattr(asked, name)
        shown = ui.input(label, value="" if value is None else str(value))
        shown.props(f"outlined dense clearable debounce=400{' type=number' if number else ''}")
        shown.on_value_change(lambda event: sitting.refine(**{name: event.value or None}))
        return shown

    def select(name: str, label: str, options: list[str], *, several: bool = False) -> None:
        value = getattr(asked, name)
        # What the last run does not have stays a choice, so that one sees what is asked for.
        gone = [each for each in (value if several else [value]) if each and each not in options]
        shown = ui.select([*gone, *options], value=value or ([] if several else None), label=label,
                          multiple=several, clearable=not several and name != "order",
                          with_input=len(options) > 10)  # fmt: skip
        shown.props("outlined dense")
        shown.on_value_change(lambda event: sitting.refine(**{name: event.value}))

    text("text", "Search names").classes("bl-search")
    select("order", "Order: largest first", list(ORDERS))
    with ui.expansion("Filters").props("dense"), ui.element("div").classes("bl-stack"):
        if len(offered.tasks) > 1:
            select("task", "Task", list(offered.tasks))
        select("state", "State", list(get_args(State)), several=True)
        select("status", "Knowledge bases", list(get_args(Status)), several=True)
        concept = ui.input("Concept and all below it", value=" ".join(asked.concept))
        concept.props("outlined dense clearable debounce=400")
        concept.on_value_change(lambda event: sitting.refine(concept=(event.value or "").split()))
        select("rule", "Rule", list(offered.rules))
        if offered.journals:
            select("journal", "Journal", list(offered.journals))
        text("year_from", "Year from", number=True)
        text("year_to", "Year to", number=True)
        text("min_probability", "Probability from", number=True)


def _verdicts(person: Person) -> Markup:
    """Return what one decides with; for somebody who may only look, a word about that."""
    keys = Markup("").join(
        Markup("<dt><kbd>{}</kbd></dt><dd>{}</dd>").format(key, about) for key, about in _KEYS
    )
    help_ = Markup(
        "<dialog id='bl-help' aria-label='keys'><h2>Keys</h2><dl>{}</dl>"
        "<button data-does='help'>Close</button></dialog>"
    ).format(keys)
    if not person.may("curator"):
        return Markup(
            "<div id='bl-verdicts'><p style='margin:0'>You are logged in as {}, a {}: you may look, "
            "but only curators decide.</p><p id='bl-said' role='status'></p></div>{}"
        ).format(person.name, person.role, help_)
    buttons = Markup("").join(
        Markup("<button data-verdict='{}' class='{}'><kbd>{}</kbd>{}</button>").format(
            verdict, kind, key, name
        )
        for verdict, key, name, kind in _VERDICTS
    )
    settles = person.may("admin") or person.adjudicator
    settle = Markup(
        "<label class='bl-settle bl-small'><input type='checkbox' id='bl-settle'> <kbd>s</kbd>settle"
        "</label>"
    )
    return Markup(
        "<section id='bl-verdicts' aria-label='verdict'><div class='bl-row'>{}"
        "<span class='bl-small bl-muted'>on <b id='bl-about'>the assertion</b></span></div>"
        "<div class='bl-row'><textarea id='bl-comment' rows='1' maxlength='4000' "
        "aria-label='comment' placeholder='Comment (c)'></textarea>{}"
        "<button data-does='undo'><kbd>z</kbd>Undo</button>"
        "<button data-does='help'><kbd>?</kbd>Keys</button></div>"
        "<p id='bl-said' role='status'></p></section>{}"
    ).format(buttons, settle if settles else "", help_)
