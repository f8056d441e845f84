"""The parser is the same whether its tables are built or loaded, and no cache can break it."""

from pathlib import Path

import pytest

from biolabel.lang.tables import parser_of
from biolabel.resources import root

GRAMMAR = root("grammar") / "biolabel.lark"
GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "language"
TEXT = (GOLDEN / "kitchen_sink.rules").read_text(encoding="utf-8")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an empty cache."""
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_loaded_tables_parse_as_built_ones(cache: Path) -> None:
    built = parser_of(GRAMMAR)
    (file,) = cache.rglob("*.json")
    written = file.read_bytes()
    loaded = parser_of(GRAMMAR)
    assert loaded.source_path == "<deserialized>"
    assert loaded.parse(TEXT) == built.parse(TEXT)
    assert [t.name for t in loaded.terminals] == [t.name for t in built.terminals]
    assert file.read_bytes() == written


@pytest.mark.parametrize(
    "broken", [b"", b"[]", b"{}", b"\xff", b'{"data": {"parser": 1}}', b"null"]
)
def test_broken_tables_are_built_again(
    cache: Path, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    parser_of(GRAMMAR)
    (file,) = cache.rglob("*.json")
    file.write_bytes(broken)
    assert parser_of(GRAMMAR).parse(TEXT).children
    assert [message[:16] for message in caplog.messages] == ["warning[BL932]: "]
    assert parser_of(GRAMMAR).source_path == "<deserialized>"


def test_a_flipped_bit_of_the_tables_is_noticed(
    cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parser_of(GRAMMAR)
    (file,) = cache.rglob("*.json")
    written = file.read_bytes()
    file.write_bytes(written.replace(b"1", b"0", 1))
    assert parser_of(GRAMMAR).parse(TEXT).children
    assert str(file) in caplog.text
    caplog.clear()
    assert parser_of(GRAMMAR).source_path == "<deserialized>"
    assert not caplog.messages


def test_folder_that_cannot_be_written(cache: Path) -> None:
    cache.write_text("a file")
    assert parser_of(GRAMMAR).parse(TEXT).children


def test_another_grammar_has_other_tables(cache: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "g.lark").write_text(f'start: "{number}"')
        parser_of(tmp_path / "g.lark").parse(str(number))
    assert len(list(cache.rglob("*.json"))) == 2
