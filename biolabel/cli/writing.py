"""The commands for people who write rules: one look for rule files, a new task, the language server."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from biolabel.cli.completing import tasks
from biolabel.cli.screen import screen
from biolabel.errors import Diagnostic, RuleError, RunError, SourceFile

if TYPE_CHECKING:
    from biolabel.lang.format import Formatted

_RULES = typer.Argument(
    help="Rule files, or folders of tasks, such as tasks/demo.", autocompletion=tasks
)
_CHECK = typer.Option(False, "--check", help="Write nothing; exit with status 1 if a file would.")
_DIFF = typer.Option(False, "--diff", help="Write nothing; show what would change.")
_NAME = typer.Argument(help="The new task's folder, whose last part is its name.")
_KIND = typer.Option("all", "--kind", help="Which tasks the rules start with.")
Kind = Literal["entity", "relation", "document", "all"]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("fmt")(fmt)
    app.command("new")(new)
    app.command("lsp")(lsp)


def fmt(
    rules: list[Path] = _RULES,
    check: bool = _CHECK,
    diff: bool = _DIFF,
) -> None:
    """Format rule files; comments, order and words stay. A file with syntax errors is left alone."""
    console = screen()
    found: list[Diagnostic] = []
    files: dict[str, SourceFile] = {}
    changed = 0
    for path in dict.fromkeys(_rule_files(rules)):
        source, result = _formatted(path)
        files[source.path] = source
        found.extend(result.diagnostics)
        if result.text == source.text:
            continue
        changed += 1
        if diff:
            console.print(_difference(source, result.text), soft_wrap=True)
        elif check:
            console.print(f"{path} would change", soft_wrap=True)
        else:
            rewrite(path, result.text)
            console.print(f"{path} formatted", soft_wrap=True)
    if found:
        raise RuleError(found, files)
    if changed and (check or diff):
        raise typer.Exit(1)
    if not changed:
        console.print(
            f"nothing to do: {len(files)} file{'s' * (len(files) != 1)} formatted already"
        )


def new(task: Path = _NAME, kind: Kind = _KIND) -> None:
    """Make a folder with a small task that runs, to be changed into your own."""
    from biolabel.workflow.new import new_task

    made = new_task(task, kind)
    console = screen()
    for path in made:
        console.print(f"wrote {path}", soft_wrap=True)
    console.print(f"check it: biolabel check {task}", soft_wrap=True)
    console.print(f"try its rules: biolabel apply {task}", soft_wrap=True)


def lsp() -> None:
    """Serve an editor over standard input and output (language server protocol)."""
    try:
        from biolabel.lsp.server import server
    except ModuleNotFoundError as error:
        hint = "pip install 'biolabel[lsp]'"
        message = f"the language server needs the package {error.name}"
        raise RunError("BL912", message, hint=hint) from error
    server().start_io()


def _rule_files(named: Sequence[Path]) -> Iterator[Path]:
    from biolabel.workflow.settings import load_task

    for path in named:
        if path.is_dir():
            yield from load_task(path).rule_files()
        else:
            yield path


def _formatted(path: Path) -> tuple[SourceFile, "Formatted"]:
    """Return a rule file and its formatted text; one that cannot be read is a diagnostic too."""
    from biolabel.lang.format import Formatted, formatted
    from biolabel.lang.load import read

    first, *_ = (units := read([path], {})).units
    if not first.readable:
        mistakes = tuple(d for d in units.diagnostics if d.span.file == first.source.path)
        return first.source, Formatted(first.source.text, mistakes)
    # Read again, since line ends of Windows should stay.
    source = SourceFile(first.source.path, path.read_bytes().decode("utf-8-sig"))
    return source, formatted(source)


def rewrite(path: Path, text: str) -> None:
    """Put a text in the place of that of a rule file, which keeps its rights.

    Raises:
        RunError: BL906 when the file cannot be written.
    """
    from biolabel.data.files import replacing_file

    try:
        with replacing_file(path) as temporary:
            temporary.write_bytes(text.encode())
            temporary.chmod(path.stat().st_mode)
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error


def _difference(source: SourceFile, text: str) -> str:
    from difflib import unified_diff

    before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    return "".join(unified_diff(before, after, source.path, f"{source.path} formatted")).rstrip()
