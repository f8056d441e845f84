"""The commands of the pipeline, one a stage, and `run`, which is all of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.analyze import Part, analyze
from biolabel.cli.augmenting import augment
from biolabel.cli.jobs import (
    ALLOW_PYTHON,
    CORPUS,
    DEV,
    EXECUTOR,
    GOLD_ROWS,
    QUIET,
    SCHEDULER,
    SEED,
    TASK,
    WORKERS,
    WORKSPACE,
    Executor,
    bench,
    finish,
    nothing_to_score,
    warn,
)
from biolabel.cli.screen import screen
from biolabel.errors import RunError

if TYPE_CHECKING:
    pass

_ONNX = typer.Option(None, "--onnx", help="Also write the model as an ONNX graph to this file.")
_ON = typer.Option("corpus", "--on", help="The documents whose predictions are gathered.")
_GROUPS = typer.Option(
    False, "--groups", help="Also show scores by type, length, distance, coverage and knowledge."
)
_ALL = typer.Option(False, "--all", help="Also show concepts and single mention types.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, in the order of the pipeline."""
    for command in (
        run, ingest, apply, analyze, fit, augment, train, predict, evaluate, assertions,
    ):  # fmt: skip
        app.command()(command)


def run(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
) -> None:
    """Run everything: documents and rules to models, predictions, assertions, scores and a report."""
    from biolabel.cli.drawing import score_table
    from biolabel.workflow.run import run as run_all

    work = bench(
        task, corpus, dev, workspace, seed, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    finished = run_all(work)
    if finished.scores:
        console.print(score_table(finished.scores))
    elif "dev" in work.job.files:
        console.print(f"no scores: {nothing_to_score(work).message}", soft_wrap=True)
    for output in finished.outputs:
        console.print(f"wrote {work.job.workspace / output}", soft_wrap=True)
    for path in (finished.manifest, finished.report):
        console.print(f"wrote {path}", soft_wrap=True)
    finish(work, console)


def ingest(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
) -> None:
    """Read documents and process their text into a corpus store."""
    work = bench(
        task, corpus, dev, workspace, 0, quiet, allow_python, workers, None,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    for which in work.job.parts():
        store = work.store(which)
        shards = [store.corpus(shard) for shard in range(len(store.shards))]
        console.print(
            f"{which}: {sum(shard.documents for shard in store.shards):,} documents,"
            f" {sum(len(shard.sentence_doc) for shard in shards):,} sentences,"
            f" {sum(len(shard.row_doc) for shard in shards):,} words and signs"
        )
    finish(work, console)


def apply(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
) -> None:
    """Run the rules: votes with their evidence."""
    from biolabel.workflow.applied import tallies
    from biolabel.workflow.apply import apply as apply_rules

    work = bench(
        task, corpus, dev, workspace, 0, quiet, allow_python, workers, None,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    for which in work.job.parts():
        for name, found in tallies(apply_rules(work, which).folder).items():
            console.print(
                f"{which}: {name}: {found.votes:,} votes of {found.functions} rules"
                f" on {found.candidates:,} candidates"
            )
    finish(work, console)


def fit(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
) -> None:
    """Fit the label model: how far each rule can be trusted."""
    from biolabel.cli.models import label_model_tables
    from biolabel.workflow.analyze import analyses
    from biolabel.workflow.fit import fit as fit_model
    from biolabel.workflow.fit import known_candidates, open_fitted

    work = bench(
        task, corpus, dev, workspace, 0, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    note = fit_model(work)
    fitted = open_fitted(note)
    measured = analyses(work, "dev") if "dev" in work.job.parts() else {}
    for part in label_model_tables(fitted, measured):
        console.print(part)
    if gold_rows is not None:
        known = known_candidates(note)
        told = ", ".join(f"{name} {count:,}" for name, count in known.items()) or "none"
        console.print(f"candidates whose label curators gave: {told}")
    finish(work, console)


def train(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
    onnx: Path | None = _ONNX,
) -> None:
    """Train the end model on the soft labels."""
    from biolabel.cli.models import end_model_tables
    from biolabel.workflow.train import open_trained, unlearned
    from biolabel.workflow.train import train as train_model

    work = bench(
        task, corpus, dev, workspace, seed, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    note = train_model(work)
    model = open_trained(note)
    for part in end_model_tables(model, unlearned(work, model)):
        console.print(part)
    console.print(f"model: {note.folder / 'model'}", soft_wrap=True)
    if onnx is not None:
        from biolabel.endmodel.onnx import export_onnx

        export_onnx(model, onnx)
        console.print(f"wrote {onnx}", soft_wrap=True)
    finish(work, console)


def predict(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
) -> None:
    """Write what every system says of the documents, as PubTator."""
    from biolabel.workflow.predict import predict as predict_all

    work = bench(
        task, corpus, dev, workspace, seed, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    for which in work.job.parts():
        for file in sorted(predict_all(work, which).folder.glob("*.pubtator")):
            console.print(f"{which}: {file}", soft_wrap=True)
    finish(work, console)


def evaluate(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
    whole: bool = _ALL,
    groups: bool = _GROUPS,
) -> None:
    """Score every system on dev, next to majority vote and the best single rule."""
    from biolabel.cli.drawing import breakdown_tables, score_table
    from biolabel.workflow.evaluate import evaluate as evaluate_all
    from biolabel.workflow.evaluate import open_breakdown, open_scores

    work = bench(
        task, corpus, dev, workspace, seed, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    console = screen()
    warn(work)
    if "dev" not in work.job.files:
        raise RunError(
            "BL907", "there is nothing to score on", hint="name gold: --dev FILE.pubtator"
        )
    note = evaluate_all(work, "dev")
    scores = open_scores(note)
    if not scores:
        raise nothing_to_score(work)
    console.print(score_table(scores, whole=whole))
    if groups:
        for table in breakdown_tables(open_breakdown(note)):
            console.print(table)
    finish(work, console)


def assertions(
    context: typer.Context,
    task: Path = TASK,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    seed: int = SEED,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
    executor: Executor = EXECUTOR,
    scheduler: str = SCHEDULER,
    gold_rows: Path | None = GOLD_ROWS,
    on: Part = _ON,
) -> None:
    """Gather predictions into assertions with their evidence, as TSV."""
    from biolabel.workflow.assertions import assertions as gather

    work = bench(
        task, corpus, dev, workspace, seed, quiet, allow_python, workers, gold_rows,
        executor, scheduler, context,
    )  # fmt: skip
    if on not in work.job.files:
        raise typer.BadParameter("there is no dev; name it: --dev FILE", param_hint="--on")
    console = screen()
    warn(work)
    for file in sorted(gather(work, on).folder.glob("*.tsv")):
        console.print(f"{file}", soft_wrap=True)
    finish(work, console)
