"""What there is to do next in a folder: told by what lies in it, without reading any of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"
"""What a finished run leaves in its workspace."""
_MOST = 3
"""Tasks, workspaces and rule files that are named; the first ones stand for all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command to type, and what it does."""

    command: str
    does: str


def tasks_in(folder: Path) -> list[Path]:
    """Return the folders of tasks in a folder: itself, those in it, and those in its `tasks`."""
    found = [folder] if (folder / "task.toml").is_file() else []
    return found + sorted(
        file.parent
        for pattern in ("*/task.toml", "tasks/*/task.toml")
        for file in folder.glob(pattern)
    )


def workspaces_in(folder: Path) -> list[Path]:
    """Return the workspaces with a finished run in a folder and in its `workspace`."""
    patterns = (MANIFEST, f"*/{MANIFEST}", f"workspace/*/{MANIFEST}")
    return sorted({file.parent for pattern in patterns for file in folder.glob(pattern)})


def next_steps(folder: Path) -> tuple[str, tuple[Step, ...]]:
    """Return where one stands in a folder, in words, and what can be done next, the likeliest first."""
    tasks, runs = tasks_in(folder), workspaces_in(folder)
    rules = sorted(folder.glob("*.rules"))
    if runs:
        return "here are results of a run", (
            *_after_runs(folder, runs),
            *_with_tasks(folder, tasks),
        )
    if tasks:
        return "here is a task", tuple(_with_tasks(folder, tasks))
    if rules:
        return "here are rule files", tuple(_with_rules(rules[0].name))
    return "here is nothing of biolabel yet", (
        Step("biolabel run tasks/demo", "the whole pipeline on the demo, in some minutes"),
        Step("biolabel serve --demo", "the same, to look at and to curate in the browser"),
        Step("biolabel new NAME", "a small task that runs at once, to be changed into yours"),
    )


def _after_runs(folder: Path, runs: list[Path]) -> Iterator[Step]:
    for run in runs[:_MOST]:
        name = _shown(run, folder)
        yield Step(f"biolabel serve {name}", "look at the results and decide on assertions")
        yield Step(f"biolabel curate queue {name}", "which assertions to look at next")


def _with_tasks(folder: Path, tasks: list[Path]) -> Iterator[Step]:
    for task in tasks[:_MOST]:
        name = _shown(task, folder)
        yield Step(f"biolabel check {name}", "every mistake in its rules")
        yield Step(f"biolabel run {name}", "the whole pipeline; only what changed is made again")


def _with_rules(name: str) -> Iterator[Step]:
    yield Step(f"biolabel check {name}", "every mistake in it")
    yield Step(f"biolabel test {name}", "run the examples that stand in its rules")
    yield Step("biolabel new NAME", "a task for them: documents, settings and rules in a folder")


def _shown(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    return f'"{name}"' if " " in name else name
