import os
import time
from pathlib import Path

import pyarrow as pa
import pytest

from biolabel.kb.mapped import DAYS, MappedTexts, columns_of_texts, read_columns, write_columns

TEXTS = {"X:2": ("b", "naïve"), "X:1": (), "X:3": ("c",)}


def test_texts_come_back_in_their_order(tmp_path: Path) -> None:
    keys, texts = columns_of_texts(TEXTS)
    write_columns(tmp_path / "new" / "a.arrow", {"keys": keys, "texts": texts}, {"what": "é"})
    columns, said = read_columns(tmp_path / "new" / "a.arrow")
    found = MappedTexts(columns["keys"], columns["texts"], "m")
    assert list(found.items()) == list(TEXTS.items())
    assert list(found) == list(TEXTS)
    assert list(found.values()) == list(TEXTS.values())
    assert found == TEXTS
    assert (len(found), found.total, said) == (3, 3, {"what": "é"})
    assert found["X:2"] == ("b", "naïve")
    assert "X:9" not in found
    with pytest.raises(KeyError):
        found["X:9"]


def test_columns_of_different_lengths(tmp_path: Path) -> None:
    write_columns(tmp_path / "a.arrow", {"a": pa.array([1, 2]), "b": pa.array([], "int8")}, {})
    columns, _ = read_columns(tmp_path / "a.arrow")
    assert columns["a"].to_pylist() == [1, 2]
    assert columns["b"].to_pylist() == []


def test_nothing_is_no_mistake() -> None:
    found = MappedTexts(*columns_of_texts({}), "")
    assert (list(found.items()), found.total) == ([], 0)


@pytest.mark.parametrize("content", [b"", b"ARROW1 and nothing else", b"x" * 500])
def test_what_is_no_such_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.arrow").write_bytes(content)
    with pytest.raises((pa.ArrowInvalid, OSError)):
        read_columns(tmp_path / "a.arrow")


def test_every_changed_byte_and_every_lost_end_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    write_columns(path, {"a": pa.array([7, 8]), "b": pa.array(["x", "yy"])}, {"what": "é"})
    written = path.read_bytes()
    for place in range(0, len(written), 9):
        damaged = bytearray(written)
        damaged[place] ^= 1
        # Another file, as the old one may be mapped.
        (tmp_path / "b.arrow").write_bytes(bytes(damaged))
        with pytest.raises(pa.ArrowInvalid):
            read_columns(tmp_path / "b.arrow")
        (tmp_path / "b.arrow").write_bytes(written[:place])
        with pytest.raises((pa.ArrowInvalid, OSError)):
            read_columns(tmp_path / "b.arrow")


def test_files_that_nobody_reads_are_forgotten(tmp_path: Path) -> None:
    old, asked, new = (tmp_path / f"{name}.arrow" for name in ("old", "asked", "new"))
    long_ago = time.time() - (DAYS + 1) * 86_400
    for path in (old, asked):
        write_columns(path, {"a": pa.array([1])}, {})
        os.utime(path, (long_ago, long_ago))
    read_columns(asked)
    write_columns(new, {"a": pa.array([1])}, {})
    assert [path.exists() for path in (old, asked, new)] == [False, True, True]
