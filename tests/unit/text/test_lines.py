import gzip
from pathlib import Path

import pytest

from biolabel.errors import CorpusError
from biolabel.text.lines import Line, read_blocks, read_lines


def lines(tmp_path: Path, content: bytes) -> list[Line]:
    path = tmp_path / "file"
    path.write_bytes(content)
    return list(read_lines(path))


def test_line_ends_and_byte_order_mark_are_removed(tmp_path: Path) -> None:
    found = lines(tmp_path, "\ufeffa\r\n\nβ\u2028\u0085c".encode())
    assert found == [Line(1, "a"), Line(2, ""), Line(3, "β\u2028\u0085c")]


def test_gzip_is_told_by_its_content(tmp_path: Path) -> None:
    assert lines(tmp_path, gzip.compress(b"a\nb\n")) == [Line(1, "a"), Line(2, "b")]


def test_bytes_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    assert lines(tmp_path, b"a\nb\xffc\nd")[1] == Line(2, "b\ufffdc", "not UTF-8")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_another_encoding_is_named(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"{mark}1|t|A title.\n".encode(encoding))
    with pytest.raises(CorpusError, match="its encoding is UTF-16") as caught:
        list(read_lines(path))
    assert caught.value.code == "BL640"


def test_a_cut_gzip_file_gives_its_good_part(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"line {n * n}\n" for n in range(50_000)).encode())
    *good, last = lines(tmp_path, packed[: len(packed) // 2])
    assert len(good) > 1000
    assert good[7] == Line(8, "line 49")
    assert last == Line(len(good) + 1, "", "cut off")


def test_a_damaged_gzip_file_is_cut_off(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"a\nb\n"))
    packed[-6] ^= 0xFF
    assert lines(tmp_path, bytes(packed))[-1].fault == "cut off"


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No such file") as caught:
        list(read_lines(tmp_path / "none"))
    assert caught.value.code == "BL601"


def test_a_huge_line_is_told_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biolabel.text.lines.LONGEST", 1000)
    path = tmp_path / "a"
    path.write_bytes(b"a\n" + b"x" * 4500 + b"\n" + b"y" * 998 + b"\nb")
    found = list(read_lines(path))
    assert [(line.number, len(line.text), line.fault) for line in found] == [
        (1, 1, ""), (2, 400, "longer than 32 MiB"), (3, 998, ""), (4, 1, ""),
    ]  # fmt: skip


def test_blocks_have_everything_before_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 200_000 + b"y")
    blocks = list(read_blocks(path, 100_000))
    assert b"".join(blocks) == path.read_bytes()
    assert len(blocks) == 2
    content = bytes(range(256)) * 2000
    path.write_bytes(gzip.compress(content)[:-20])
    cut = read_blocks(path)
    assert content.startswith(start := next(cut))
    assert len(start) > 100_000
    with pytest.raises(EOFError):
        next(cut)
    with pytest.raises(CorpusError):
        next(read_blocks(tmp_path / "missing"))


def test_a_file_that_unpacks_to_far_more_than_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biolabel.data.growth.HARMLESS", 10_000)
    path = tmp_path / "bomb.gz"
    for content in (b"\n" * 300_000, b"a" * 300_000):
        path.write_bytes(gzip.compress(content))
        for read in (read_lines, read_blocks):
            with pytest.raises(CorpusError) as raised:
                list(read(path))
            assert raised.value.code == "BL643"
    path.write_bytes(b"\n" * 300_000)
    assert len(list(read_lines(path))) == 300_000
