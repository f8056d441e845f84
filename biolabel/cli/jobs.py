"""From command-line arguments to a job, and what every command prints at its end."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from biolabel.cli.completing import tasks
from biolabel.errors import RunError

if TYPE_CHECKING:
    from rich.console import Console

    from biolabel.data.progress import Progress
    from biolabel.workflow.bench import Bench
    from biolabel.workflow.job import Job

Executor = Literal["local", "dask"]
"""Who does what can be done side by side: processes of this machine, or the workers of a Dask cluster."""
TASK = typer.Argument(help="A task's folder, such as tasks/demo.", autocompletion=tasks)
CORPUS = typer.Option(None, help="Documents to label and learn from; default: the task's own.")
DEV = typer.Option(
    None, help="Documents with gold to score on; default: the task's own, but none with --corpus."
)
WORKSPACE = typer.Option(None, help="Where results and caches go; default: workspace/TASK.")
SEED = typer.Option(0, help="Seed of every random choice.")
JSON = typer.Option(False, "--json", help="As JSON, for programs.")
QUIET = typer.Option(False, "--quiet", "-q", help="No progress bars.")
ALLOW_PYTHON = typer.Option(
    False, "--allow-python", help="Run the Python functions that rule files name."
)
GOLD_ROWS = typer.Option(
    None, help="What curators decided, for the label model: a file of `export --to gold`."
)
WORKERS = typer.Option(
    0, min=0, help="Processes that work side by side; default: one a core, one on little input."
)
EXECUTOR = typer.Option(
    "local", "--executor", help="Who works side by side: processes of this machine, or Dask."
)
SCHEDULER = typer.Option(
    "", "--scheduler", help="Address of a Dask scheduler; default: one on this machine."
)

REJECTED = 3
"""Exit status when all is done but some input could not be used."""
FAULTY = 4
"""Exit status when all is done but for what failed by itself: rules on some candidates, on which they did
not vote, or entries of a catalog."""


def bench(
    task: Path,
    corpus: Path | None,
    dev: Path | None,
    workspace: Path | None,
    seed: int,
    quiet: bool,
    allow_python: bool = False,
    workers: int = 0,
    gold_rows: Path | None = None,
    executor: Executor = "local",
    scheduler: str = "",
    context: typer.Context | None = None,
) -> "Bench":
    """Return the bench of a job, with the task's own documents where none are named.

    workers: how many processes work side by side, 0 for one a core; executor: whether these are plain
    processes or the workers of a Dask cluster, which is given up when the command of the context ends;
    context: of a command that makes stages, which works alone in the workspace until it ends.

    Raises:
        RunError: BL902, BL903 for the task; BL907 when there are no documents; BL931 when another
            process works in the workspace; BL941 to BL944 for a cluster that cannot be used.
    """
    from biolabel.data.lean import spare_pandas

    spare_pandas()
    from biolabel.workflow.bench import Bench
    from biolabel.workflow.job import open_job

    if scheduler and executor != "dask":
        raise typer.BadParameter("--scheduler is the address of Dask's: add --executor dask")
    progress = bars(quiet)
    # Other machines stand elsewhere.
    folder = task if executor == "local" else task.absolute()
    job = open_job(folder, corpus, dev, workspace, seed, progress, allow_python, workers, gold_rows)
    if context is not None:
        context.with_resource(job.alone())
    return Bench(
        job if context is None or executor == "local" else _on_dask(job, scheduler, context)
    )


def _on_dask(job: "Job", scheduler: str, context: typer.Context) -> "Job":
    """Return a job whose work a Dask cluster does until the command ends."""
    from biolabel.workflow.cluster import cluster

    workspace = job.workspace.absolute()
    found = context.with_resource(cluster(workspace, scheduler, job.workers))
    return replace(job, workspace=workspace, cluster=found)


def bars(quiet: bool) -> "Progress":
    """Return what draws progress on standard error, or nothing if that is asked for."""
    from biolabel.cli.drawing import Bars
    from biolabel.cli.screen import screen
    from biolabel.data.progress import silent

    return silent if quiet else Bars(screen(errors=True))


def nothing_to_score(work: "Bench") -> RunError:
    """Return the error for dev documents that carry no gold of the task (BL908)."""
    task = work.job.task.task
    relations = ", ".join(sorted(name for gold in task.gold.values() for name in gold.names))
    return RunError(
        "BL908",
        f"{work.job.files['dev']} has no gold of {task.name}",
        hint="gold is mentions, labels in FILE.topics.tsv"
        + (f", relations called {relations}" if relations else ""),
    )


def warn(work: "Bench") -> None:
    """Print the warnings about the rule files; notes are for `check`."""
    from biolabel.cli.screen import screen
    from biolabel.errors.render import render_all

    work.rules.ready()
    found = [d for d in work.rules.diagnostics if d.severity == "warning"]
    if found:
        text = render_all(found, work.rules.files)
        screen(errors=True).print(text, soft_wrap=True)


def finish(work: "Bench", console: "Console") -> None:
    """Print the stages, on what rules failed, and what was rejected.

    The exit status is 4 if a rule failed, else 3 if something was rejected.
    """
    from biolabel.cli.drawing import stage_table
    from biolabel.workflow.faults import NAME, faults_of
    from biolabel.workflow.ingest import counts_of

    console.print(stage_table(work.job.notes.values(), work.job.workspace))
    _warn_of_quiet_tasks(work)
    _warn_of_votes_elsewhere(work)
    lost = False
    for which in work.job.parts():
        note = work.ingested(which)
        counts = counts_of(note)
        if isinstance(again := counts.get("again"), list) and not note.reused:
            why = f"its {' and '.join(again)} are not what the task asks for"
            text = f"{which}: processed the texts of {work.job.files[which]} again: {why}"
            console.print(text, soft_wrap=True)
        rejected = counts["rejected"]
        if isinstance(rejected, dict) and rejected:
            lost = True
            what = ", ".join(f"{number} {kind}(s)" for kind, number in sorted(rejected.items()))
            found = note.folder / "rejects.tsv"
            console.print(f"{which}: could not use {what}; see {found}", soft_wrap=True)
    failed = [(note, faults_of(note)) for note in work.job.notes.values()]
    for note, rules in failed:
        if rules:
            where = (f"{name} on {n or 'all'} candidates" for name, n in sorted(rules.items()))
            text = f"{note.stage}: failed: {', '.join(where)}; see {note.folder / NAME}"
            console.print(text, soft_wrap=True)
    if any(rules for _, rules in failed):
        raise typer.Exit(FAULTY)
    if lost:
        raise typer.Exit(REJECTED)


def _warn_of_quiet_tasks(work: "Bench") -> None:
    """Print a warning (BL910) for each task on which no rule voted, if rules were applied."""
    applied = [note for note in work.job.notes.values() if note.stage.startswith("apply")]
    if not applied:
        return
    from biolabel.cli.screen import screen
    from biolabel.workflow.apply import quiet_tasks

    parts = {work.ingested(which).key: which for which in work.job.parts()}
    for note in applied:
        where: str = parts[str(note.inputs["corpus"])]
        if "mentions" in note.inputs:
            where += f", {note.inputs['mentions']} mentions"
        for name, candidates in quiet_tasks(note).items():
            text = f"{where}: no rule voted on `{name}`, which has {candidates:,} candidates"
            screen(errors=True).print(f"warning[BL910]: {text}", soft_wrap=True)


def _warn_of_votes_elsewhere(work: "Bench") -> None:
    """Print a warning (BL940) for each file of votes on other documents, if rules were applied."""
    from biolabel.cli.screen import screen
    from biolabel.workflow.models import votes_elsewhere

    notes = work.job.notes.values()
    applied = {note.inputs["corpus"] for note in notes if note.stage.startswith("apply")}
    for which in work.job.parts():
        if not work.plan.models or work.ingested(which).key not in applied:
            continue
        ids = work.store(which).ids
        for name, about in votes_elsewhere(work.plan, ids).items():
            text = "no votes"
            if about:
                text = f"votes on {len(about):,} documents, such as {about[0]}, and on none of the"
                text += f" {len(ids):,} that are there, such as {', '.join(ids[:1])}"
            text = f"{which}: the file of model `{name}` has {text}"
            screen(errors=True).print(f"warning[BL940]: {text}", soft_wrap=True)
