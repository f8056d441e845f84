"""`biolabel fmt`, `new` and `lsp`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
UNTIDY = "biolabel 1\nlist  a\n  words:x,y # why\n"
TIDY = "biolabel 1\n\nlist a\n  words: x, y  # why\n"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "a.rules"
    path.write_text(UNTIDY, encoding="utf-8")
    return path


def test_fmt_writes_and_then_has_nothing_to_do(command: Command, untidy: Path) -> None:
    done = command("fmt", untidy)
    assert (done.status, done.out) == (0, f"{untidy} formatted\n")
    assert untidy.read_text(encoding="utf-8") == TIDY
    assert command("fmt", untidy).out == "nothing to do: 1 file formatted already\n"


def test_check_and_diff_write_nothing(command: Command, untidy: Path) -> None:
    done = command("fmt", "--check", untidy)
    assert (done.status, done.out) == (1, f"{untidy} would change\n")
    done = command("fmt", "--diff", untidy)
    assert done.status == 1
    assert "-list  a\n" in done.out
    assert "+list a\n" in done.out
    assert untidy.read_text(encoding="utf-8") == UNTIDY


def test_line_ends_of_windows_stay(command: Command, untidy: Path) -> None:
    untidy.write_bytes(UNTIDY.replace("\n", "\r\n").encode())
    assert command("fmt", untidy).status == 0
    assert untidy.read_bytes() == TIDY.replace("\n", "\r\n").encode()


def test_files_with_mistakes_are_left_alone_and_others_formatted(
    command: Command, untidy: Path
) -> None:
    wrong = untidy.parent / "wrong.rules"
    wrong.write_text("biolabel 1\nlist  a\n  wurds: x\n", encoding="utf-8")
    before = wrong.read_bytes()
    done = command("fmt", wrong, untidy)
    assert done.status == 1
    assert "BL007" in done.err
    assert wrong.read_bytes() == before
    assert untidy.read_text(encoding="utf-8") == TIDY


@pytest.mark.parametrize(("content", "code"), [(None, "BL108"), (b"biolabel 1 # \xff", "BL015")])
def test_files_that_cannot_be_read(
    command: Command, tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "b.rules"
    if content is not None:
        path.write_bytes(content)
    done = command("fmt", path)
    assert done.status == 1
    assert code in done.err


def test_a_task_is_its_rule_files(command: Command, tmp_path: Path) -> None:
    assert command("new", tmp_path / "mine", "--kind", "all").status == 0
    assert "4 files formatted already" in command("fmt", tmp_path / "mine").out
    assert command("check", tmp_path / "mine").status == 0


def test_a_folder_without_a_task(command: Command, tmp_path: Path) -> None:
    assert "BL902" in command("fmt", tmp_path).err


def test_new_refuses_what_exists(command: Command, tmp_path: Path) -> None:
    done = command("new", tmp_path)
    assert done.status == 1
    assert "BL911" in done.err


def test_lsp_says_which_package_it_lacks(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    for name in [name for name in sys.modules if name.startswith(("biolabel.lsp", "pygls."))]:
        monkeypatch.delitem(sys.modules, name)
    done = command("lsp")
    assert done.status == 1
    assert "BL912" in done.err
    assert "biolabel[lsp]" in done.err
