"""Rule files that are added to a task, and taken away, in the browser."""

import re

from biolabel.errors import RunError
from biolabel.web.service.editor import RuleFile, importers, path_of, rule_files
from biolabel.workflow.settings import TaskFolder

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.rules")
START = "biolabel 1\n\n"
"""What a new file begins with."""


def create(task: TaskFolder, name: str) -> RuleFile:
    """Make a rule file without rules beside the others, and return it.

    Raises:
        RunError: BL990 for a name that no rule file may have here, or when the task keeps its rules in
            one file; BL991 when there is something of the name; BL906 when it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise RunError(
            "BL990",
            f"`{name}` cannot be the name of a new rule file",
            hint="letters, digits, - and _, then .rules: `outcomes.rules`",
        )
    folder = task.folder / task.task.rules
    if not folder.is_dir():
        raise RunError(
            "BL990",
            f"{task.task.name} keeps its rules in one file, {task.task.rules}",
            hint="`rules` in task.toml can name a folder instead",
        )
    path = folder / name
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(START)
    except FileExistsError as error:
        raise RunError("BL991", f"there is a {name} already", hint="open it") from error
    except OSError as error:
        raise RunError("BL906", f"cannot write {path}: {error.strerror}") from error
    return next(each for each in rule_files(task) if each.name == name)


def remove(task: TaskFolder, name: str, digest: str) -> None:
    """Delete the rule file with a digest.

    Raises:
        RunError: BL990 no such file, the last one, or one that others import; BL991 when it is not any
            more what the editor showed; BL906 when it cannot be deleted.
    """
    path = path_of(task, name)
    files = {each.name: each for each in rule_files(task)}
    if len(files) == 1:
        raise RunError("BL990", f"{name} is the only rule file", hint="a task needs one")
    users = importers(task, name)
    if users:
        hint = "take these imports away first"
        raise RunError("BL990", f"{', '.join(users)} imports {name}", hint=hint)
    if files[name].digest != digest:
        hint = "open it again, and look at what is new"
        raise RunError("BL991", f"somebody saved {name} since you opened it", hint=hint)
    try:
        path.unlink()
    except OSError as error:
        raise RunError("BL906", f"cannot delete {path}: {error.strerror}") from error
