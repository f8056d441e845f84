from pathlib import Path

import pyarrow as pa
import pytest

from biolabel.kb.mapped import MappedTexts, columns_of_texts, read_columns, write_columns

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


def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "a.arrow").write_bytes(b"ARROW1 and nothing else")
    with pytest.raises(pa.ArrowInvalid):
        read_columns(tmp_path / "a.arrow")
