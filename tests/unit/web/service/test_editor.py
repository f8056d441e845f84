import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from biolabel.errors import RunError
from biolabel.web.service.editor import LONGEST, Checker, check_text, rule_files, save
from biolabel.web.service.rulefiles import create
from biolabel.workflow.results import Results

NAME = "tiny.rules"


def test_findings_follow_the_text(edited: Results) -> None:
    [file] = rule_files(edited.task)
    checker = Checker(edited.task)
    assert not any(each.severity == "error" for each in checker.check(NAME, file.text))
    wrong = file.text.replace("votes: causes", "votes: cuases", 1)
    [found] = [f for f in checker.check(NAME, wrong) if f.severity == "error"]
    assert wrong[found.start : found.end] == "cuases"
    assert wrong.splitlines()[found.line - 1][found.column - 1 :] == "cuases"
    assert "causes" in found.hint
    assert not any(each.severity == "error" for each in checker.check(NAME, file.text))


def test_a_text_is_saved_once_nobody_else_did(edited: Results) -> None:
    [file] = rule_files(edited.task)
    saved = save(edited.task, NAME, f"{file.text}# mine\n", file.digest)
    assert (edited.task.folder / "rules" / NAME).read_text(encoding="utf-8").endswith("# mine\n")
    assert rule_files(edited.task) == (saved,)
    with pytest.raises(RunError, match="somebody saved") as caught:
        save(edited.task, NAME, f"{file.text}# theirs\n", file.digest)
    assert caught.value.code == "BL991"
    assert rule_files(edited.task) == (saved,)


@pytest.mark.parametrize("name", ["other.rules", "../task.toml", "/etc/passwd", "", "\0"])
def test_only_files_of_the_task_are_written(edited: Results, name: str) -> None:
    with pytest.raises(RunError) as caught:
        save(edited.task, name, "biolabel 1\n", "")
    assert caught.value.code == "BL990"


@pytest.mark.parametrize(
    "written",
    [
        'import "../../secret.rules"',
        'import "/etc/passwd"',
        'import "sub/../../../secret.rules"',
        'list secret\n  file: "/etc/passwd"',
        'list secret\n  file: "../../secret.txt"',
        'kb secret\n  from: tsv "../../secret.tsv"\n  pairs: Chemical -> Disease',
    ],
)
def test_a_text_may_not_read_what_is_outside_of_the_task(edited: Results, written: str) -> None:
    (edited.task.folder.parent / "secret.rules").write_text("list secret\n  words: a\n")
    [file] = rule_files(edited.task)
    text = f"{file.text}\n{written}\n"
    for attempt in (
        lambda: check_text(edited.task, NAME, text),
        lambda: Checker(edited.task).check(NAME, text),
        lambda: save(edited.task, NAME, text, file.digest),
    ):
        with pytest.raises(RunError, match="outside of the task") as caught:
            attempt()
        assert caught.value.code == "BL990"


def test_what_one_writes_is_not_there_for_others(edited: Results) -> None:
    [file] = rule_files(edited.task)
    checker = Checker(edited.task)
    broken = file.text.replace("votes: causes", "votes: cuases", 1)
    codes = [found.code for found in checker.check(NAME, broken)]
    assert "BL110" in codes
    other = create(edited.task, "other.rules")
    assert "BL110" not in [found.code for found in checker.check("other.rules", other.text)]
    with ThreadPoolExecutor(4) as threads:
        wanted = [checker.check(NAME, text) for text in (file.text, broken)]
        for turn, found in enumerate(
            threads.map(checker.check, [NAME] * 20, [file.text, broken] * 10)
        ):
            assert found == wanted[turn % 2]


def test_files_inside_and_those_of_the_saved_text_may_be_named(edited: Results) -> None:
    [file] = rule_files(edited.task)
    check_text(edited.task, NAME, f'{file.text}\nlist mine\n  file: "words/../mine.txt"\n')
    path = edited.task.folder / "rules" / NAME
    path.write_text(f'import "../../shared.rules"\n{file.text}', encoding="utf-8")
    check_text(edited.task, NAME, f'import "../../shared.rules"\n{file.text}\n# more\n')


def test_a_link_inside_leads_nowhere_else(edited: Results, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    os.symlink(tmp_path / "secret", edited.task.folder / "rules" / "inside")
    [file] = rule_files(edited.task)
    with pytest.raises(RunError, match="outside"):
        check_text(edited.task, NAME, f'{file.text}\nlist a\n  file: "inside/../../x.txt"\n')


def test_texts_without_end_are_refused(edited: Results) -> None:
    with pytest.raises(RunError) as caught:
        check_text(edited.task, NAME, "#" * (LONGEST + 1))
    assert caught.value.code == "BL992"


def test_a_file_that_cannot_be_written_is_told(
    edited: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    [file] = rule_files(edited.task)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match="No space left") as caught:
        save(edited.task, NAME, "biolabel 1\n", file.digest)
    assert caught.value.code == "BL906"
    assert rule_files(edited.task) == (file,)
