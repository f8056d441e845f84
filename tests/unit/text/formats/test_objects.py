import gzip
import json
from pathlib import Path

import pytest

from biolabel.text.formats.objects import pieces

OBJECTS = [{"a": [{"b": 1}]}, {"a": '{"in a text": "}'}, {"a": "x" * (1 << 20)}]


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(OBJECTS),
        "\n".join(map(json.dumps, OBJECTS)),
        json.dumps({"source": "x", "documents": OBJECTS}),
    ],
)
def test_objects_are_cut_out(tmp_path: Path, written: str) -> None:
    (tmp_path / "a.json").write_text(written)
    assert [json.loads(piece.data) for piece in pieces(tmp_path / "a.json")] == OBJECTS


def test_what_is_cut_off_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1},\n{"a": 2')
    first, rest = pieces(tmp_path / "a.json")
    assert (json.loads(first.data), first.fault, rest.line) == ({"a": 1}, "", 2)
    assert "ends inside" in rest.fault
    packed = gzip.compress(json.dumps(OBJECTS).encode())
    (tmp_path / "a.json.gz").write_bytes(packed[:-20])
    assert "damaged" in list(pieces(tmp_path / "a.json.gz"))[-1].fault


def test_another_encoding_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}]', encoding="utf-16")
    (piece,) = pieces(tmp_path / "a.json")
    assert (piece.line, piece.fault) == (1, "the file is UTF-16; it must be UTF-8")
