"""An editor for rule files that checks while somebody writes, and tells what a change does to votes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import run, ui

from biolabel.errors import BiolabelError
from biolabel.web.access.people import Person
from biolabel.web.pages import found
from biolabel.web.pages.parts import failure
from biolabel.web.pages.site import Site
from biolabel.web.service.colors import colored
from biolabel.web.service.editor import Finding, RuleFile, save
from biolabel.web.service.lab import Preview

PAUSE = 0.25
"""Seconds without a key after which a text is checked."""


@dataclass(eq=False)
class Desk:
    """One open rule file: its text on the disk, and how often it was changed since the page opened."""

    site: Site
    person: Person
    file: RuleFile
    version: int = 0


@dataclass(frozen=True, eq=False)
class Panels:
    """Where the editor tells what it found: a line of state, findings, changes of votes, examples."""

    state: ui.label
    findings: ui.element
    changes: ui.element
    examples: ui.element


def editor(desk: Desk, panels: Panels) -> ui.codemirror:
    """Put the editor on the page; who may only look cannot write."""

    async def changed() -> None:
        desk.version += 1
        await _after_change(desk, panels, area)

    async def keys() -> None:
        await store(desk, panels, area)

    area = ui.codemirror(
        desk.file.text, on_change=changed, keymap={"Mod-s": keys}, line_wrapping=True
    )
    area.classes("bl-editor").props(f'aria-label="Text of {desk.file.name}"')
    if not desk.person.may("curator"):
        area.disable()
    area.decorations = _decorations(desk.file.text, (), desk.file.name)
    return area


async def begin(desk: Desk, panels: Panels, area: ui.codemirror) -> None:
    """Check the file as it is, and have the laboratory open the sample."""
    panels.state.text = "Opening the sample of texts …"
    await _after_change(desk, panels, area, pause=0)


async def store(desk: Desk, panels: Panels, area: ui.codemirror) -> None:
    """Write the file, then run the examples of all rules."""
    if not desk.person.may("curator"):
        ui.notify("Viewers cannot save rules.", type="negative")
        return
    task, text = desk.site.results.task, area.value or ""
    saved = await _asked(panels, save, task, desk.file.name, text, desk.file.digest)
    if saved is None:
        return
    desk.file = saved
    ui.notify(f"Saved {saved.name}", type="positive")
    tried = await _asked(panels, desk.site.lab.try_examples)
    if tried is not None:
        found.examples(panels.examples, tried)
    desk.version += 1
    await _after_change(desk, panels, area, pause=0)


async def _after_change(
    desk: Desk, panels: Panels, area: ui.codemirror, pause: float = PAUSE
) -> None:
    """Check the text once nobody has typed for a moment, then ask what it changes."""
    mine = desk.version
    await asyncio.sleep(pause)
    if mine != desk.version:
        return
    text = area.value or ""
    findings = await _asked(panels, desk.site.checker.check, desk.file.name, text)
    if findings is None or mine != desk.version:
        return
    # By a call, not as a property: that would send the text along, over what is being typed meanwhile.
    area.run_method("setDecorations", _decorations(text, findings, desk.file.name))
    found.findings(panels.findings, findings, desk.file.name, area)
    if any(each.severity == "error" for each in findings):
        panels.state.text = "The rules have errors, so they cannot run."
        found.changes(panels.changes, Preview(findings, (), 0, 0.0), unsaved=True)
        return
    for soon in (True, False):
        ask = partial(desk.site.lab.preview, soon=soon)
        shown = await _asked(panels, ask, desk.file.name, text)
        if shown is None or mine != desk.version:
            return
        _tell(desk, panels, area, shown)
        if not shown.partial:
            return


def _tell(desk: Desk, panels: Panels, area: ui.codemirror, shown: Preview) -> None:
    more = ", what follows is coming" if shown.partial else ""
    panels.state.text = f"{shown.documents:,} documents in {shown.seconds:.2f} s{more}"
    if shown.findings:
        panels.state.text = "The rules have errors, so they cannot run."
        found.findings(panels.findings, shown.findings, desk.file.name, area)
    found.changes(panels.changes, shown, unsaved=area.value != desk.file.text)


async def _asked(panels: Panels, ask: Callable[..., Any], *arguments: object) -> Any:
    """Return what a service says, asked in a thread; a refusal is shown, and None returned."""
    try:
        return await run.io_bound(ask, *arguments)
    except BiolabelError as error:
        panels.changes.clear()
        with panels.changes:
            failure(error)
        panels.state.text = error.message
        return None


def _decorations(text: str, findings: Sequence[Finding], name: str) -> list[dict[str, Any]]:
    """Return colors and underlines as the editor wants them; every attribute is one of ours."""
    words = [
        {"kind": "mark", "from": word.start, "to": word.end, "class": f"t-{word.kind}"}
        for word in colored(text)
    ]
    marks = [
        {
            "kind": "mark",
            "from": start,
            "to": end,
            "class": f"bl-f-{each.severity}",
        }
        for each in findings
        if each.file == name
        for start, end in [(min(each.start, max(len(text) - 1, 0)), max(each.end, each.start + 1))]
        if start < min(end, len(text))
    ]
    return words + marks
