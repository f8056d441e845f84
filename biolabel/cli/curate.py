"""The commands on decisions: `biolabel curate load`, `queue`, `show`, `decisions`, `agreement`, `users`."""

from pathlib import Path

import typer

from biolabel.cli import users
from biolabel.cli.databases import opened_database
from biolabel.cli.export import DATABASE, WHERE, WORKSPACE, results_of
from biolabel.cli.feedback import blame, scores
from biolabel.cli.jobs import JSON
from biolabel.cli.screen import screen, show_json

_ID = typer.Argument(help="The id of an assertion, which `biolabel curate queue` shows.")
_ORDER = typer.Option(
    "probability", help="probability, uncertainty, novelty, disagreement or documents."
)
_TASK = typer.Option(None, "--task", help="Only this task.")
_STATE = typer.Option(
    None, "--state", help="undecided, accepted, rejected, unsure or disputed; may be repeated."
)
_STATUS = typer.Option(
    None, "--status", help="new, known, contradicts, refines or unchecked; may be repeated."
)
_CONCEPT = typer.Option(None, "--concept", help="A CURIE that takes part; may be repeated.")
_BELOW = typer.Option(
    None,
    "--below",
    help="Also concepts below these in an ontology: a name of the catalog, or a file.",
)
_JOURNAL = typer.Option(None, help="A journal that evidence is from.")
_FROM = typer.Option(None, "--from", help="The first year that evidence is from.")
_TO = typer.Option(None, "--to", help="The last year that evidence is from.")
_RULE = typer.Option(None, "--rule", help="A rule that voted for or against it.")
_TEXT = typer.Option(None, "--text", help="A part of its names or CURIEs.")
_MIN = typer.Option(None, "--min-probability", help="Leave out what is less probable.")
_GONE = typer.Option(False, "--gone", help="What was decided on and no run asserts anymore.")
_AFTER = typer.Option(None, "--after", help="Go on behind the page that named this place.")
_N = typer.Option(20, "--n", min=1, max=500, help="How many rows.")
_BY = typer.Option(None, "--by", help="Only this curator's.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, as one group with a group of users in it."""
    group = typer.Typer(
        no_args_is_help=True, help="Load assertions, look at the queue and at what was decided."
    )
    for command in (load, queue, show, decisions, agreement, audit, blame, scores):
        group.command()(command)
    users.register(group)
    app.add_typer(group, name="curate")


def load(
    where: Path = WHERE, workspace: Path | None = WORKSPACE, database: str | None = DATABASE
) -> None:
    """Load what the last run asserts; `biolabel serve` does so by itself. Decisions stay."""
    from biolabel.curation.store import FILE, open_database
    from biolabel.workflow.loading import load_run

    results = results_of(where, workspace)
    opened = open_database(database or results.workspace / FILE)
    try:
        found = load_run(results, opened)
    finally:
        opened.close()
    console = screen()
    for task, each in found.items():
        console.print(
            f"{task}: {each.assertions:,} assertions, {each.new:,} new, {each.changed:,} changed, "
            f"{each.gone:,} gone, of which {each.kept:,} are kept for their decisions",
            soft_wrap=True,
        )
    if not found:
        console.print("the assertions of the last run are loaded already")


def queue(
    where: Path = WHERE,
    order: str = _ORDER,
    task: str | None = _TASK,
    state: list[str] | None = _STATE,
    status: list[str] | None = _STATUS,
    concept: list[str] | None = _CONCEPT,
    below: str | None = _BELOW,
    journal: str | None = _JOURNAL,
    first: int | None = _FROM,
    last: int | None = _TO,
    rule: str | None = _RULE,
    text: str | None = _TEXT,
    min_probability: float | None = _MIN,
    gone: bool = _GONE,
    after: str | None = _AFTER,
    n: int = _N,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """Show which assertions to look at next."""
    from biolabel.cli.curating import plain_values, queue_table
    from biolabel.curation.queue import Filters, Query, count, page

    filters = Filters(
        task=task,
        states=tuple(state or ()),  # type: ignore[arg-type]
        status=tuple(status or ()),
        concepts=_concepts(concept, below) if concept else None,
        journal=journal,
        years=(first, last),
        rule=rule,
        text=text,
        min_probability=min_probability,
        gone=gone,
    )
    with opened_database(where, workspace, database) as opened:
        found = page(opened, Query(order, filters, after, n))  # type: ignore[arg-type]
        number = count(opened, filters)
    if as_json:
        show_json({"count": number, "after": found.after, "rows": plain_values(found.rows)})
        return
    console = screen()
    if found.rows:
        console.print(queue_table(found.rows))
    console.print(f"{number:,} in all")
    if found.after is not None:
        console.print(f"--after {found.after} shows the next", soft_wrap=True)


def show(
    where: Path = WHERE,
    assertion: str = _ID,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """Show an assertion with its evidence and all decisions about it."""
    from biolabel.cli.curating import plain_values, shown_lines
    from biolabel.curation.store import one

    with opened_database(where, workspace, database) as opened:
        found = one(opened, assertion)
    if as_json:
        show_json(plain_values(found))
        return
    console = screen()
    for line in shown_lines(found):
        console.print(line, soft_wrap=True)


def decisions(
    where: Path = WHERE,
    task: str | None = _TASK,
    by: str | None = _BY,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """List all decisions, oldest first, also those that were taken back."""
    from biolabel.cli.curating import decisions_table, plain_values
    from biolabel.curation.store import all_decisions

    with opened_database(where, workspace, database) as opened:
        found = all_decisions(opened, task=task, by=by)
    if as_json:
        show_json(plain_values(found))
    else:
        screen().print(decisions_table(found))


def agreement(
    where: Path = WHERE,
    task: str | None = _TASK,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """Say how often each two curators agree on what both decided, beyond chance."""
    from biolabel.cli.curating import agreement_table, plain_values
    from biolabel.curation.agreement import agreements
    from biolabel.curation.store import all_decisions

    with opened_database(where, workspace, database) as opened:
        found = agreements(all_decisions(opened, task=task))
    if as_json:
        show_json(plain_values(found))
    elif found:
        screen().print(agreement_table(found))
    else:
        screen().print("no two curators have decided on the same assertion yet")


def audit(
    where: Path = WHERE,
    n: int = _N,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """Show who logged in and what was done to users, newest first."""
    from biolabel.cli.curating import audit_table, plain_values
    from biolabel.curation.store import read_audit

    with opened_database(where, workspace, database) as opened:
        found = read_audit(opened, limit=n)
    if as_json:
        show_json(plain_values(found))
    else:
        screen().print(audit_table(found))


def _concepts(concepts: list[str], ontology: str | None) -> frozenset[str]:
    if ontology is None:
        return frozenset(concepts)
    from biolabel.kb.named import named

    return named(ontology).ontology().under(concepts) | frozenset(concepts)
