"""The command that says what each rule does on the corpus and on dev: as tables, JSON or HTML."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from biolabel.cli.jobs import (
    ALLOW_PYTHON,
    CORPUS,
    DEV,
    JSON,
    QUIET,
    SEED,
    TASK,
    WORKERS,
    WORKSPACE,
    bench,
    finish,
    warn,
)
from biolabel.cli.screen import screen, show_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from biolabel.workflow.analysis import TaskAnalysis

_RULE = typer.Option(None, "--rule", help="Show all that is known of this rule.")
_ONLY = typer.Option(
    None, "--task", help="Only this task of the rule file; entity rules alone take least time."
)
_PART = typer.Option(None, "--on", help="Only the corpus, or only dev.")
_SORT = typer.Option("votes", "--sort", help="The order of the rules; file: as they are written.")
_UNCOVERED = typer.Option(
    False, "--uncovered", help="Also show which candidates have no vote, and some in their text."
)
_N = typer.Option(10, "--n", min=0, help="How many candidates without a vote to show of each task.")
_HTML = typer.Option(None, "--html", help="Write everything as one page with plots to this file.")
Order = Literal["votes", "precision", "conflict", "alone", "redundancy", "name", "file"]
Part = Literal["corpus", "dev"]


def analyze(
    task: Path = TASK,
    rule: str | None = _RULE,
    only: str | None = _ONLY,
    part: Part | None = _PART,
    sort: Order = _SORT,
    uncovered: bool = _UNCOVERED,
    n: int = _N,
    as_json: bool = JSON,
    html_file: Path | None = _HTML,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Show what each rule covers, repeats and contradicts and, against gold, how often it is right."""
    from biolabel.workflow.analysis import analyses_values, task_of, whole_analyses
    from biolabel.workflow.analyze import analyze as analyze_votes

    work = bench(task, corpus, dev, workspace, seed, quiet, allow_python, workers)
    if part is not None and part not in work.job.files:
        raise typer.BadParameter("there is no dev; name it: --dev FILE", param_hint="--on")
    # Standard output gets JSON and nothing else.
    console = screen(errors=as_json)
    warn(work)
    parts = work.job.parts() if part is None else (part,)
    if rule is not None:
        own = task_of(work.plan, rule)
        if only not in (None, own):
            raise typer.BadParameter(f"`{rule}` is a rule for `{own}`", param_hint="--task")
        only = own
    for which in parts if only is None else ():
        analyze_votes(work, which)
    samples = n if uncovered or as_json or html_file is not None else None
    found = [each for which in parts for each in whole_analyses(work, which, samples, only)]
    if as_json:
        show_json(analyses_values(found))
    if html_file is not None:
        from biolabel.workflow.analysis import write_analysis

        write_analysis(html_file, work, found)
        console.print(f"wrote {html_file}", soft_wrap=True)
    if not as_json and html_file is None:
        _show(found, rule, sort, uncovered=uncovered)
    finish(work, console)


def _show(
    found: "Sequence[TaskAnalysis]", rule: str | None, sort: Order, *, uncovered: bool
) -> None:
    from biolabel.cli.analysis import analysis_table, rule_page, slice_lines, summary

    console = screen()
    for each in found:
        if rule is not None:
            shown: Iterable[RenderableType] = rule_page(each.matrix, each.part, rule)
        else:
            shown = (analysis_table(each.matrix, each.part, sort), *summary(each.matrix))
        for line in shown:
            console.print(line, soft_wrap=True)
        if uncovered and each.uncovered is not None:
            for line in slice_lines(each.uncovered):
                console.print(line, soft_wrap=True)
        console.print()
