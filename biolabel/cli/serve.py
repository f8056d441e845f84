"""The command that serves a workspace in the browser."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import typer

from biolabel.cli.completing import workspaces
from biolabel.errors import RunError

_COMMAND = "from biolabel.cli import main; main()"
_WORKSPACE = typer.Argument(
    None,
    help="The workspace of a finished run; default with --demo: workspace/demo.",
    autocompletion=workspaces,
)
_PORT = typer.Option(8080, min=0, max=65535, help="The port; 0 takes any that is free.")
_HOST = typer.Option("127.0.0.1", help="The address to listen on; all but this needs users.")
_DATABASE = typer.Option(
    None, help="Where decisions go: a file or a postgresql:// URL; default: in the workspace."
)
_DEMO = typer.Option(
    False, "--demo", help="Serve the demo, and run it first if that is still to do."
)
_ALLOW_HOST = typer.Option(None, help="Another name that the server is reached by; repeatable.")
_CERTIFICATE = typer.Option(None, help="A certificate (PEM) to serve https.")
_KEY = typer.Option(None, help="The key of the certificate (PEM).")
_PROXY = typer.Option("", help="The address of a proxy in front, whose headers are believed.")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    workspace: Path | None = _WORKSPACE,
    port: int = _PORT,
    host: str = _HOST,
    database: str | None = _DATABASE,
    demo: bool = _DEMO,
    allow_host: list[str] | None = _ALLOW_HOST,
    certificate: Path | None = _CERTIFICATE,
    key: Path | None = _KEY,
    proxy: str = _PROXY,
) -> None:
    """Show a run's results in the browser: overview, rules, documents, and assertions to curate."""
    if workspace is None and not demo:
        raise typer.BadParameter("name a workspace, or take --demo", param_hint="WORKSPACE")
    where = workspace or Path("workspace") / "demo"
    if demo and not (where / "manifest.json").is_file():
        _run_demo(where)
    from biolabel.cli.screen import screen
    from biolabel.workflow.results import open_results

    results = open_results(where)
    try:
        from biolabel.web.server import Place
        from biolabel.web.server import serve as serve_results
    except ModuleNotFoundError as error:
        hint = "pip install 'biolabel[server]'"
        raise RunError("BL981", f"the server needs a package: {error}", hint=hint) from error

    def say(line: str) -> None:
        screen().print(line, soft_wrap=True)
        sys.stdout.flush()

    place = Place(host, port, tuple(allow_host or ()), certificate, key, proxy)
    serve_results(results, place, say, database)


def _run_demo(workspace: Path) -> None:
    """Run the demo in a process of its own, on a copy of its rules, which the editor may change.

    The copy keeps what somebody edited; the process keeps what only training needs out of the server.
    """
    from biolabel.resources import root

    task = workspace / "task"
    if not task.is_dir():
        copytree(root("tasks") / "demo", task)
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "run", str(task), "--workspace", str(workspace)],
        check=False,
    )
    if not (workspace / "manifest.json").is_file():
        raise typer.Exit(done.returncode or 1)
