"""What comes first: what to do next in this folder, and whether the installation is whole."""

from dataclasses import asdict
from pathlib import Path

import typer

from biolabel.cli.jobs import JSON
from biolabel.cli.screen import screen, show_json

_WORKSPACE = typer.Option(Path("workspace"), help="Where results are to go.")
_COLORS = {"ok": "green", "note": "dim", "warn": "yellow", "fail": "red"}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(doctor)


def show_next_steps(folder: Path) -> None:
    """Print what can be done next in a folder."""
    from biolabel.workflow.standing import next_steps

    standing, steps = next_steps(folder)
    wide = max(len(step.command) for step in steps)
    lines = [f"  {step.command:<{wide}}  {step.does}" for step in steps]
    also = "Usage: biolabel COMMAND; `biolabel --help` lists them, `biolabel doctor` tells what is missing"
    text = "\n".join([f"{standing}; next:", "", *lines, "", also])
    screen().print(text, soft_wrap=True)


def doctor(workspace: Path = _WORKSPACE, as_json: bool = JSON) -> None:
    """Look at the installation, models, knowledge, caches and disk; say what to do about each fault.

    The exit status is 1 if something has failed; warnings and notes leave it 0.
    """
    from rich.table import Table
    from rich.text import Text

    from biolabel.workflow.doctor import examine

    found = list(examine(workspace))
    failed = any(each.state == "fail" for each in found)
    if as_json:
        show_json([asdict(each) for each in found])
        raise typer.Exit(failed)
    table = Table(box=None)
    for name in ("", "what", "found", "next step"):
        table.add_column(name, overflow="fold")
    for each in found:
        state = Text(each.state, _COLORS[each.state])
        table.add_row(state, each.what, each.found, each.next)
    console = screen()
    console.print(table)
    if failed:
        console.print("something must be mended before biolabel can work: see `fail` above")
    raise typer.Exit(failed)
