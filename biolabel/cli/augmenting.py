"""`biolabel augment`: what transformations made of the documents, and what the rules left of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.jobs import (
    ALLOW_PYTHON,
    CORPUS,
    DEV,
    JSON,
    QUIET,
    SEED,
    TASK,
    WORKERS,
    WORKSPACE,
    bench,
    finish,
    warn,
)
from biolabel.cli.screen import screen

if TYPE_CHECKING:
    from rich.table import Table

    from biolabel.augment.learn import Gain
    from biolabel.augment.pool import Pool

_EXAMPLES = typer.Option(2, min=0, help="Examples of each transformation, before and after.")


def augment(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    examples: int = _EXAMPLES,
    as_json: bool = JSON,
) -> None:
    """Make new versions of the documents and let the rules judge them, as training will use them."""
    import json
    from dataclasses import asdict

    from biolabel.workflow.augment import augment as make
    from biolabel.workflow.augment import open_augmented, open_gains

    work = bench(
        task, corpus, dev, workspace, seed, quiet or as_json, allow_python, workers, context=context
    )
    console = screen()
    if not as_json:
        warn(work)
    note = make(work)
    pool, gains = open_augmented(note), open_gains(note)
    if as_json:
        found = {
            "policy": work.job.task.task.augment.policy,
            "transformations": {name: asdict(each) for name, each in pool.outcomes.items()},
            "probabilities": dict(pool.probabilities),
            "gains": {name: asdict(gain) for name, gain in gains.items()},
        }
        typer.echo(json.dumps(found, indent=1))
        return
    console.print(outcome_table(pool, gains))
    made = sum(map(len, pool.variants.values()))
    console.print(f"{made:,} new versions of {len(pool.variants):,} documents", soft_wrap=True)
    whole = work.corpus("corpus")
    texts = dict(zip(whole.ids, whole.texts, strict=True))
    for name in pool.outcomes:
        _show(name, pool, texts, examples)
    finish(work, console)


def outcome_table(pool: "Pool", gains: Mapping[str, "Gain"]) -> "Table":
    """Return what became of the labels of new versions, by transformation and task."""
    from rich.table import Table

    table = Table(title="augmentation", title_justify="left")
    table.add_column("transformation")
    for column in ("probability", "gain", "versions", "dropped"):
        if column not in ("probability", "gain") or pool.probabilities:
            table.add_column(column, justify="right")
    table.add_column("task")
    for column in ("labels kept", "relabeled", "dropped"):
        table.add_column(column, justify="right")
    for name, outcome in pool.outcomes.items():
        first = [name]
        if pool.probabilities:
            gain = gains.get(name)
            first.append(f"{pool.probabilities.get(name, 0.0):.3f}")
            first.append(f"{gain.mean:+.4f} ± {gain.error:.4f}" if gain else "")
        first += [f"{outcome.made:,}", f"{outcome.dropped:,}"]
        for task, tally in outcome.tallies.items() or [("", None)]:
            counts = (tally.kept, tally.relabeled, tally.dropped) if tally else ()
            table.add_row(*first, task, *(f"{count:,}" for count in counts))
            first = [""] * len(first)
    return table


def _show(name: str, pool: "Pool", texts: Mapping[str, str], examples: int) -> None:
    """Print examples of what a transformation made alone, no two of one document."""
    from biolabel.augment.shown import first_difference

    alone = {
        variant.document.id: variant.document
        for variants in pool.variants.values()
        for variant in variants
        if variant.made == (name,)
    }
    for document in list(alone.values())[:examples]:
        found = first_difference(texts[document.id], document.text)
        if found is not None:
            screen().print(f"{name}, {document.id}:", markup=False, highlight=False)
            for sign, text in (("-", found.before), ("+", found.after)):
                screen().print(f"  {sign} {text}", markup=False, highlight=False, soft_wrap=True)
