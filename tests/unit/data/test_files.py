import os
import subprocess
import sys
from pathlib import Path

import pytest

from biolabel.data.files import (
    file_beside,
    remove_folder,
    replacing_file,
    replacing_folder,
    settling_folder,
    sweep,
)


class StoppedError(Exception):
    """Stands for a run that is interrupted while it writes."""


def _interrupt_file(path: Path) -> None:
    with replacing_file(path) as temporary:
        temporary.write_text("half")
        raise StoppedError


def _interrupt_folder(path: Path) -> None:
    with replacing_folder(path) as temporary:
        (temporary / "a").write_text("half")
        raise StoppedError


def test_a_file_appears_with_its_folder_and_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    for text in ("one", "two"):
        with replacing_file(path) as temporary:
            temporary.write_text(text)
            assert not path.exists() or path.read_text() != text
        assert path.read_text() == text
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_an_interrupted_file_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("whole")
    with pytest.raises(StoppedError):
        _interrupt_file(path)
    assert path.read_text() == "whole"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "store"
    for name in ("one", "two"):
        with replacing_folder(path) as temporary:
            (temporary / name).write_text(name)
        assert [entry.name for entry in path.iterdir()] == [name]
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupted_folder_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "store"
    path.mkdir()
    (path / "a").write_text("whole")
    with pytest.raises(StoppedError):
        _interrupt_folder(path)
    assert (path / "a").read_text() == "whole"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_take_the_place_leaves_the_former(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "folder"
    with replacing_folder(path) as temporary:
        (temporary / "a").write_text("former")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if target == path and (self / "a").read_text() == "new":
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no"), replacing_folder(path) as temporary:
        (temporary / "a").write_text("new")
    assert (path / "a").read_text() == "former"


@pytest.mark.parametrize("place", ["file/a", "file/new/a"])
def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("whole")
    for replacing in (replacing_file, replacing_folder):
        with pytest.raises(NotADirectoryError) as caught, replacing(tmp_path / place):
            pass
        assert caught.value.strerror == f"{tmp_path / 'file'} is a file, not a folder"
    assert (tmp_path / "file").read_text() == "whole"


def test_the_folder_in_which_one_is_has_a_name_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert file_beside(Path("a.txt"), ".tsv") == Path("a.txt.tsv")
    assert file_beside(Path(), ".tsv") == tmp_path / "here.tsv"
    # Who stands in a folder would stand nowhere if another took its place.
    with pytest.raises(OSError, match=r"\."), replacing_folder(Path()) as temporary:
        (temporary / "a").write_text("new")
    assert list(here.iterdir()) == []


def test_a_folder_settles_once_and_who_is_slower_leaves_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "stage"
    with settling_folder(path) as slower:
        (slower / "slow").touch()
        with settling_folder(path) as faster:
            (faster / "fast").touch()
            assert not path.exists()
        kept = path.stat().st_ino
    assert [entry.name for entry in path.iterdir()] == ["fast"]
    assert path.stat().st_ino == kept
    assert [entry.name for entry in path.parent.iterdir()] == ["stage"]


def test_a_file_in_the_place_of_a_settling_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "stage").touch()
    with pytest.raises(NotADirectoryError), settling_folder(tmp_path / "stage"):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["stage"]


def test_a_removed_folder_is_gone_and_may_be_gone_already(tmp_path: Path) -> None:
    (tmp_path / "old" / "in").mkdir(parents=True)
    remove_folder(tmp_path / "old")
    remove_folder(tmp_path / "old")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from biolabel.data.files import replacing_file, settling_folder
with settling_folder(Path(sys.argv[1]) / "stage") as folder, replacing_file(folder / "x") as file:
    file.touch()
    with replacing_file(Path(sys.argv[1]) / "file") as other:
        other.touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_killed_processes_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False)
    assert done.returncode == -9
    left = sorted(entry.name for entry in tmp_path.iterdir())
    assert len(left) == 2
    mine = (".hidden", "whole", f".stage.other-machine.{os.getpid()}.0123abcd.tmp", ".a.b.tmp")
    for name in mine:
        (tmp_path / name).touch()
    with replacing_file(tmp_path / "now") as temporary:
        temporary.touch()
        sweep(tmp_path.iterdir())
        assert temporary.exists()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([*mine, "now"])
