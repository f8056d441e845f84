import os
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.web.service.editor import Checker, importers, rule_files, save
from biolabel.web.service.rulefiles import START, create, remove
from biolabel.workflow.results import Results

NAME = "tiny.rules"


def test_a_new_file_is_made_filled_and_deleted(edited: Results) -> None:
    task = edited.task
    made = create(task, "more-1.rules")
    assert (made.name, made.text) == ("more-1.rules", START)
    assert [each.name for each in rule_files(task)] == ["more-1.rules", NAME]
    checker = Checker(task)
    assert not any(each.severity == "error" for each in checker.check("more-1.rules", made.text))
    saved = save(task, made.name, START + "list later\n  words: a\n", made.digest)
    with pytest.raises(RunError, match="somebody saved") as caught:
        remove(task, made.name, made.digest)
    assert caught.value.code == "BL991"
    remove(task, made.name, saved.digest)
    assert [each.name for each in rule_files(task)] == [NAME]


@pytest.mark.parametrize(
    "name",
    [
        "../out.rules", "/tmp/out.rules", "sub/out.rules", "..\\out.rules", ".rules", ".hid.rules",
        "out", "out.rules\0", "out.rules\n", "out.py", "a b.rules", "ä.rules", "", "x" * 99 + ".rules",
    ],
)  # fmt: skip
def test_no_other_place_is_written(edited: Results, name: str) -> None:
    root = edited.task.folder.parent
    before = sorted(root.rglob("*"))
    with pytest.raises(RunError) as caught:
        create(edited.task, name)
    assert caught.value.code == "BL990"
    assert sorted(root.rglob("*")) == before


def test_nothing_that_is_there_is_written_over(edited: Results, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    link = edited.task.folder / "rules" / "link.rules"
    link.symlink_to(outside)
    for name in (NAME, "link.rules"):
        with pytest.raises(RunError, match="already") as caught:
            create(edited.task, name)
        assert caught.value.code == "BL991"
    assert not outside.exists()
    link.unlink()
    (edited.task.folder / "rules" / NAME).rename(edited.task.folder / "one.rules")
    task = edited.task
    one = task.task.model_copy(update={"rules": "one.rules"})
    alone = task.model_copy(update={"task": one})
    with pytest.raises(RunError, match="in one file") as caught:
        create(alone, "more.rules")
    assert caught.value.code == "BL990"


@pytest.mark.parametrize("name", ["other.rules", "../task.toml", "/etc/passwd", "", "\0"])
def test_only_rule_files_of_the_task_are_deleted(edited: Results, name: str) -> None:
    create(edited.task, "more.rules")
    with pytest.raises(RunError) as caught:
        remove(edited.task, name, "")
    assert caught.value.code == "BL990"
    assert (edited.task.folder / "task.toml").is_file()


def test_what_others_need_stays(edited: Results) -> None:
    [only] = rule_files(edited.task)
    with pytest.raises(RunError, match="the only rule file"):
        remove(edited.task, NAME, only.digest)
    shared = create(edited.task, "shared.rules")
    saved = save(edited.task, NAME, f'{only.text}\nimport "./shared.rules"\n', only.digest)
    assert importers(edited.task, "shared.rules") == (NAME,)
    with pytest.raises(RunError, match=r"tiny\.rules imports shared\.rules") as caught:
        remove(edited.task, "shared.rules", shared.digest)
    assert caught.value.code == "BL990"
    save(edited.task, NAME, only.text, saved.digest)
    remove(edited.task, "shared.rules", shared.digest)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written(edited: Results) -> None:
    folder = edited.task.folder / "rules"
    folder.chmod(0o500)
    try:
        with pytest.raises(RunError) as caught:
            create(edited.task, "more.rules")
    finally:
        folder.chmod(0o700)
    assert caught.value.code == "BL906"
