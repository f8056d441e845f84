"""What decisions say of rules and systems: `biolabel curate blame` and `biolabel curate scores`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from biolabel.cli.export import DATABASE, WHERE, WORKSPACE, results_of, warn_of_another_run
from biolabel.cli.jobs import JSON
from biolabel.cli.screen import screen, show_json

if TYPE_CHECKING:
    from biolabel.curation.blame import Blame
    from biolabel.workflow.decided import DecidedScore

_N = typer.Option(20, "--n", min=1, help="How many rules the table shows; JSON has all.")


def blame(
    where: Path = WHERE,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    n: int = _N,
    as_json: bool = JSON,
) -> None:
    """Say which rules are behind the assertions that curators rejected."""
    from biolabel.curation.blame import blame as blame_rules
    from biolabel.workflow.export import reviewed_assertions

    results = results_of(where, workspace)
    warn_of_another_run(results, database)
    found = blame_rules(reviewed_assertions(results, database))
    if as_json:
        show_json([{**asdict(each), "share": each.share} for each in found])
        return
    console = screen()
    if not found:
        console.print("nobody has accepted or rejected an assertion yet")
        return
    console.print(blame_table(found[:n]))
    if len(found) > n:
        console.print(f"{len(found) - n:,} more rules; --n shows more")


def blame_table(found: Sequence["Blame"]) -> Table:
    """Return rules with the rejections behind which they are, one a row."""
    table = Table()
    for name in ("task", "rule"):
        table.add_column(name, overflow="fold")
    for name in ("behind rejections", "of them", "wrong mention", "wrong relation"):
        table.add_column(name, justify="right")
    for name in ("behind accepted", "against accepted"):
        table.add_column(name, justify="right")
    for each in found:
        numbers = each.rejected, each.wrong_mention, each.wrong_relation
        others = each.accepted, each.opposed
        share = f"{each.share:.0%}" if each.of else "-"
        first, *rest = (f"{number:,}" for number in (*numbers, *others))
        table.add_row(each.task, each.rule, first, share, *rest)
    return table


def scores(
    where: Path = WHERE,
    workspace: Path | None = WORKSPACE,
    database: str | None = DATABASE,
    as_json: bool = JSON,
) -> None:
    """Score each system of the last run on what curators decided, and say which threshold fits that."""
    from biolabel.curation.gold import gold_rows
    from biolabel.workflow.decided import (
        decided_scores,
        decided_thresholds,
        learned_from_decisions,
        tasks_of,
    )
    from biolabel.workflow.export import reviewed_assertions

    results = results_of(where, workspace)
    warn_of_another_run(results, database)
    rows = tuple(gold_rows(reviewed_assertions(results, database), tasks_of(results)))
    found, thresholds = decided_scores(results, rows), decided_thresholds(results, rows)
    learned = learned_from_decisions(results)
    if as_json:
        shown = [{**asdict(each), "f1": each.score.f1} for each in found]
        cuts = [asdict(each) for each in thresholds]
        show_json({"scores": shown, "thresholds": cuts, "learned_from_decisions": learned})
        return
    console = screen()
    if not found:
        console.print("no decision says anything of a document of the last run yet")
        return
    console.print(decided_table(found))
    for each in thresholds:
        console.print(
            f"{each.task}: from {each.threshold:.3f} on `{each.label}` is right most often: F1"
            f" {each.f1:.3f} on {each.accepted + each.rejected:,} decided pairs, {each.before:.3f}"
            f" with all of them; [thresholds] in task.toml sets it",
            soft_wrap=True,
            markup=False,
        )
    if learned:
        console.print("the run learned from gold rows: on these its systems look too good")


def decided_table(found: Sequence["DecidedScore"]) -> Table:
    """Return the scores of systems on decided pairs, one a row."""
    table = Table()
    for name in ("task", "system"):
        table.add_column(name)
    for name in ("pairs", "precision", "of accepted", "F1"):
        table.add_column(name, justify="right")
    for each in found:
        score = each.score
        numbers = (f"{x:.3f}" for x in (score.precision, score.recall, score.f1))
        table.add_row(each.task, each.system, f"{each.pairs:,}", *numbers)
    return table
