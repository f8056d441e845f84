"""Commands of `biolabel`, and the one place where errors become text and an exit status.

Commands import what they need when they run, so that `biolabel --help` answers at once.
"""

import gc
import sys
from pathlib import Path

import typer

from biolabel import __version__
from biolabel.cli import (
    convert,
    corpora,
    curate,
    export,
    first,
    inspect,
    knowledge,
    language,
    normalise,
    serve,
    stages,
    votes,
    writing,
)
from biolabel.cli.screen import screen
from biolabel.errors import BiolabelError, RuleError
from biolabel.errors.render import render_all, render_error

app = typer.Typer(
    name="biolabel",
    help="Rules to labels, labels to models, models to a reviewed knowledge base.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
stages.register(app)
votes.register(app)
export.register(app)
curate.register(app)
convert.register(app)
normalise.register(app)
corpora.register(app)
knowledge.register(app)
language.register(app)
inspect.register(app)
writing.register(app)
serve.register(app)
first.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"biolabel {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: bool = typer.Option(  # noqa: ARG001 (its callback answers)
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Turn curators' rules into labels, models and assertions with evidence."""
    if context.invoked_subcommand is None:
        first.show_next_steps(Path())


def main() -> None:
    """Run the command line; exit status 1 means that the input has errors, 2 a wrong command line."""
    # Trees and tables are millions of small objects that stay; to look through them for cycles every
    # 700 objects takes a fifth of the time of `check` and `test`.
    gc.set_threshold(50_000, 20, 100)
    try:
        app(prog_name="biolabel")
    except BiolabelError as error:
        if isinstance(error, RuleError):
            text = render_all(error.diagnostics, error.files)
        else:
            text = render_error(error)
        screen(errors=True).print(text, soft_wrap=True)
        sys.exit(1)
