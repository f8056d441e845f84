"""The commands that look into rules: their examples, and why they vote or do not."""

import json
from pathlib import Path
from typing import Literal

import typer

from biolabel.cli.jobs import QUIET, bars
from biolabel.cli.screen import screen

_RULES = typer.Argument(help="A task's folder, such as tasks/demo, or rule files.")
_ONLY = typer.Option(None, "--rule", help="Only this rule, condition or pattern.")
_FORMAT = typer.Option("text", "--format", help="text for people, json for programs.")
Format = Literal["text", "json"]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("test")(examples)


def examples(
    rules: list[Path] = _RULES,
    rule: str | None = _ONLY,
    form: Format = _FORMAT,
    quiet: bool = QUIET,
) -> None:
    """Run the inline examples: what should match, what should not, and which rules have none."""
    from biolabel.cli.findings import example_table, examples_json
    from biolabel.errors.render import render_all
    from biolabel.workflow.examples import read_any, try_examples

    read = read_any(rules)
    found = try_examples(read, rule, bars(quiet))
    console = screen()
    if form == "json":
        console.print(json.dumps(examples_json(found, read.files), indent=2), soft_wrap=True)
    else:
        if found.diagnostics:
            console.print(render_all(found.diagnostics, read.files), soft_wrap=True)
        console.print(example_table(found), soft_wrap=True)
    if found.diagnostics:
        raise typer.Exit(1)
