from collections.abc import Callable
from pathlib import Path

import pytest

from biolabel.data.sums import damage, seal, sums_of, tell_of_damage, unsealed


def filled(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    (folder / "a").write_bytes(b"some bytes")
    (folder / "in" / "b").write_bytes(bytes(range(256)) * 5_000)
    (folder / "empty").touch()
    return folder


def flip(path: Path, at: int = -1) -> None:
    """Turn one bit of a file around."""
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(content)


def test_a_folder_that_is_as_it_was_has_no_damage(tmp_path: Path) -> None:
    sums = sums_of(filled(tmp_path))
    assert {name: size for name, (size, _) in sums.items()} == {
        "a": 10,
        "empty": 0,
        "in/b": 1_280_000,
    }
    assert damage(tmp_path, sums) == ""
    (tmp_path / "stray").touch()
    assert damage(tmp_path, sums) == ""


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda place: flip(place / "in" / "b", 700_000), "in/b has other bytes than were written"),
        (lambda place: flip(place / "a", 0), "a has other bytes than were written"),
        (lambda place: (place / "a").write_bytes(b"some"), "a has 4 bytes instead of 10"),
        (lambda place: (place / "empty").write_bytes(b"!"), "empty has 1 bytes instead of 0"),
        (lambda place: (place / "a").unlink(), "a cannot be read: No such file or directory"),
    ],
)
def test_damage_is_named(tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
    sums = sums_of(filled(tmp_path))
    harm(tmp_path)
    assert damage(tmp_path, sums).replace(f"{tmp_path}/", "") == said


@pytest.mark.parametrize("content", [b"", b"x", b"\0" * 9, b"votes" * 1000])
def test_a_sealed_file_gives_back_what_it_held(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    seal(path)
    assert unsealed(memoryview(path.read_bytes())) == content


@pytest.mark.parametrize("end", [0, 1, 3, 4, 100, 5003])
def test_a_sealed_file_with_its_end_missing_is_refused(tmp_path: Path, end: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"votes" * 1000)
    seal(path)
    with pytest.raises(ValueError, match=r"no check sum|other bytes are there than were written"):
        unsealed(memoryview(path.read_bytes())[:end])


def test_every_flipped_bit_of_a_sealed_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"votes")
    seal(path)
    whole = path.read_bytes()
    for bit in range(8 * len(whole)):
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="other bytes are there than were written"):
            unsealed(memoryview(content))


def test_a_warning_has_its_code(caplog: pytest.LogCaptureFixture) -> None:
    tell_of_damage("stages/fit/1: a has other bytes")
    assert caplog.messages == ["warning[BL932]: stages/fit/1: a has other bytes; it is made again"]
