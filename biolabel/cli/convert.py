"""The command that turns a corpus of one format into another."""

from pathlib import Path

import typer

from biolabel.cli.jobs import QUIET, REJECTED, bars
from biolabel.cli.screen import screen
from biolabel.errors import RunError

_SOURCE = typer.Argument(help="A corpus: a file, or a folder of files of one format.")
_OUT = typer.Argument(help="Where the result goes; `.gz` packs it.")
_FORMAT = typer.Option("", "--format", help="Format of SOURCE, if its name does not tell it.")
_TO = typer.Option("", "--to", help="Format of OUT, if its name does not tell it.")
_COLUMNS = typer.Option(
    [], "--column", help="What a column of a table holds, such as text=abstract; may be repeated."
)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(convert)


def convert(
    source: Path = _SOURCE,
    out: Path = _OUT,
    format: str = _FORMAT,
    to: str = _TO,
    column: list[str] = _COLUMNS,
    quiet: bool = QUIET,
) -> None:
    """Write a corpus in another format, and say what that format cannot hold."""
    from biolabel.text.rejects import rejects_path
    from biolabel.workflow.convert import convert as convert_corpus

    done = convert_corpus(source, out, format, to, columns_of(column), bars(quiet))
    console = screen()
    console.print(
        f"{done.source.title} to {done.target.title}: {done.documents:,} documents,"
        f" {done.mentions:,} mentions, {done.relations:,} relations"
    )
    console.print(f"wrote {out}", soft_wrap=True)
    if done.missing:
        lacks = ", ".join(f"{name} ({number:,})" for name, number in done.missing.items())
        console.print(f"{done.target.title} does not hold: {lacks}", soft_wrap=True)
    if counts := done.rejects.counts():
        what = ", ".join(f"{number:,} {kind}(s)" for kind, number in sorted(counts.items()))
        console.print(f"could not use {what}; see {rejects_path(out)}", soft_wrap=True)
        raise typer.Exit(REJECTED)


def columns_of(given: list[str]) -> dict[str, str]:
    """Return a map of columns from words such as `text=abstract`.

    Raises:
        RunError: BL903 for a word without `=`.
    """
    columns = {}
    for word in given:
        name, sign, column = word.partition("=")
        if not (name and sign and column):
            raise RunError("BL903", f"--column {word}: it is not CONTENT=COLUMN")
        columns[name] = column
    return columns
