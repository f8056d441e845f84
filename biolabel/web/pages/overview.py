"""The first page: the run at a glance."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup
from nicegui import ui

from biolabel.web.pages.calibration import calibration_key, calibration_plot
from biolabel.web.pages.layout import frame
from biolabel.web.pages.parts import (
    card,
    chip,
    decimal,
    empty,
    figures,
    heading,
    html,
    later,
    share,
    table,
)
from biolabel.web.pages.site import Site
from biolabel.web.service.overview import SYSTEMS, Overview, ScoreGroup, TaskSummary, overview
from biolabel.web.service.review import progress


def overview_page(site: Site) -> None:
    """Build the page."""
    with frame("Overview", "/"):
        later(
            lambda: (overview(site.results), progress(site.database)),
            lambda found: _show(*found),
            12,
        )


def _show(found: Overview, decided: Mapping[str, int]) -> None:
    heading(found.title, f"Task {found.name}, the last finished run")
    with card():
        html(figures(_figures(found)))
    _tasks(found.tasks)
    with ui.element("div").classes("bl-two"):
        with ui.element("div").classes("bl-stack"):
            _scores(found.scores)
        with ui.element("div").classes("bl-stack"):
            _curation(decided)
            _calibration(found)
            _facts(found)


def _figures(found: Overview) -> Iterable[tuple[str, str]]:
    for texts in found.texts:
        yield f"documents, {texts.part}", f"{texts.documents:,}"
    yield "words", f"{sum(texts.words for texts in found.texts):,}"
    yield "mentions found", f"{sum(texts.mentions for texts in found.texts):,}"
    yield "tasks", str(len(found.tasks))
    yield "labeling functions", f"{sum(task.rules for task in found.tasks):,}"
    yield "votes", f"{sum(task.votes for task in found.tasks):,}"


def _tasks(tasks: Sequence[TaskSummary]) -> None:
    with card("Tasks", "Shares are of each task's candidates in the corpus."):
        head = (
            "task", "kind", "labels", "rules", "candidates", "coverage", "overlap", "conflict",
            "like majority",
        )  # fmt: skip
        rows = [
            (
                Markup("<a href='/rules?task={0}'>{0}</a>").format(task.name),
                task.kind,
                ", ".join(task.labels),
                f"{task.rules:,}",
                f"{task.candidates:,}",
                share(task.coverage),
                share(task.overlap),
                share(task.conflict),
                share(task.agreement),
            )
            for task in tasks
        ]
        html(table(head, rows, "tasks", numbers=3))
        concerns = [(task.name, each) for task in tasks for each in task.concerns]
        if concerns:
            items = Markup("").join(
                Markup("<li>{} {}</li>").format(chip(each.code, "warn"), each.message)
                for _, each in concerns
            )
            html(
                Markup("<h3>What the label model finds odd</h3><ul class='bl-list'>{}</ul>").format(
                    items
                )
            )


def _scores(scores: Sequence[ScoreGroup]) -> None:
    with card("Scores on dev", "F1 of each system; the best of a row is bold."):
        if not scores:
            empty("No scores", "The run had no dev documents: --dev names some.")
            return
        for task, groups in groupby(scores, key=lambda group: group.task):
            html(Markup("<h3>{}</h3>").format(task))
            html(
                table(
                    ("", *SYSTEMS.values(), "best single rule"), _rows(groups), f"scores of {task}"
                )
            )


def _rows(groups: Iterable[ScoreGroup]) -> Iterable[Sequence[object]]:
    for group in groups:
        f1 = {row.system: row for row in group.rows}
        single = next((row for row in group.rows if row.system.startswith("best rule")), None)
        best = max(row.f1 for row in group.rows)
        cells: list[object] = [f"{group.metric}, {group.mentions} mentions"]
        for system in SYSTEMS:
            row = f1.get(system)
            bounds = f"{row.low:.3f} to {row.high:.3f}" if row and row.low and row.high else ""
            cells.append(_score(row.f1 if row else None, best, bounds))
        name = single.system.partition(": ")[2] if single else ""
        cells.append(_score(single.f1 if single else None, best, name))
        yield cells


def _score(value: float | None, best: float, title: str) -> Markup:
    kind = "best" if value == best else ""
    return Markup("<span class='{}' title='{}'>{}</span>").format(kind, title, decimal(value))


def _curation(decided: Mapping[str, int]) -> None:
    total = sum(decided.values())
    with card("Curation"):
        if not total:
            empty("Nothing to curate yet", "Assertions appear here once they are in the database.")
            return
        done = total - decided.get("undecided", 0)
        html(
            Markup(
                "<div class='bl-track' style='width:100%;height:.7rem'><span class='bl-bar'"
                " style='width:{:.1f}%;height:.7rem'></span></div><p>{:,} of {:,} assertions decided</p>"
            ).format(100 * done / total, done, total)
        )
        html(figures((state, f"{number:,}") for state, number in decided.items()))
        html(Markup("<a href='/curate'>Go on curating</a>"))


def _calibration(found: Overview) -> None:
    with card("Calibration", "Do probabilities mean what they say? On dev; on the line is honest."):
        if not found.calibration:
            empty("Not known", "It takes dev documents with gold.")
        for task, shown in groupby(found.calibration, key=lambda each: each.task):
            lines = list(shown)
            html(Markup("<h3>{}</h3>").format(task))
            html(calibration_plot(lines))
            html(calibration_key(lines))


def _facts(found: Overview) -> None:
    with card("The run"):
        rows = [
            *((f"{texts.part}", texts.file) for texts in found.texts),
            ("seed", str(found.seed)),
            ("took", f"{found.seconds:,.0f} s"),
            ("rules", found.rules),
            *(
                (name, version)
                for name, version in found.versions.items()
                if name in ("biolabel", "torch", "spacy")
            ),
        ]
        html(table(("", ""), rows, "facts of the run", numbers=2))
