"""Commands of `biolabel`, and the one place where errors become text and an exit status.

Commands import what they need when they run, so that `biolabel --help` answers at once.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

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


_STOPPED = "stopped; what was finished is kept: the same command goes on from there"


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
    # Torch's threads then sleep instead of spinning: on a busy machine training is five times as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # Trees and tables are millions of small objects that stay; to look through them for cycles every
    # 700 objects takes a fifth of the time of `check` and `test`.
    gc.set_threshold(50_000, 20, 100)
    console = screen(errors=True)
    with _stoppable() as stopped:
        try:
            app()
        except (BiolabelError, SystemExit, KeyboardInterrupt) as error:
            if stopped:
                console.print(_STOPPED, soft_wrap=True)
                with suppress(OSError):
                    sys.stdout.flush()
                    sys.stderr.flush()
                # All that was open is closed; to take torch and spaCy apart would take another second.
                os._exit(128 + stopped[0])
            if not isinstance(error, BiolabelError):
                raise
            if isinstance(error, RuleError):
                text = render_all(error.diagnostics, error.files)
            else:
                text = render_error(error)
            console.print(text, soft_wrap=True)
            sys.exit(1)


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM end the block alike; yield the numbers of the signals that did so far.

    typer makes an exit status of Ctrl-C that no longer tells what happened, and SIGTERM would leave
    half of a file behind. What was to be ignored stays ignored.
    """
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each, handler in before.items():
        if handler not in (signal.SIG_IGN, None):
            signal.signal(each, stop)
    try:
        yield stopped
    finally:
        for each, handler in before.items():
            if handler is not None:
                signal.signal(each, handler)
