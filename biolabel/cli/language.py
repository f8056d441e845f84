"""The commands about the language itself: whether rule files are right, and what a code means."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from biolabel.cli.completing import codes, tasks
from biolabel.cli.jobs import JSON
from biolabel.cli.screen import print_json, screen
from biolabel.cli.writing import rewrite
from biolabel.errors import Diagnostic, RunError, SourceFile

if TYPE_CHECKING:
    from biolabel.compile.plan import Plan
    from biolabel.lang.program import Checked
    from biolabel.workflow.settings import TaskFolder

_RULES = typer.Argument(
    help="Rule files, or folders of rule files or tasks, such as tasks/demo.", autocompletion=tasks
)
_SARIF = typer.Option(False, "--sarif", help="As SARIF, for code review tools.")
_NOTES = typer.Option(False, "--notes", help="Also show notes, such as rules without examples.")
_FIX = typer.Option(False, "--fix", help="First make all fixes that need no thought.")
_CODE = typer.Argument(
    None, help="A code, such as BL101; without one, all codes are listed.", autocompletion=codes
)
_ROUNDS = 10
"""How often fixes are made: each may bring to light what another mistake has hidden."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("check")(check)
    app.command("explain")(explain)


def check(
    rules: list[Path] = _RULES,
    as_json: bool = JSON,
    as_sarif: bool = _SARIF,
    notes: bool = _NOTES,
    fix: bool = _FIX,
) -> None:
    """Check rule files that belong together: every mistake, with its place and what to do about it."""
    from biolabel.errors.render import to_json
    from biolabel.errors.sarif import to_sarif

    if as_json and as_sarif:
        raise typer.BadParameter("choose one of --json and --sarif")
    named = [_named(path) for path in rules]
    paths = list(dict.fromkeys(path for files, _ in named for path in files))
    made = _fix(paths) if fix else 0
    checked, plan = _checked(paths)
    found = checked.diagnostics
    for _, task in named:
        if task is not None and plan is not None:
            _check_settings(task, plan)
    shown = [each for each in found if notes or each.severity != "note"]
    if as_json or as_sarif:
        print_json((to_json if as_json else to_sarif)(shown, checked.files))
    else:
        _show(shown, len(found) - len(shown), checked.files, plan)
        if fix:
            screen().print(f"{made} fix{'' if made == 1 else 'es'} made")
    if plan is None:
        raise typer.Exit(1)


def _checked(paths: Sequence[Path]) -> "tuple[Checked, Plan | None]":
    """Return what checking found, with what compiling found, and the plan if there are no errors."""
    from biolabel.compile.lower import compile_program
    from biolabel.lang.load import in_order, load_all
    from biolabel.lang.program import Checked

    checked = load_all(paths)
    if checked.program is None:
        return checked, None
    compiled = compile_program(checked.program)
    found = in_order([*checked.diagnostics, *compiled.diagnostics], checked.files)
    return Checked(checked.program, checked.files, found), compiled.plan


def _show(
    shown: Sequence[Diagnostic], hidden: int, files: Mapping[str, SourceFile], plan: "Plan | None"
) -> None:
    from biolabel.errors.render import render_all

    console = screen()
    if shown:
        console.print(render_all(shown, files), soft_wrap=True)
    if hidden:
        notes_are = "note is" if hidden == 1 else "notes are"
        console.print(f"{hidden} {notes_are} not shown: --notes shows them")
    for each in plan.tasks if plan is not None else ():
        labels = ", ".join(each.task.labels)
        console.print(
            f"{each.task.name}: {each.task.kind} task ({labels}), {len(each.rules)} rules"
        )
    if plan is not None and not plan.tasks and not shown:
        console.print("nothing is wrong; there is no task here")


def _named(path: Path) -> "tuple[list[Path], TaskFolder | None]":
    """Return a rule file itself, those of a folder, or those of a task and the task.

    Raises:
        RunError: BL902 to BL904 as for tasks; BL904 for a folder without rule files.
    """
    if path.is_file() or path.suffix == ".rules":
        return [path], None
    if path.is_dir() and not (path / "task.toml").is_file():
        files = sorted(path.glob("*.rules"))
        if not files:
            raise RunError("BL904", f"no *.rules in {path}", hint="name rule files, or a task")
        return files, None
    from biolabel.workflow.settings import load_task

    task = load_task(path)
    return task.rule_files(), task


def _check_settings(task: "TaskFolder", plan: "Plan") -> None:
    """Check that a task's settings fit its rules.

    Raises:
        RunError: BL909 when task.toml and the rules disagree about gold.
    """
    from biolabel.workflow.settings import check_gold

    tasks = [each.task for each in plan.tasks if each.task.kind == "relation"]
    check_gold(task, {each.name: each.labels for each in tasks})


def _fix(paths: Sequence[Path]) -> int:
    """Make the fixes of all findings in the named files; return how many were made."""
    from biolabel.errors.fixes import fixed
    from biolabel.lang.load import load_all

    made = 0
    for _ in range(_ROUNDS):
        edits = [found.fix for found in load_all(paths).diagnostics if found.fix is not None]
        before = made
        for path in paths:
            mine = [edit for edit in edits if edit.span.file == os.path.normpath(path)]
            if mine:
                raw = path.read_bytes().decode("utf-8")
                mark = "\ufeff" if raw.startswith("\ufeff") else ""
                text, number = fixed(raw.removeprefix(mark), mine)
                rewrite(path, mark + text)
                made += number
        if made == before:
            break
    return made


def explain(code: str | None = _CODE) -> None:
    """Say what a code means, with an example of the mistake and of its right form."""
    from rich.table import Table

    from biolabel.errors.codes import CATALOGUE
    from biolabel.lang.explain import explained

    if code is not None:
        screen().print(explained(code), soft_wrap=True)
        return
    table = Table("code", "meaning")
    for known, text in sorted(CATALOGUE.items()):
        table.add_row(known, text)
    screen().print(table)
