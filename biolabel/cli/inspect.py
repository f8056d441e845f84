"""The commands that look into rules: their examples, and why they vote or do not."""

import json
from pathlib import Path
from typing import Literal

import typer

from biolabel.cli.jobs import CORPUS, DEV, QUIET, TASK, WORKSPACE, bars, bench
from biolabel.cli.screen import screen

_RULES = typer.Argument(help="A task's folder, such as tasks/demo, or rule files.")
_ONLY = typer.Option(None, "--rule", help="Only this rule, condition or pattern.")
_FORMAT = typer.Option("text", "--format", help="text for people, json for programs.")
_NAME = typer.Argument(help="A rule, condition or pattern.")
_TEXT = typer.Argument(
    None, help='A text with marks: "{chemical: Heparin} caused {disease: pain}".'
)
_DOC = typer.Option(None, "--doc", help="A document of the corpus or dev, by its id.")
_PAIR = typer.Option(None, "--pair", help="With --doc: concept ids or texts of the arguments.")
_SPAN = typer.Option("", "--span", help="With --doc: the text that an entity rule should find.")
Format = Literal["text", "json"]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("test")(examples)
    app.command()(why)


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


def why(
    task: Path = TASK,
    name: str = _NAME,
    text: str | None = _TEXT,
    doc: str | None = _DOC,
    pair: tuple[str, str] | None = _PAIR,
    span: str = _SPAN,
    form: Format = _FORMAT,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
) -> None:
    """Show which part of a rule holds and which does not, on a marked text or on a document."""
    from biolabel.cli.findings import explanation_json, explanation_lines
    from biolabel.workflow.examples import read_any
    from biolabel.workflow.why import why_document, why_text

    if (text is None) == (doc is None):
        raise typer.BadParameter('give a marked text, "{chemical: Heparin} ...", or --doc ID')
    if text is not None:
        found = why_text(read_any([task]), name, text)
    elif task.suffix == ".rules":
        raise typer.BadParameter("--doc needs a task's folder, which names documents")
    else:
        work = bench(task, corpus, dev, workspace, 0, quiet)
        found = why_document(work, name, doc or "", pair or (), span)
    console = screen()
    if form == "json":
        console.print(json.dumps(explanation_json(found), indent=2), soft_wrap=True)
    else:
        console.print("\n".join(explanation_lines(found)), soft_wrap=True)
