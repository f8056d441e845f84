"""The commands that exchange votes and soft labels with other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from biolabel.cli.jobs import (
    ALLOW_PYTHON,
    CORPUS,
    DEV,
    QUIET,
    TASK,
    WORKERS,
    WORKSPACE,
    bench,
    finish,
    warn,
)
from biolabel.cli.screen import screen

if TYPE_CHECKING:
    from biolabel.workflow.bench import Bench

_NAME = typer.Argument(help="A task of the rules, such as cid.")
_SOURCE = typer.Argument(help="A folder as `votes export` writes it, or its main file.")
_ON = typer.Option("corpus", "--on", help="The corpus, or dev.")
_TO = typer.Option(help="snorkel, metal, skweak, wrench, datasets, or parquet.")
_FROM = typer.Option(..., "--from", help="snorkel, metal, skweak, wrench, or parquet.")
_OUT = typer.Option(help="The folder that the files go into.")
_RULES = typer.Option(
    None, "--rules", help="The file for the rules; default: NAME.rules beside the task's own."
)
_CALLED = typer.Option("imported", "--name", help="What the rules that are made begin with.")
_SOFT = typer.Option(False, "--soft", help="The soft labels of the label model, not the votes.")
_LEAVE_OUT = typer.Option(
    False, "--leave-out", help="Leave out votes for several labels, where the form has no place."
)
_MEMORY = typer.Option(1.0, "--memory", min=0.0, help="GiB that dense votes may take.")
Part = Literal["corpus", "dev"]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line."""
    group = typer.Typer(
        help="Votes to and from other tools: Snorkel, MeTaL, skweak, WRENCH, data frames.",
        no_args_is_help=True,
    )
    group.command("export")(export)
    group.command("import")(import_)
    app.add_typer(group, name="votes")


def export(
    task: Path = TASK,
    name: str = _NAME,
    to: str = _TO,
    out: Path = _OUT,
    part: Part = _ON,
    soft: bool = _SOFT,
    leave_out: bool = _LEAVE_OUT,
    memory: float = _MEMORY,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Write the votes of a task's rules, or its soft labels, in the form of another tool."""
    from biolabel.workflow.exchange import Wish, export_votes

    work = _bench(task, corpus, dev, workspace, quiet, allow_python, workers)
    wish = Wish(to, out, soft, leave_out, int(memory * (1 << 30)))
    console = screen()
    for path in export_votes(work, name, part, wish):
        console.print(f"wrote {path}", soft_wrap=True)
    finish(work, console)


def import_(
    task: Path = TASK,
    name: str = _NAME,
    source: Path = _SOURCE,
    form: str = _FROM,
    called: str = _CALLED,
    rules: Path | None = _RULES,
    part: Part = _ON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Bring votes that were made elsewhere into a task: as files of votes, and rules that give them."""
    from biolabel.workflow.importing import import_votes

    work = _bench(task, corpus, dev, workspace, quiet, allow_python, workers)
    place = rules or work.job.task.rule_files()[0].parent / f"{called}.rules"
    done = import_votes(work, name, part, called, source, form, place)
    console = screen()
    for rule, votes in done.votes.items():
        console.print(f"{rule}: {votes:,} votes")
    console.print(f"wrote {done.rules}", soft_wrap=True)
    console.print(f"see what they do: biolabel analyze {task}", soft_wrap=True)


def _bench(
    task: Path,
    corpus: Path | None,
    dev: Path | None,
    workspace: Path | None,
    quiet: bool,
    allow_python: bool,
    workers: int,
) -> "Bench":
    work = bench(task, corpus, dev, workspace, 0, quiet, allow_python, workers)
    warn(work)
    return work
