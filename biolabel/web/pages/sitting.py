"""Someone's sitting at the queue: what is shown, and what happens on each verdict, undo and move."""

import json
from asyncio import Lock
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from nicegui import run, ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from biolabel.curation.review import Decision, Reviewed
from biolabel.errors import BiolabelError
from biolabel.web.access.people import Person
from biolabel.web.api.sent import QueueQuery
from biolabel.web.pages.claim import claim
from biolabel.web.pages.parts import empty, failure, html
from biolabel.web.pages.waiting import progress, queue
from biolabel.web.problems import problem_of
from biolabel.web.service.curating import (
    Desk,
    Stretch,
    keep,
    look,
    news,
    sent_of,
    stretch,
    take_back,
)

Answer = TypeVar("Answer")

_LASTING = 500
"""From this HTTP status on a refusal is the server's trouble, and a verdict is sent again."""


@dataclass(frozen=True)
class Places:
    """Where the page shows what: the line of progress, the queue, the assertion, its verdict buttons."""

    progress: ui.html
    queue: ui.html
    claim: Element
    verdicts: Element


@dataclass
class Sitting:
    """What one browser tab shows of the queue.

    rows: so far, after: where the queue goes on; shown: the assertion; last: the newest decision that
    the tab has heard of; heard: the latest of those, by id.
    """

    desk: Desk
    person: Person
    places: Places
    asked: QueueQuery
    found: Stretch
    rows: list[Reviewed] = field(default_factory=list)
    after: str | None = None
    shown: str = ""
    last: int = 0
    heard: frozenset[int] = frozenset()
    _turn: Lock = field(default_factory=Lock)

    async def start(self, wanted: str) -> None:
        """Show the queue and an assertion, the first one if none is wanted."""
        async with self._turn:  # what an earlier page could not send waits until this one shows
            _call("start", self.person.name, self.person.may("curator"))
            self._begin(self.found)
            await self._hear(silent=True)
            if wanted or self.rows:
                await self._show(wanted or self.rows[0].id)
            else:
                self._nothing()

    async def refine(self, **values: object) -> None:
        """Ask for another queue."""
        async with self._turn:
            asked = self.asked.model_validate({**self.asked.model_dump(), **values, "after": None})
            found = await self._try(lambda: stretch(self.desk, asked))
            if found is None:
                return
            self.asked = asked
            self._begin(found)
            if self.rows:
                await self._show(self.rows[0].id)
            else:
                self._nothing()

    async def decide(self, event: GenericEventArguments) -> None:
        """Keep a verdict that the page sent, and go on to the next assertion."""
        key = str(event.args.get("key", "")) if isinstance(event.args, dict) else ""
        async with self._turn:
            try:
                sent = sent_of(event.args)
                made = await run.io_bound(keep, self.desk, self.person, sent)
            except BiolabelError as error:
                _call("refused", key, _said(error), problem_of(error).status < _LASTING)
                return
            if made is None:  # the server ends; the page sends the verdict to the next one
                return
            self.heard |= {made.id}
            await self._renew({made.assertion})
            _call("kept", key, f"Saved: {made.verdict}, {self._name(made.assertion)}")
            if made.assertion == self.shown and made.evidence is None:
                await self._next()
            elif made.assertion == self.shown:
                await self._show(self.shown, again=True)

    async def undo(self) -> None:
        """Take one's last decision back, and show what it was about."""
        async with self._turn:
            try:
                made = await run.io_bound(take_back, self.desk, self.person)
            except BiolabelError as error:
                _call("refused", "", _said(error), True)
                return
            if made is None:
                return
            self.heard |= {made.id}
            await self._renew({made.assertion})
            await self._show(made.assertion)
            _call("say", f"Taken back: {self._name(made.assertion)}", "bl-good")

    async def go(self, event: GenericEventArguments) -> None:
        """Show the assertion that was chosen, or the next or previous one."""
        async with self._turn:
            given = event.args if isinstance(event.args, dict) else {}
            if isinstance(given.get("id"), str):
                await self._show(given["id"])
            elif given.get("step") == 1:
                await self._step(self._at() + 1)
            elif given.get("step") == -1:
                await self._step(max(0, self._at() - 1))

    async def hear(self) -> None:
        """Show what others decided meanwhile."""
        if not self._turn.locked():
            async with self._turn:
                await self._hear()

    async def _hear(self, *, silent: bool = False) -> None:
        try:
            found = await run.io_bound(news, self.desk, self.last)
        except (
            BiolabelError
        ):  # what is wrong shows with the next verdict; until then nothing is lost
            return
        if found is None:
            return
        fresh = [each for each in found if each.id not in self.heard]
        self.last = max([self.last, *(each.id for each in found)])
        self.heard = frozenset(each.id for each in found)
        if silent or not fresh:
            return
        await self._renew({each.assertion for each in fresh})
        here = [each for each in fresh if each.assertion == self.shown]
        if here:
            await self._show(self.shown, again=True)
            _call("say", _news(here[-1]), "bl-warn")

    def _begin(self, found: Stretch) -> None:
        self.found = found
        self.rows, self.after = list(found.page.rows), found.page.after
        self._draw()

    def _draw(self) -> None:
        self.places.progress.set_content(str(progress(self.found)))
        shown = queue(self.rows, self.shown, more=self.after is not None)
        self.places.queue.set_content(str(shown))

    def _at(self) -> int:
        return next((at for at, row in enumerate(self.rows) if row.id == self.shown), -1)

    async def _next(self) -> None:
        """Show the next row that the queue still has, since others decide on some meanwhile."""
        at = self._at() + 1
        wanted = self.asked.state
        while at < len(self.rows) and wanted and self.rows[at].outcome.state not in wanted:
            at += 1
        await self._step(at)

    async def _step(self, at: int) -> None:
        if at >= len(self.rows) and self.after is not None:
            asked = self.asked.model_copy(update={"after": self.after})
            found = await self._try(lambda: stretch(self.desk, asked))
            if found is None:
                return
            known = {row.id for row in self.rows}
            self.rows += [row for row in found.page.rows if row.id not in known]
            self.after = found.page.after
        if at < len(self.rows):
            await self._show(self.rows[at].id)
        else:
            await self._show(self.shown, again=True)
            _call("say", "This is the end of the queue.", "bl-good")

    async def _renew(self, ids: set[str]) -> None:
        """Read again what became of rows, and the progress of all."""
        known = {row.id for row in self.rows} & ids
        for each in known:
            found = await self._try(partial(look, self.desk, each))
            if found is not None:
                at = next(at for at, row in enumerate(self.rows) if row.id == each)
                self.rows[at] = found.reviewed
        asked = self.asked.model_copy(update={"after": None, "limit": 1})
        counted = await self._try(lambda: stretch(self.desk, asked))
        if counted is not None:
            self.found = replace(self.found, count=counted.count, states=counted.states)
        self._draw()

    async def _show(self, assertion: str, *, again: bool = False) -> None:
        """Show an assertion; again: it is the one that is shown, so what is being typed stays."""
        found = await self._try(lambda: look(self.desk, assertion))
        if found is None:
            return
        self.shown = assertion
        self._draw()
        self.places.claim.clear()
        with self.places.claim:
            html(claim(found))
        self.places.verdicts.set_visibility(True)
        ui.navigate.history.replace(place_of(self.asked, assertion))
        _call("again" if again else "shown", assertion)

    def _nothing(self) -> None:
        self.shown = ""
        self.places.claim.clear()
        self.places.verdicts.set_visibility(False)
        with self.places.claim:
            if sum(self.found.states.values()):
                empty("Nothing to decide here", "Other filters, or another state, may have some.")
            else:
                empty("No assertions", "They come from a run: `biolabel run` makes some.")
        ui.navigate.history.replace(place_of(self.asked, ""))

    async def _try(self, ask: Callable[[], Answer]) -> Answer | None:
        """Return an answer of the database, or None once it is shown why there is none."""
        try:
            return await run.io_bound(ask)
        except BiolabelError as error:
            self.places.claim.clear()
            self.places.verdicts.set_visibility(False)
            with self.places.claim:
                failure(error)
            return None

    def _name(self, assertion: str) -> str:
        found = next((row.assertion for row in self.rows if row.id == assertion), None)
        return f"{found.subject_name} → {found.object_name}" if found else "an assertion"


def place_of(asked: QueueQuery, assertion: str) -> str:
    """Return the address of an assertion in a queue, from which a reload goes on."""
    values = asked.model_dump(exclude_defaults=True, exclude={"after", "limit"})
    values["state"] = asked.state or ["any"]
    if assertion:
        values["id"] = assertion
    return f"/curate?{urlencode(values, doseq=True)}"


def _news(made: Decision) -> str:
    if made.verdict is None:
        return f"{made.by} took a decision on this back."
    return f"{made.by} decided on this: {made.verdict}"


def _said(error: BiolabelError) -> str:
    return f"{error.code} {error.message}"


def _call(name: str, *values: object) -> None:
    """Call a function of curate.js in the browser."""
    ui.run_javascript(f"biolabel.{name}({', '.join(map(json.dumps, values))})")
