import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import biolabel
from biolabel.errors import RunError
from biolabel.workflow.cache import code_hash, file_hash, kept


def writing(text: str, calls: list[str]) -> Callable[[Path], None]:
    """Return a maker of a result that counts how often it is called."""

    def make(folder: Path) -> None:
        calls.append(text)
        (folder / "result.txt").write_text(text, encoding="utf-8")

    return make


def test_a_result_is_made_once_for_the_same_inputs(tmp_path: Path) -> None:
    calls: list[str] = []
    first = kept(tmp_path, "fit", {"a": 1, "b": "x"}, writing("one", calls))
    second = kept(tmp_path, "fit", {"b": "x", "a": 1}, writing("two", calls))
    assert calls == ["one"]
    assert (first.reused, second.reused) == (False, True)
    assert first.folder == second.folder == tmp_path / "stages" / "fit" / first.key
    assert (second.folder / "result.txt").read_text(encoding="utf-8") == "one"


@pytest.mark.parametrize(
    ("stage", "inputs"), [("fit", {"a": 2}), ("fit", {"a": 1, "b": 0}), ("train", {"a": 1})]
)
def test_a_changed_input_makes_another_result(
    tmp_path: Path, stage: str, inputs: dict[str, object]
) -> None:
    calls: list[str] = []
    first = kept(tmp_path, "fit", {"a": 1}, writing("one", calls))
    second = kept(tmp_path, stage, inputs, writing("two", calls))
    assert calls == ["one", "two"]
    assert first.key != second.key
    assert first.folder.is_dir()


def test_what_was_read_stands_beside_the_result(tmp_path: Path) -> None:
    note = kept(tmp_path, "fit", {"a": 1}, writing("one", []))
    record = json.loads((note.folder / "stage.json").read_text(encoding="utf-8"))
    assert record["inputs"] == {"stage": "fit", "a": 1}
    assert record["seconds"] >= 0


def test_a_maker_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half.txt").touch()
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept(tmp_path, "fit", {}, fail)
    assert list((tmp_path / "stages" / "fit").iterdir()) == []
    calls: list[str] = []
    assert not kept(tmp_path, "fit", {}, writing("one", calls)).reused
    assert calls == ["one"]


def test_a_folder_without_its_record_is_made_again(tmp_path: Path) -> None:
    calls: list[str] = []
    note = kept(tmp_path, "fit", {}, writing("one", calls))
    (note.folder / "stage.json").unlink()
    (note.folder / "stray.txt").touch()
    again = kept(tmp_path, "fit", {}, writing("two", calls))
    assert not again.reused
    assert sorted(path.name for path in again.folder.iterdir()) == ["result.txt", "stage.json"]


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm",
    [
        lambda place: flipped(place / "result.txt"),
        lambda place: flipped(place / "stage.json"),
        lambda place: (place / "result.txt").write_text("o", encoding="utf-8"),
        lambda place: (place / "result.txt").unlink(),
        lambda place: (place / "stage.json").write_text("[]", encoding="utf-8"),
        lambda place: (place / "stage.json").write_bytes(b"\xff\0"),
    ],
)
def test_a_damaged_result_is_made_again_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], None]
) -> None:
    calls: list[str] = []
    note = kept(tmp_path, "fit", {"a": 1}, writing("one", calls))
    harm(note.folder)
    again = kept(tmp_path, "fit", {"a": 1}, writing("one", calls))
    assert not again.reused
    assert calls == ["one", "one"]
    assert (again.folder / "result.txt").read_text(encoding="utf-8") == "one"
    (warning,) = caplog.messages
    assert warning.startswith(f"warning[BL932]: {note.folder}: ")
    assert [entry.name for entry in note.folder.parent.iterdir()] == [note.key]


def test_what_this_process_checked_is_not_checked_again(tmp_path: Path) -> None:
    note = kept(tmp_path, "fit", {"a": 1}, writing("one", []))
    flipped(note.folder / "result.txt")
    seen = {("fit", note.key): note}
    assert kept(tmp_path, "fit", {"a": 1}, writing("two", []), seen).reused


def test_two_that_make_the_same_at_once_share_the_first_result(tmp_path: Path) -> None:
    calls: list[str] = []

    def slow(folder: Path) -> None:
        kept(tmp_path, "fit", {"a": 1}, writing("fast", calls))
        writing("slow", calls)(folder)

    note = kept(tmp_path, "fit", {"a": 1}, slow)
    assert calls == ["fast", "slow"]
    assert (note.folder / "result.txt").read_text(encoding="utf-8") == "fast"
    assert kept(tmp_path, "fit", {"a": 1}, writing("third", calls)).reused


@pytest.mark.parametrize("place", ["", "stages", "stages/fit"])
def test_a_workspace_that_cannot_be_written_is_told(tmp_path: Path, place: str) -> None:
    workspace = tmp_path / "workspace"
    blocked = workspace / place
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.touch()
    with pytest.raises(RunError, match="cannot write") as caught:
        kept(workspace, "fit", {}, writing("one", []))
    assert caught.value.code == "BL906"
    assert str(workspace / "stages" / "fit") in caught.value.message


def test_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert file_hash(path) == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("name", ["missing", "."])
def test_files_that_cannot_be_read_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunError, match="cannot read") as caught:
        file_hash(tmp_path / name)
    assert caught.value.code == "BL905"


def test_other_code_has_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(biolabel, "__file__", str(tmp_path / "__init__.py"))
    (tmp_path / "a.py").write_text("x = 1", encoding="utf-8")
    first = code_hash()
    assert first == code_hash()
    (tmp_path / "a.py").write_text("x = 2", encoding="utf-8")
    second = code_hash()
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({first, second, code_hash()}) == 3
