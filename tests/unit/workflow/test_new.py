"""New tasks from templates."""

from pathlib import Path

import pytest

from biolabel.errors import RunError, SourceFile
from biolabel.lang.format import formatted
from biolabel.lang.load import load_all
from biolabel.resources import root
from biolabel.workflow.new import Kind, new_task
from biolabel.workflow.settings import load_task

KINDS: tuple[Kind, ...] = ("entity", "relation", "document", "all")


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_task_checks_clean_and_is_formatted(kind: Kind, tmp_path: Path) -> None:
    folder = tmp_path / "my-task"
    files = new_task(folder, kind)
    task = load_task(folder)
    assert set(files) == {path for path in folder.rglob("*") if path.is_file()}
    assert task.task.name == "my-task"
    assert task.documents("corpus") == folder / "corpus.pubtator"
    checked = load_all(task.rule_files())
    assert checked.diagnostics == ()
    for path in task.rule_files():
        text = path.read_text(encoding="utf-8")
        assert formatted(SourceFile(str(path), text)).text == text


def test_each_kind_has_its_tasks(tmp_path: Path) -> None:
    found = {}
    for kind in KINDS:
        new_task(tmp_path / kind, kind)
        program = load_all(load_task(tmp_path / kind).rule_files()).program
        assert program is not None
        found[kind] = [*program.entities, *program.relations, *program.documents]
    assert found == {
        "entity": ["mentions"],
        "relation": ["mentions", "effects"],
        "document": ["topic"],
        "all": ["mentions", "effects", "topic"],
    }


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RunError, match="exists") as raised:
        new_task(tmp_path / "mine", "all")
    assert raised.value.code == "BL911"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["9lives", "a b", 'a"b', ".."])
def test_a_name_that_cannot_be_one(name: str, tmp_path: Path) -> None:
    with pytest.raises(RunError) as raised:
        new_task(tmp_path / name, "all")
    assert raised.value.code == "BL911"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError) as raised:
        new_task(tmp_path / "file" / "task", "all")
    assert raised.value.code in ("BL906", "BL911")


def test_templates_are_no_tasks() -> None:
    assert not list(root("tasks").glob("*/templates"))
    with pytest.raises(RunError):
        load_task(Path("templates"))
