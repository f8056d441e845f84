"""The reference of the command line: every command with its arguments and options, read off the program."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from biolabel.cli.app import app
from reference.errors import escaped

INTRODUCTION = """# Commands

What `biolabel COMMAND --help` says, on one page. A TASK is a task's folder, a WORKSPACE the
folder with its results.

| exit status | meaning |
|---|---|
| 0 | all good |
| 1 | an error, with its [code](errors.md) and place |
| 2 | a wrong command line |
| 3 | done, but some input was rejected |
| 4 | done, but a rule failed on some candidates |
| 130 | stopped by Ctrl-C; what was finished is kept |
"""


def page() -> str:
    """Return the page."""
    return "\n".join([INTRODUCTION, *_commands(get_command(app), "biolabel", 2)])


def _commands(group: Any, name: str, level: int) -> Iterator[str]:
    """Yield the sections of the commands of a group; typer has no type for them that lasts."""
    for word, command in group.commands.items():
        if command.hidden:
            continue
        yield f"{'#' * level} {name} {word}\n\n{escaped(command.help or '')}\n"
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} {word}", level + 1)
        else:
            yield from _command(f"{name} {word}", command)


def _command(name: str, command: Any) -> Iterator[str]:
    shown = [each for each in command.params if not getattr(each, "hidden", False)]
    arguments = [each for each in shown if not each.opts[0].startswith("-")]
    options = [each for each in shown if each not in arguments]
    usage = " ".join([name, *map(_usage, arguments), *(["[OPTIONS]"] if options else [])])
    yield f"```text\n{usage}\n```\n"
    if shown:
        yield "| argument | meaning |\n|---|---|"
        for each in (*arguments, *options):
            yield f"| {_named(each)} | {escaped(each.help or '')}{_default(each)} |"
        yield ""


def _usage(argument: Any) -> str:
    name = f"{argument.name.upper()}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _named(each: Any) -> str:
    if not each.opts[0].startswith("-"):
        return f"`{each.name.upper()}`"
    value = "" if each.is_flag else f" {each.metavar or each.name.upper()}"
    return ", ".join(f"`{option}{value}`" for option in (*each.opts, *each.secondary_opts))


def _default(each: Any) -> str:
    said = "default" in (each.help or "")
    plain = isinstance(each.default, str | int | float) and not isinstance(each.default, bool)
    return f" Default: `{each.default}`." if plain and not said else ""
