"""Progress bars and tables on the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from biolabel.workflow.cache import StageNote
from biolabel.workflow.scores import ScoreRow

if TYPE_CHECKING:
    from biolabel.workflow.breakdown import Part

T = TypeVar("T")


class Bars:
    """Draws one bar a task on standard error; on a file or pipe nothing is drawn."""

    def __init__(self, console: Console) -> None:
        """Draw on a console."""
        self._console = console

    def __call__(self, items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        """Yield the items while a bar shows how far they are."""
        with Progress(
            TextColumn("{task.description:<32}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Speed(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        ) as bar:
            task = bar.add_task(name, total=total)
            for item in items:
                yield item
                bar.advance(task)


class _Speed(ProgressColumn):
    """How many items are done in a second, on average: many become ready at the same moment."""

    def render(self, task: Task) -> Text:
        """Return the speed once there is one."""
        if not task.elapsed or not task.completed:
            return Text("")
        speed = task.completed / task.elapsed
        return Text(f"{speed:,.{0 if speed >= 10 else 1}f}/s")


def stage_table(notes: Iterable[StageNote], workspace: Path) -> Table:
    """Return what each stage did: made anew or re-used, in which time and folder."""
    table = Table(title="stages", title_justify="left")
    for name in ("stage", "result"):
        table.add_column(name)
    table.add_column("seconds", justify="right")
    table.add_column("folder", overflow="fold")
    for note in notes:
        done = "re-used, nothing it reads has changed" if note.reused else "made"
        folder = note.folder.relative_to(workspace)
        table.add_row(note.stage, done, f"{note.seconds:.1f}", str(folder))
    return table


def score_table(rows: Sequence[ScoreRow], *, whole: bool = False) -> Table:
    """Return the scores; unless `whole`, concept scores and single mention types are left out."""
    table = Table(title="scores on dev, against gold", title_justify="left")
    for name in ("task", "metric", "mentions", "system"):
        table.add_column(name)
    for name in ("P", "R", "F1", "95 %", "accuracy"):
        table.add_column(name, justify="right")
    shown = [row for row in rows if whole or _is_main(row)]
    for row, following in zip_longest(shown, shown[1:]):
        interval = "" if row.low is None else f"{row.low:.3f} to {row.high:.3f}"
        group = (row.task, row.metric, row.mentions)
        ends = following is None or (following.task, following.metric, following.mentions) != group
        table.add_row(
            *group, row.system, _number(row.precision), _number(row.recall), _number(row.f1),
            interval, _number(row.accuracy), end_section=ends,
        )  # fmt: skip
    return table


def breakdown_tables(parts: Sequence["Part"]) -> Iterator[Table]:
    """Yield a table for each task and whose mentions its pairs are between: F1 by group and system."""
    for task, mentions in dict.fromkeys((part.task, part.mentions) for part in parts):
        chosen = [part for part in parts if (part.task, part.mentions) == (task, mentions)]
        systems = tuple(dict.fromkeys(part.system for part in chosen))
        found = {(part.by, part.group, part.system): part for part in chosen}
        table = Table(title=f"F1 of {task}, {mentions} mentions, by group", title_justify="left")
        for name in ("by", "group"):
            table.add_column(name)
        for name in ("in gold", *systems):
            table.add_column(name, justify="right")
        for by, group in dict.fromkeys(sorted((part.by, part.group) for part in chosen)):
            scores = [found.get((by, group, system)) for system in systems]
            gold = max(part.tp + part.fn for part in scores if part)
            cells = (_number(part.score.f1 if part else None) for part in scores)
            table.add_row(by, group, f"{gold:,}", *cells)
        yield table


def _is_main(row: ScoreRow) -> bool:
    return row.metric in {"mentions micro", "concepts micro", "pairs", "documents"}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
