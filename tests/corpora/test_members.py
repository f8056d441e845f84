"""Files at hand: archives are looked into, and refused where they are unsafe or broken."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from corpora_scripts.members import at_hand

import pytest

from biolabel.errors import KnowledgeError

Archive = Callable[[str, Mapping[str, str | bytes]], Path]


def refusal(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as caught, at_hand(folder, ("*.zip",)):
        pass
    assert caught.value.code == "BL751"
    return caught.value.message


def test_folders_archives_and_archives_in_them_look_alike(archive: Archive, tmp_path: Path) -> None:
    inner = archive("inner.zip", {"deep/b.txt": "bee"})
    path = archive("outer.zip", {"x/inner.zip": inner.read_bytes(), "x/a.txt": "ay"})
    inner.unlink()
    (path.parent / "c.txt").write_text("sea", encoding="utf-8")
    with at_hand(path.parent, ("outer.zip",)) as files:
        found = {each.path.name: each.read() for each in files.all("*.txt")}
        assert found == {"a.txt": b"ay", "b.txt": b"bee", "c.txt": b"sea"}
        member = files.first("none.txt", "deep/b.txt")
        assert member is not None
        copy = files.on_disk(member, "part/renamed.txt")
        assert copy.read_text("utf-8") == "bee"
        assert not copy.is_relative_to(tmp_path / "hand")
        plain = files.first("c.txt")
        assert plain is not None
        assert files.on_disk(plain) == path.parent / "c.txt"
    assert not copy.exists()


def test_archive_of_another_name_is_a_file(archive: Archive) -> None:
    path = archive("other.zip", {"a.txt": "ay"})
    with at_hand(path.parent, ("outer.zip",)) as files:
        assert [each.path.name for each in files.members] == ["other.zip"]


@pytest.mark.parametrize("name", ["../up.txt", "/etc/up.txt", "a/../../up.txt", "a\\..\\up.txt"])
def test_name_that_leads_out_is_refused(archive: Archive, name: str, tmp_path: Path) -> None:
    path = archive("bad.zip", {"good.txt": "x", name: "y"})
    assert "leads out of it" in refusal(path.parent)
    assert list(tmp_path.rglob("up.txt")) == []


def test_bomb_is_refused(archive: Archive) -> None:
    path = archive("bomb.zip", {"big.txt": b"0" * 5_000_000})
    assert "would become 5,000,000" in refusal(path.parent)


def test_bomb_inside_an_archive_is_refused(archive: Archive) -> None:
    inner = archive("inner.zip", {"big.txt": b"0" * 5_000_000})
    path = archive("outer.zip", {"inner.zip": inner.read_bytes()})
    inner.unlink()
    assert "inner.zip" in refusal(path.parent)


@pytest.mark.parametrize("size", [0, 100, -10])
def test_archive_cut_off_is_refused(archive: Archive, size: int) -> None:
    path = archive("a.zip", {f"{i}.txt": f"text {i}" * 50 for i in range(20)})
    path.write_bytes(path.read_bytes()[:size])
    assert "no whole zip archive" in refusal(path.parent)


def test_damaged_member_is_an_error(archive: Archive) -> None:
    path = archive("a.zip", {"a.txt": "x"})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as stored:
        stored.writestr("a.txt", "expected content")
    path.write_bytes(path.read_bytes().replace(b"expected", b"damaged!"))
    with at_hand(path.parent, ("a.zip",)) as files:
        member = files.first("a.txt")
        assert member is not None
        with pytest.raises(KnowledgeError, match="CRC") as caught:
            member.read()
    assert caught.value.code == "BL751"


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught, at_hand(tmp_path / "none", ()):
        pass
    assert caught.value.code == "BL703"


def test_parts_and_hidden_files_are_not_at_hand(tmp_path: Path) -> None:
    for name in ("a.txt.part", ".hidden", "a.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with at_hand(tmp_path, ()) as files:
        assert [each.path.name for each in files.members] == ["a.txt"]
