"""Which files belong together."""

import shutil
from pathlib import Path

import pytest

from biolabel.lsp.project import Projects, members_of

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_task"


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    return folder


def test_rules_of_a_task_belong_together(task: Path) -> None:
    files = sorted((task / "rules").glob("*.rules"))
    members = members_of(files[0])
    assert members.mains == tuple(files)
    assert (members.folder, members.task) == (task, "tiny")


def test_a_file_of_no_task_stands_alone(task: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "a.rules", task / "other" / "a.rules"):
        assert members_of(path).mains == (path,)
        assert members_of(path).folder is None


def test_a_task_with_bad_settings_is_none(task: Path) -> None:
    (task / "task.toml").write_text("name = 3", encoding="utf-8")
    path = next((task / "rules").glob("*.rules"))
    assert members_of(path).mains == (path,)


def test_unsaved_texts_are_seen_by_all_projects(tmp_path: Path) -> None:
    shared, user = tmp_path / "shared.rules", tmp_path / "user.rules"
    shared.write_text("biolabel 1\n", encoding="utf-8")
    using = 'biolabel 1\nimport "shared.rules" only words\n'
    projects = Projects()
    project = projects.edit(user, using)
    assert [d.code for d in project.check().diagnostics] == ["BL109"]
    other = projects.edit(shared, "biolabel 1\nlist words\n  words: x\n")
    assert other is not project
    assert "BL109" not in [d.code for d in project.check().diagnostics]
    assert "words" in {o.symbol.name for o in project.names().occurrences}
    assert set(projects.texts()) == {shared, user}
    projects.close(shared)
    assert [d.code for d in project.check().diagnostics] == ["BL109"]
    assert projects.of(shared) is None


def test_files_of_one_task_share_a_project(task: Path) -> None:
    projects = Projects()
    opened = [projects.edit(path, path.read_text()) for path in (task / "rules").glob("*.rules")]
    assert len(set(map(id, opened))) == 1
    assert len(list(projects)) == 1


def test_a_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "a.rules").write_text("biolabel 1\n", encoding="utf-8")
    path = tmp_path / "link" / "a.rules"
    project = Projects().edit(path, "biolabel 1\nlist words\n  words: x\n")
    assert [o.symbol.name for o in project.names().occurrences] == ["words"]
    project.edit(path, "nonsense\n")
    assert "BL001" in [d.code for d in project.check().diagnostics]


def test_symbols_are_those_of_the_latest_text(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    projects = Projects()
    for name in ("first", "second"):
        project = projects.edit(path, f"biolabel 1\nlist {name}\n  words: x\n")
        assert [o.symbol.name for o in project.names().occurrences] == [name]
    source = project.source(path)
    assert source is not None
    assert "second" in source.text
    assert project.source(tmp_path / "b.rules") is None


def test_compiling_finds_more(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    rules = (
        "biolabel 1\nentity e\n  labels: A\n"
        'rule x for e\n  votes: A\n  find: "iron"\n  when: span is most_mentioned\n'
    )
    project = Projects().edit(path, rules)
    assert "BL231" not in [d.code for d in project.check().diagnostics]
    assert "BL231" in [d.code for d in project.compile().diagnostics]
    project.edit(path, rules.replace("most_mentioned", "most_mentoned"))
    assert "BL231" not in [d.code for d in project.compile().diagnostics]
