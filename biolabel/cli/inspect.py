"""The commands that look into rules: their examples, and why they vote or do not."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from biolabel.cli.completing import declared, tasks
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
    bars,
    bench,
)
from biolabel.cli.screen import screen, show_json

if TYPE_CHECKING:
    from biolabel.workflow.bench import Bench

_RULES = typer.Argument(
    help="A task's folder, such as tasks/demo, or rule files.", autocompletion=tasks
)
_ONLY = typer.Option(None, "--rule", help="Only this rule, condition or pattern.")
_RULE = typer.Argument(help="A rule.", autocompletion=declared)
_N = typer.Option(10, "--n", min=1, help="How many of each kind.")
_PART = typer.Option("corpus", "--on", help="Sample the corpus, or dev.")
_OLD = typer.Argument(help="The rules before: a task's folder or a rule file.")
_NEW = typer.Argument(help="The rules after.")
_NAME = typer.Argument(
    help="A rule, condition or pattern; with --doc also a task.", autocompletion=declared
)
_TEXT = typer.Argument(
    None, help='A text with marks: "{chemical: Heparin} caused {disease: pain}".'
)
_DOC = typer.Option(None, "--doc", help="A document of the corpus or dev, by its id.")
_PAIR = typer.Option(None, "--pair", help="With --doc: concept ids or texts of the arguments.")
_SPAN = typer.Option("", "--span", help="With --doc: the text that an entity rule should find.")
Part = Literal["corpus", "dev"]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("test")(examples)
    for command in (why, sample, lint, diff):
        app.command()(command)


def examples(
    rules: list[Path] = _RULES,
    rule: str | None = _ONLY,
    as_json: bool = JSON,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
) -> None:
    """Run the inline examples: what should match, what should not, and which rules have none."""
    from biolabel.cli.findings import example_table, examples_json
    from biolabel.errors.render import render_all
    from biolabel.workflow.examples import read_any, try_examples

    if len(rules) > 1 and any(path.suffix != ".rules" for path in rules):
        raise typer.BadParameter("give one task's folder, or rule files")
    read = read_any(rules)
    found = try_examples(read, rule, bars(quiet), allow_python=allow_python)
    console = screen()
    if as_json:
        show_json(examples_json(found, read.files))
    else:
        if found.diagnostics:
            console.print(render_all(found.diagnostics, read.files), soft_wrap=True)
        console.print(example_table(found), soft_wrap=True)
    if found.diagnostics:
        raise typer.Exit(1)


def why(
    task: Path = TASK,
    name: str = _NAME,
    text: str | None = _TEXT,
    doc: str | None = _DOC,
    pair: tuple[str, str] | None = _PAIR,
    span: str = _SPAN,
    as_json: bool = JSON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Show which part of a rule holds and which does not, on a marked text or on a document.

    For a task it shows what each rule adds to the soft labels of the document's candidates.
    """
    from biolabel.cli.findings import explanation_json, explanation_lines
    from biolabel.workflow.examples import read_any
    from biolabel.workflow.why import why_document, why_text

    if (text is None) == (doc is None):
        raise typer.BadParameter('give a marked text, "{chemical: Heparin} ...", or --doc ID')
    if text is not None:
        found = why_text(read_any([task]), name, text, allow_python=allow_python)
    elif task.suffix == ".rules":
        raise typer.BadParameter("--doc needs a task's folder, which names documents")
    else:
        work = bench(task, corpus, dev, workspace, 0, quiet, allow_python, workers)
        if name in (plan.task.name for plan in work.plan.tasks):
            _labels(work, name, doc or "", (*(pair or ()), *filter(None, [span])), as_json)
            return
        found = why_document(work, name, doc or "", pair or (), span)
    if as_json:
        show_json(explanation_json(found))
    else:
        screen().print("\n".join(explanation_lines(found)), soft_wrap=True)


def _labels(work: "Bench", task: str, doc: str, wanted: tuple[str, ...], as_json: bool) -> None:
    from dataclasses import asdict

    from biolabel.cli.findings import reason_tables
    from biolabel.workflow.reasons import document_reasons

    found = document_reasons(work, task, doc, wanted)
    if as_json:
        show_json([asdict(each) for each in found])
        return
    console = screen()
    for table in reason_tables(found):
        console.print(table, soft_wrap=True)
    if not found:
        console.print(f"no rule of {task} votes on anything in {doc}")


def sample(
    task: Path = TASK,
    rule: str = _RULE,
    n: int = _N,
    seed: int = SEED,
    part: Part = _PART,
    as_json: bool = JSON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Show what a rule votes on, what it misses, what it almost votes on; suggest examples."""
    from biolabel.cli.samples import sampled_json, sampled_lines
    from biolabel.workflow.sample import sample_rule

    work = bench(task, corpus, dev, workspace, seed, quiet, allow_python, workers)
    if part not in work.job.files:
        raise typer.BadParameter("there is no dev; name it: --dev FILE", param_hint="--on")
    found = sample_rule(work, part, rule, n, seed)
    if as_json:
        show_json(sampled_json(found))
    else:
        console = screen()
        for line in sampled_lines(found):
            console.print(line, soft_wrap=True)


def lint(
    task: Path = TASK,
    as_json: bool = JSON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Say which rules never fire, add nothing or claim too much, over the corpus and dev."""
    from biolabel.errors.render import render_all, to_json
    from biolabel.workflow.lint import lint_task

    work = bench(task, corpus, dev, workspace, 0, quiet, allow_python, workers)
    found = lint_task(work)
    render = to_json if as_json else render_all
    screen().print(render(found, work.rules.files), soft_wrap=True)
    if any(diagnostic.severity != "note" for diagnostic in found):
        raise typer.Exit(1)


def diff(
    old: Path = _OLD,
    new: Path = _NEW,
    corpus: Path | None = CORPUS,
    n: int = _N,
    seed: int = SEED,
    as_json: bool = JSON,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Show which votes two versions of rules gain and lose over one corpus."""
    from biolabel.cli.samples import diff_json, diff_lines
    from biolabel.workflow.diff import diff_rules
    from biolabel.workflow.settings import load_task

    named = corpus or load_task(old).documents("corpus")
    if named is None:
        raise typer.BadParameter("name the documents: --corpus FILE", param_hint="--corpus")
    where = workspace or Path("workspace") / "diff"
    progress = bars(quiet)
    found = diff_rules(
        (old, new), named, where, n, seed, progress, allow_python=allow_python, workers=workers
    )
    if as_json:
        show_json(diff_json(found))
    else:
        console = screen()
        for line in diff_lines(found):
            console.print(line, soft_wrap=True)
