"""The command that writes reviewed assertions in the formats of others."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.screen import screen

if TYPE_CHECKING:
    from biolabel.workflow.results import Results

WHERE = typer.Argument(help="A task's folder, such as tasks/demo, or a workspace.")
_TO = typer.Option(
    help="kgx, tsv, jsonl, bioc-json, bioc-xml, pubtator, brat, nanopub, kb, or gold."
)
_OUT = typer.Option(help="The folder that the files go into.")
_ACCEPTED = typer.Option(
    None,
    "--accepted/--all",
    help="Only what curators accepted, or also what nobody has decided on; default: accepted for kgx,"
    " nanopub and kb, else all.",
)
_MIN = typer.Option(0.0, min=0.0, max=1.0, help="Leave out assertions that are less probable.")
DATABASE = typer.Option(
    None, help="Where decisions are: a file or a postgresql:// URL; default: the workspace's own."
)
WORKSPACE = typer.Option(None, help="The workspace of the task; default: workspace/TASK.")
_NAME = typer.Option("reviewed", help="Of a knowledge base: how rules will call it.")
_LICENSE = typer.Option("", help="Of nanopublications: the address of their license.")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(export)


def export(
    where: Path = WHERE,
    to: str = _TO,
    out: Path = _OUT,
    accepted: bool | None = _ACCEPTED,
    min_probability: float = _MIN,
    database: str | None = DATABASE,
    workspace: Path | None = WORKSPACE,
    name: str = _NAME,
    license: str = _LICENSE,
) -> None:
    """Write reviewed assertions for others: graphs, tables, annotated documents, a knowledge base."""
    from biolabel.workflow.export import export as export_all
    from biolabel.workflow.export import order_of

    order = order_of(
        to, out, accepted=accepted, min_probability=min_probability, name=name, license=license
    )
    results = results_of(where, workspace)
    warn_of_another_run(results, database)
    done = export_all(results, order, database)
    console = screen()
    kind = "accepted " if order.selection.accepted else ""
    console.print(f"{done.assertions:,} {kind}assertion{'' if done.assertions == 1 else 's'}")
    if done.unplaced:
        console.print(f"{done.unplaced:,} of them stand in no document of the last run")
    for path in done.files:
        console.print(f"wrote {path}", soft_wrap=True)


def warn_of_another_run(results: "Results", database: str | None) -> None:
    """Print a warning (BL988) if the database has the assertions of another run than the last one."""
    from biolabel.workflow.export import outdated

    if outdated(results, database):
        text = "warning[BL988]: the assertions beside the decisions are not those of the last run"
        hint = f"`biolabel curate load {results.workspace}` brings these in"
        screen(errors=True).print(f"{text}; {hint}", soft_wrap=True, markup=False)


def results_of(where: Path, workspace: Path | None) -> "Results":
    """Return the results in a workspace, or in the workspace of a task.

    Raises:
        RunError: BL902 and BL903 for a task, BL930 without a finished run.
    """
    from biolabel.workflow.results import open_results
    from biolabel.workflow.settings import load_task

    if workspace is None and (where / "manifest.json").is_file():
        return open_results(where)
    folder = load_task(where)
    place = workspace or Path("workspace") / folder.task.name
    return open_results(place, folder.folder)
