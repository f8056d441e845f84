"""The commands on knowledge bases: `biolabel kb list`, `show`, `search`, `build`, `diff`, `audit`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.completing import knowledge
from biolabel.cli.convert import columns_of
from biolabel.cli.jobs import (
    ALLOW_PYTHON,
    CORPUS,
    DEV,
    FAULTY,
    QUIET,
    TASK,
    WORKERS,
    WORKSPACE,
    bars,
    bench,
)
from biolabel.cli.screen import screen, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from biolabel.curation.assertions import Assertion
    from biolabel.kb.named import Described

_NAME = typer.Argument(
    help="A name of the catalog (`biolabel kb list`), or a file.", autocompletion=knowledge
)
_CONCEPT = typer.Argument(None, help="A concept's identifier, with or without its prefix.")
_TEXT = typer.Argument(help="A name, or a part of one.")
_IN = typer.Option([], "--in", help="Only these: names of the catalog, or files; may be repeated.")
_FUZZY = typer.Option(False, "--fuzzy", help="Also names that are spelled otherwise.")
_N = typer.Option(20, "--n", min=1, help="How many rows of each kind a table shows; JSON has all.")
_BUILD = typer.Argument(
    help="A task's folder, such as tasks/cdr, or a name of the catalog or file."
)
_OLD = typer.Argument(help="The version before: a name of the catalog, or a file.")
_NEW = typer.Argument(help="The version after.")
_OF_TASK = typer.Option(None, "--task", help="Say what this means for the rules of a task.")
_ASSERTIONS = typer.Option(
    None, "--assertions", help="Say which of these assertions it touches: a table of `assertions`."
)
_REVIEWED = typer.Option(
    None, "--reviewed", help="Say which accepted assertions it touches: of a task or workspace."
)
_FORMAT = typer.Option("", "--format", help="Format of a file, if its name does not tell it.")
_IDS = typer.Option("", "--ids", help="Prefix of identifiers that a file writes without one.")
_COLUMNS = typer.Option(
    [], "--column", help="What a column of a table holds, such as id=mesh_id; may be repeated."
)
_JSON = typer.Option(False, "--json", help="As JSON, for programs.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, as one group."""
    group = typer.Typer(
        no_args_is_help=True, help="List, look into, compare and audit knowledge bases."
    )
    group.command("list")(listing)
    for command in (show, search, build, diff, audit):
        group.command()(command)
    app.add_typer(group, name="kb")


def listing(as_json: bool = _JSON, quiet: bool = QUIET) -> None:
    """List the catalog: what each entry holds, its version and licence, and whether its file is there."""
    from biolabel.cli.knowing import list_table, listed_json
    from biolabel.workflow.knowledge.listing import list_entries

    found = list(list_entries(bars(quiet)))
    if as_json:
        show_json([listed_json(each) for each in found])
    else:
        console = screen()
        console.print(list_table(found))
        for each in found:
            if each.problem:
                console.print(each.problem, soft_wrap=True)
    if any(each.state in ("changed", "unreadable", "broken") for each in found):
        raise typer.Exit(FAULTY)


def show(
    name: str = _NAME,
    concept: str | None = _CONCEPT,
    n: int = _N,
    format: str = _FORMAT,
    ids: str = _IDS,
    column: list[str] = _COLUMNS,
    as_json: bool = _JSON,
) -> None:
    """Show where a knowledge base comes from, or all that is known of one of its concepts."""
    from biolabel.cli.knowing import listed_json, shown_lines, source_lines
    from biolabel.kb.named import named
    from biolabel.workflow.knowledge.listing import Listed
    from biolabel.workflow.knowledge.look import show_concept, show_source

    found = named(name, _described(format, ids, column))
    console = screen()
    if concept is None:
        source = show_source(found)
        if as_json:
            plain = listed_json(source) if isinstance(source, Listed) else asdict(source)
            show_json({"name": name, **plain})
        else:
            console.print("\n".join(source_lines(name, source)), soft_wrap=True)
        if isinstance(source, Listed) and source.state != "there":
            raise typer.Exit(1)
        return
    shown = show_concept(found, concept)
    if as_json:
        show_json(asdict(shown))
    else:
        for line in shown_lines(shown, n):
            console.print(line, soft_wrap=True)


def search(
    text: str = _TEXT,
    inside: list[str] = _IN,
    fuzzy: bool = _FUZZY,
    n: int = _N,
    format: str = _FORMAT,
    ids: str = _IDS,
    column: list[str] = _COLUMNS,
    as_json: bool = _JSON,
    quiet: bool = QUIET,
) -> None:
    """Find concepts by their names, the most likely first, and say why each is among them."""
    from biolabel.cli.knowing import search_table
    from biolabel.workflow.knowledge.look import search_all

    described = _described(format, ids, column)
    found = search_all(text, inside, fuzzy=fuzzy, described=described, progress=bars(quiet))
    console = screen()
    if as_json:
        show_json(asdict(found))
        return
    if found.matches:
        console.print(search_table(found.matches[:n]))
        if len(found.matches) > n:
            console.print(f"{len(found.matches) - n:,} more; --n shows more, --in asks only one")
    else:
        hint = "" if fuzzy else "; --fuzzy also finds names that are spelled otherwise"
        console.print(f'no name of {len(found.asked)} ontologies is like "{text}"{hint}')
    for name, why in found.left_out.items():
        console.print(f"{name} was not asked: {why}", soft_wrap=True)


def build(
    what: str = _BUILD,
    format: str = _FORMAT,
    ids: str = _IDS,
    column: list[str] = _COLUMNS,
    as_json: bool = _JSON,
    quiet: bool = QUIET,
) -> None:
    """Build the indices that a task, or looking up one knowledge base, needs, and keep the large ones."""
    from biolabel.cli.knowing import built_table
    from biolabel.kb.catalog import names
    from biolabel.kb.named import named
    from biolabel.workflow.knowledge.build import build_named, build_task
    from biolabel.workflow.settings import load_task

    path = Path(what)
    if what not in names() and (path.suffix == ".rules" or "tasks" in path.parts or _is_task(path)):
        found = list(build_task(load_task(path), bars(quiet)))
    else:
        found = list(build_named(named(what, _described(format, ids, column))))
    if as_json:
        show_json(json.loads(json.dumps([asdict(each) for each in found], default=str)))
    else:
        screen().print(built_table(found))


def diff(
    old: str = _OLD,
    new: str = _NEW,
    task: Path | None = _OF_TASK,
    assertions: Path | None = _ASSERTIONS,
    reviewed: Path | None = _REVIEWED,
    n: int = _N,
    format: str = _FORMAT,
    ids: str = _IDS,
    column: list[str] = _COLUMNS,
    as_json: bool = _JSON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Show what changes from one version of a knowledge base to another, and whom that concerns."""
    from biolabel.cli.differing import diff_json, diff_lines, effect_lines
    from biolabel.curation.table import read_assertions
    from biolabel.kb.named import named
    from biolabel.workflow.knowledge.compare import compare
    from biolabel.workflow.knowledge.effects import effects_on, touched_assertions

    described = _described(format, ids, column)
    before = named(old, described)
    after = named(new, described, like=before.entry)
    groups: dict[str, Sequence[Assertion]] = {}
    if assertions is not None:
        groups["assertions"] = read_assertions(assertions)
    if reviewed is not None:
        groups["accepted assertions"] = _accepted(reviewed)
    found = compare(before, after)
    effects = None
    if task is not None:
        work = bench(task, corpus, dev, workspace, 0, quiet, allow_python, workers)
        effects = effects_on(work, before, after, found)
    again = {title: tuple(touched_assertions(each, found)) for title, each in groups.items()}
    if as_json:
        show_json(diff_json(found, effects, again))
        return
    console = screen()
    for line in (*diff_lines(found, n), *effect_lines(effects, task, again, old, n)):
        console.print(line, soft_wrap=True)


def audit(
    task: Path = TASK,
    as_json: bool = _JSON,
    corpus: Path | None = CORPUS,
    dev: Path | None = DEV,
    workspace: Path | None = WORKSPACE,
    quiet: bool = QUIET,
    allow_python: bool = ALLOW_PYTHON,
    workers: int = WORKERS,
) -> None:
    """Say how much of the gold each knowledge base of a task contains, with and without the leak guard."""
    from biolabel.cli.auditing import audit_lines
    from biolabel.workflow.knowledge.audit import audit as audit_task

    work = bench(task, corpus, dev, workspace, 0, quiet, allow_python, workers)
    found = audit_task(work)
    if as_json:
        show_json(asdict(found))
    else:
        console = screen()
        for line in audit_lines(found):
            console.print(line, soft_wrap=True)
    for code, text in found.warnings:
        screen(errors=True).print(f"warning[{code}]: {text}", soft_wrap=True)


def _accepted(where: Path) -> "Sequence[Assertion]":
    from biolabel.cli.export import results_of
    from biolabel.workflow.export import accepted_assertions

    return accepted_assertions(results_of(where, None))


def _is_task(path: Path) -> bool:
    return (path / "task.toml").is_file()


def _described(format: str, ids: str, column: list[str]) -> "Described":
    from biolabel.kb.named import Described

    return Described(format, ids, columns_of(column))
