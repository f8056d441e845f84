"""What a shell offers for the arguments of commands: tasks, rules, knowledge bases, codes.

Nothing is parsed or loaded, so that the answer is there at once; a file that cannot be read offers nothing.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import typer

_DECLARED = re.compile(
    r"^(?:rule|condition|pattern|entity|relation|document)\s+(\w+)", re.MULTILINE
)


def tasks(incomplete: str) -> list[str]:
    """Return the folders of tasks here, and those that biolabel ships."""
    from biolabel.resources import root
    from biolabel.workflow.standing import tasks_in

    here = [task.as_posix() for task in tasks_in(Path())]
    shipped = [f"tasks/{file.parent.name}" for file in sorted(root("tasks").glob("*/task.toml"))]
    return _fitting([*here, *shipped], incomplete)


def workspaces(incomplete: str) -> list[str]:
    """Return the workspaces here that have a finished run."""
    from biolabel.workflow.standing import workspaces_in

    return _fitting([run.as_posix() for run in workspaces_in(Path())], incomplete)


def declared(context: typer.Context, incomplete: str) -> list[str]:
    """Return the names that the rule files of the task declare that stands before on the line."""
    task = context.params.get("task") or context.params.get("rules")
    return _fitting(_names(Path(str(task))), incomplete) if task else []


def knowledge(incomplete: str) -> list[str]:
    """Return the names of the catalog."""
    from biolabel.kb.catalog import names

    return _fitting(names(), incomplete)


def codes(incomplete: str) -> list[str]:
    """Return the codes of errors."""
    from biolabel.errors.codes import CATALOGUE

    return _fitting(sorted(CATALOGUE), incomplete.upper())


def _names(task: Path) -> Iterator[str]:
    from biolabel.resources import root

    places = [task, root("tasks") / task.name]
    files = [task] if task.is_file() else []
    files += [file for place in places for file in sorted(place.glob("rules/*.rules"))]
    for file in files:
        with suppress(OSError, UnicodeDecodeError):
            yield from _DECLARED.findall(file.read_text("utf-8"))


def _fitting(names: Iterator[str] | list[str], incomplete: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]
