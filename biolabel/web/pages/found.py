"""What the editor found, as its panels show it: findings, changes of votes, examples."""

from collections.abc import Sequence

from markupsafe import Markup
from nicegui import ui
from nicegui.element import Element

from biolabel.web.pages.parts import alert, button, chip, context, html
from biolabel.web.service.editor import Finding
from biolabel.web.service.lab import Example, Preview, RuleChange, Tried

_KINDS = {"error": "bad", "warning": "warn", "note": ""}
_MOST = 30
"""Findings, and changed rules, that are shown."""


def findings(place: Element, shown: Sequence[Finding], name: str, area: ui.codemirror) -> None:
    """Show findings, the errors first; a click leads to the line of one in the open file."""
    place.clear()
    ranked = sorted(shown, key=lambda each: (list(_KINDS).index(each.severity), each.file != name))
    with place:
        counts = {kind: sum(each.severity == kind for each in shown) for kind in _KINDS}
        said = ", ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in counts.items() if n)
        html(
            Markup("<h2>Findings</h2><p class='bl-muted bl-small' role='status'>{}</p>").format(
                said or "none"
            )
        )
        for each in ranked[:_MOST]:
            _finding(each, area if each.file == name else None)


def _finding(shown: Finding, area: ui.codemirror | None) -> None:
    hint = Markup("<br><span class='bl-muted'>{}</span>").format(shown.hint) if shown.hint else ""
    place = f"{shown.file}:{shown.line}"
    text = Markup("{} <span class='bl-muted bl-small'>{}</span><br>{}{}").format(
        chip(shown.code, _KINDS[shown.severity]), place, shown.message, hint
    )
    row = ui.element("div").classes("bl-small")
    with row:
        html(text)
        if area is not None:
            go = button(f"Go to line {shown.line}", lambda: area.reveal_line(shown.line))
            go.classes("bl-quiet")


def changes(place: Element, shown: Preview, *, unsaved: bool) -> None:
    """Show what the text changes: a line a rule, and behind it votes that it gains and loses."""
    place.clear()
    with place:
        html(Markup("<h2>Votes</h2>"))
        if shown.findings:
            html(Markup("<p class='bl-muted'>Once there are no errors, the change shows here.</p>"))
            return
        if not shown.changes:
            said = "Your edit changes no vote" if unsaved else "Edit a rule to see what it changes"
            about = f"{said} in {shown.documents:,} documents."
            html(Markup("<p class='bl-muted' role='status'>{}</p>").format(about))
            return
        for each in shown.changes[:_MOST]:
            _change(each)
        left = len(shown.changes) - _MOST
        if left > 0:
            html(Markup("<p class='bl-muted'>and {:,} rules more</p>").format(left))


def _change(shown: RuleChange) -> None:
    state = {True: "new", False: ""}[shown.before is None] or (
        "gone" if shown.after is None else ""
    )
    mark = chip(state, "warn") if state else ""
    html(
        Markup(
            "<div role='status' class='bl-change'><b>{}</b> {} <span class='bl-muted bl-small'>{}</span>"
            "<br>{}</div>"
        ).format(shown.rule, mark, shown.task, _headline(shown))
    )
    if shown.gained_examples or shown.lost_examples:
        with ui.expansion("Votes gained and lost").props("dense").classes("bl-small"):
            html(
                _examples("gained", shown.gained_examples) + _examples("lost", shown.lost_examples)
            )


def _headline(shown: RuleChange) -> Markup:
    numbers, _, more = shown.headline.partition(", ")
    gained, _, lost = numbers.partition(" ")
    return Markup("<span class='bl-good'>{}</span> <span class='bl-bad'>{}</span>{}").format(
        gained, lost, f", {more}" if more else ""
    )


def _examples(kind: str, shown: Sequence[Example]) -> Markup:
    return Markup("").join(
        Markup("<div class='bl-sample'>{} {} {}<div class='bl-muted'>{}</div></div>").format(
            chip(kind, "good" if kind == "gained" else "bad"),
            chip(", ".join(each.labels)),
            context(each.context),
            each.document,
        )
        for each in shown
    )


def examples(place: Element, shown: Tried) -> None:
    """Show what became of the inline examples, those that do not hold in full."""
    place.clear()
    with place:
        html(Markup("<h2>Examples</h2>"))
        said = ", ".join(f"{number:,} {status}" for status, number in shown.counts.items())
        good = set(shown.counts) <= {"passed", "todo"} and not shown.findings
        html(
            alert(said or "The rules have errors, so no example ran.", kind="good" if good else "")
        )
        for each in shown.results[:_MOST]:
            text = Markup(
                "<b>{}</b> {} <code>{}</code><br><span class='bl-muted'>{}</span>"
            ).format(each.rule, chip(each.status, "bad"), each.text, each.why)
            html(Markup("<div class='bl-sample bl-small'>{}</div>").format(text))
