"""What there is to do next, by what lies in a folder."""

from pathlib import Path

import pytest

from biolabel.workflow.standing import next_steps, tasks_in, workspaces_in


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "standing", "first"),
    [
        ([], "nothing", "biolabel run tasks/demo"),
        (["a.rules"], "rule files", "biolabel check a.rules"),
        (["task.toml", "a.rules"], "a task", "biolabel check ."),
        (["tasks/x/task.toml"], "a task", "biolabel check tasks/x"),
        (["my x/task.toml"], "a task", 'biolabel check "my x"'),
        (["task.toml", "workspace/x/manifest.json"], "results", "biolabel serve workspace/x"),
    ],
)
def test_the_likeliest_step_stands_first(
    tmp_path: Path, files: list[str], standing: str, first: str
) -> None:
    where, steps = next_steps(touch(tmp_path, *files))
    assert standing in where
    assert steps[0].command == first
    assert all(step.does for step in steps)


def test_few_of_many_are_named(tmp_path: Path) -> None:
    touch(tmp_path, *(f"tasks/t{i}/task.toml" for i in range(9)))
    assert len(tasks_in(tmp_path)) == 9
    assert len(next_steps(tmp_path)[1]) == 6
    assert workspaces_in(tmp_path) == []
