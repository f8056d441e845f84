"""The editor page: a rule file, what is wrong with it, and what an edit changes."""

from collections.abc import Callable

from markupsafe import Markup
from nicegui import run, ui

from biolabel.errors import BiolabelError
from biolabel.web.access.people import Person
from biolabel.web.pages.editing import Desk, Panels, begin, editor, store
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import address, button, failure, heading, html, notice, skeleton
from biolabel.web.pages.site import Site
from biolabel.web.service.editor import RuleFile, path_of, rule_files
from biolabel.web.service.rulefiles import create, remove


def editor_page(site: Site, name: str, rule: str) -> None:
    """Build the page; name: the file to open, rule: the rule to go to."""
    with frame("Editor", "/editor") as person:
        try:
            files = {file.name: file for file in rule_files(site.results.task)}
            chosen = path_of(site.results.task, name).name if name else next(iter(files))
        except BiolabelError as error:
            failure(error)
            return
        _show(site, person, files, files[chosen], rule)


def _show(
    site: Site, person: Person, files: dict[str, RuleFile], shown: RuleFile, rule: str
) -> None:
    heading("Rule editor", f"Rules of {site.results.task.task.title}")
    at = shown.text.find(f"rule {rule} ") if rule else 0
    if at < 0:
        notice(f"{shown.name} has no rule called {rule}; this is its beginning.")
    desk = Desk(site, person, shown)
    with ui.element("div").classes("bl-two"):
        with ui.element("section").classes("bl-stack"):
            tools = ui.element("div").classes("bl-row")
            place = ui.element("div")
        with ui.element("section").classes("bl-stack").props('aria-label="what was found"'):
            votes, findings, examples = (ui.element("div").classes("bl-card") for _ in range(3))
    with tools:
        picked = ui.select(list(files), value=shown.name, label="File").props("outlined dense")
        picked.style("min-width: 14rem").on_value_change(
            lambda event: ui.navigate.to(address("/editor", file=event.value))
        )
        state = ui.label().classes("bl-muted bl-small").props("role=status aria-live=polite")
    panels = Panels(state, findings, votes, examples)
    with place:
        area = editor(desk, panels)
    with tools:
        if person.may("curator"):
            button("Save", lambda: store(desk, panels, area), main=True).props(
                'title="Ctrl S saves too"'
            )
            button("New file", _asking_name(site))
            if len(files) > 1:
                button("Delete", _asking_leave(desk))
    with votes:
        html(Markup("<h2>Votes</h2>"))
        skeleton(3)
    with findings:
        html(Markup("<h2>Findings</h2>"))
        skeleton(3)
    with examples:
        html(Markup("<h2>Examples</h2><p class='bl-muted'>They run when you save.</p>"))
    line = shown.text.count("\n", 0, max(at, 0)) + 1

    async def start() -> None:
        if line > 1:
            area.reveal_line(line)
        await begin(desk, panels, area)

    ui.timer(0.05, start, once=True)


def _asking_name(site: Site) -> Callable[[], object]:
    """Return what opens the question for the name of a new file."""
    with ui.dialog() as dialog, ui.card().classes("bl-card"):
        html(Markup("<h2>New rule file</h2>"))
        name = ui.input("Name", value=".rules").props("outlined dense autofocus")
        wrong = ui.element("div")

        async def make() -> None:
            try:
                made = await run.io_bound(create, site.results.task, (name.value or "").strip())
            except BiolabelError as error:
                _say(wrong, error)
                return
            if made is not None:  # None only when the server ends
                ui.navigate.to(address("/editor", file=made.name))

        with ui.element("div").classes("bl-row"):
            button("Create", make, main=True)
            button("Cancel", dialog.close)
    return dialog.open


def _asking_leave(desk: Desk) -> Callable[[], object]:
    """Return what asks whether the file is really to be deleted, as it was last saved or opened."""
    with ui.dialog() as dialog, ui.card().classes("bl-card"):
        html(Markup("<h2>Delete {}?</h2><p>Nothing brings it back.</p>").format(desk.file.name))
        wrong = ui.element("div")

        async def leave() -> None:
            task, file = desk.site.results.task, desk.file
            try:
                await run.io_bound(remove, task, file.name, file.digest)
            except BiolabelError as error:
                _say(wrong, error)
                return
            ui.navigate.to(address("/editor"))

        with ui.element("div").classes("bl-row"):
            button("Delete it", leave, main=True)
            button("Keep it", dialog.close)
    return dialog.open


def _say(place: ui.element, error: BiolabelError) -> None:
    place.clear()
    with place:
        failure(error)
