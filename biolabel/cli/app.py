"""Commands of `biolabel`, and the one place where errors become text and an exit status.

Commands import what they need when they run, so that `biolabel --help` answers at once.
"""

import gc
import os
import sys

import typer

from biolabel import __version__
from biolabel.cli import (
    convert,
    corpora,
    curate,
    export,
    inspect,
    knowledge,
    language,
    normalise,
    serve,
    stages,
    writing,
)
from biolabel.cli.screen import screen
from biolabel.errors import BiolabelError, RuleError
from biolabel.errors.render import render_all, render_error

app = typer.Typer(
    name="biolabel",
    help="Rules to labels, labels to models, models to a reviewed knowledge base.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
stages.register(app)
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


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"biolabel {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Turn curators' rules into labels, models and assertions with evidence."""


def main() -> None:
    """Run the command line; exit status 1 means that the input has errors, 2 a wrong command line."""
    # Torch's threads then sleep instead of spinning: on a busy machine training is five times as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # Trees and tables are millions of small objects that stay; to look through them for cycles every
    # 700 objects takes a fifth of the time of `check` and `test`.
    gc.set_threshold(50_000, 20, 100)
    console = screen(errors=True)
    try:
        app()
    except RuleError as error:
        console.print(render_all(error.diagnostics, error.files), soft_wrap=True)
        sys.exit(1)
    except BiolabelError as error:
        console.print(render_error(error), soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        console.print("stopped; finished stages are kept and the next run goes on from there")
        sys.exit(130)
