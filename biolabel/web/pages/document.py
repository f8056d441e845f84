"""The page of one document: its text with mentions, and what each system says, side by side."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import cast

from markupsafe import Markup
from nicegui import ui
from nicegui.element import Element

from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import (
    address,
    button,
    card,
    chip,
    empty,
    fill,
    heading,
    html,
    later,
    table,
)
from biolabel.web.pages.site import Site
from biolabel.web.pages.text import key, text
from biolabel.web.service.documents import DocumentView, Reasons, Verdict, Vote, document, reasons
from biolabel.web.service.overview import SYSTEMS
from biolabel.workflow.job import Which

_SHOWN = 6
"""Candidates of a task that are shown at first."""


def document_page(site: Site, part: str, id_: str, system: str) -> None:
    """Build the page of a document; system: the one whose mentions are shown."""
    with frame(f"Document {id_}", "/documents"):
        chosen = _part_of(site, part, id_)
        later(
            lambda: document(site.results, chosen, id_, system or "fused"),
            lambda found: _show(site, found, system or "fused"),
            14,
        )


def _part_of(site: Site, part: str, id_: str) -> Which:
    """Return the part that an address names, which the run may not have, else the one of the document."""
    if part:
        return cast(Which, part)
    dev = site.results.parts.get("dev")
    return "dev" if dev is not None and id_ in dev.place_of else "corpus"


def _show(site: Site, found: DocumentView, system: str) -> None:
    meta = "; ".join(f"{name} {', '.join(values)}" for name, values in found.meta.items())
    heading(f"Document {found.id}", meta or f"In {found.part}")
    with ui.element("div").classes("bl-two"):
        with card().classes("bl-sticky"):
            tools = ui.element("div").classes("bl-row")
            html(key(found.types))
            place = ui.element("div")
        with ui.element("div").classes("bl-stack") as beside:
            pass
    chosen: dict[str, tuple[str, ...]] = {"rule": (), "concepts": ()}

    def draw() -> None:
        place.clear()
        rule = chosen["rule"][0] if chosen["rule"] else ""
        with place:
            html(text(found, rule, chosen["concepts"]))

    def pick(name: str, values: tuple[str, ...]) -> None:
        chosen[name] = values
        draw()

    with tools:
        _choices(found, system, pick)
    draw()
    with beside:
        _verdicts(site, found, lambda concepts: pick("concepts", concepts))


def _choices(
    found: DocumentView, system: str, pick: Callable[[str, tuple[str, ...]], None]
) -> None:
    whose = ui.select(dict(SYSTEMS), value=system, label="Mentions of").props("outlined dense")
    whose.style("min-width: 10rem")
    whose.on_value_change(
        lambda event: ui.navigate.to(
            address("/document", part=found.part, id=found.id, system=event.value)
        )
    )
    rules = sorted({vote.rule for vote in _all_votes(found)})
    options = {"": "none", **{rule: rule for rule in rules}}
    evidence = ui.select(options, value="", label="Evidence of rule", with_input=True)
    evidence.props("outlined dense").style("min-width: 14rem")
    evidence.on_value_change(lambda event: pick("rule", (event.value,) if event.value else ()))


def _all_votes(found: DocumentView) -> Iterable[Vote]:
    for passage in found.passages:
        for stretch in passage.stretches:
            yield from stretch.votes
    for verdict in found.verdicts:
        yield from verdict.votes


def _verdicts(site: Site, found: DocumentView, light: Callable[[tuple[str, ...]], None]) -> None:
    tasks: dict[str, list[Verdict]] = {}
    for verdict in found.verdicts:
        tasks.setdefault(verdict.task, []).append(verdict)
    if not tasks:
        with card():
            empty("No candidates", "No relation or topic task has a candidate in this document.")
    for task, verdicts in tasks.items():
        with card(task, "Probabilities of each system, and the votes of rules."):
            for verdict in verdicts[:_SHOWN]:
                _verdict(site, found.part, verdict, light)
            rest = verdicts[_SHOWN:]
            if rest:
                with (
                    ui.expansion(f"{len(rest):,} more candidates")
                    .props("dense")
                    .classes("bl-small")
                ):
                    for verdict in rest:
                        _verdict(site, found.part, verdict, light)


def _verdict(
    site: Site, part: Which, verdict: Verdict, light: Callable[[tuple[str, ...]], None]
) -> None:
    with ui.element("div").classes("bl-sample"):
        title = " → ".join(verdict.about) or "the document"
        html(Markup("<h3 class='bl-verdict'>{}</h3>").format(title))
        html(probabilities(verdict))
        votes = Markup(" ").join(
            chip(f"{vote.rule}: {' or '.join(vote.labels)}") for vote in verdict.votes
        )
        html(Markup("<div class='bl-votes'>{}</div>").format(votes or "no rule voted"))
        with ui.element("div").classes("bl-row"):
            if verdict.concepts:
                button("Show in text", lambda: light(verdict.concepts)).classes("bl-quiet")
            place = ui.element("div").props("aria-live=polite")
            if verdict.votes:
                why = button("Why", lambda: _explain(site, part, verdict, place))
                why.classes("bl-quiet")
        place.move(target_index=-1)


async def _explain(site: Site, part: Which, verdict: Verdict, place: Element) -> None:
    def show(found: Reasons) -> None:
        html(why(found))

    await fill(place, partial(reasons, site.results, part, verdict.task, verdict.candidate), show)


def why(found: Reasons) -> Markup:
    """Return what each rule adds to the label model's belief."""
    rows = [
        (", ".join(each.rules), " or ".join(each.labels), f"{each.log_odds:+.2f}")
        for each in found.reasons
    ]
    head = ("rules", "vote", f"log odds of {found.label}: {found.log_odds:+.2f}")
    return table(head, rows, f"reasons for {found.label}", numbers=2)


def probabilities(verdict: Verdict) -> Markup:
    """Return a table of the systems' probabilities, a row a system and a column a label."""
    rows = [
        (SYSTEMS[system], *(_bar(value) for value in verdict.probabilities[system]))
        for system in SYSTEMS
        if system in verdict.probabilities
    ]
    return table(("", *verdict.labels), rows, "probabilities")


def _bar(value: float) -> Markup:
    return Markup(
        "<span class='bl-track' aria-hidden='true'>"
        "<span class='bl-bar' style='width:{:.1f}%'></span></span> {:.3f}"
    ).format(100 * value, value)
