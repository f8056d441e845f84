import bz2
import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.streams import elements, opened

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]>"
)


def texts(path: Path) -> list[str | None]:
    return [element.text for element in elements(path, "t")]


def test_plain_and_packed_files(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"ab")
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(b"ab"))
    (tmp_path / "a.xml.bz2").write_bytes(bz2.compress(b"ab"))
    for path in tmp_path.iterdir():
        with opened(path) as stream:
            assert stream.read() == b"ab"


def test_elements_are_given_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<r>" + "<t>a<b/></t>\n" * 5 + "</r>")
    assert texts(tmp_path / "a.xml") == ["a"] * 5


@pytest.mark.parametrize("body", ["<r><t>&a9;</t></r>", '<r><t x="&a9;"/></r>'])
def test_entities_do_not_grow(tmp_path: Path, body: str) -> None:
    (tmp_path / "a.xml").write_text(LAUGHS + body)
    with pytest.raises(KnowledgeError, match="amplification") as raised:
        texts(tmp_path / "a.xml")
    assert raised.value.code == "BL705"


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    address = (tmp_path / "secret").as_uri()
    head = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]>'
    (tmp_path / "a.xml").write_text(f"{head}<r><t>&x;</t></r>")
    with pytest.raises(KnowledgeError, match="'x' not defined") as raised:
        texts(tmp_path / "a.xml")
    assert raised.value.code == "BL705"
    (tmp_path / "a.xml").write_text('<!DOCTYPE r [<!ENTITY x "own">]><r><t>&x;</t></r>')
    assert texts(tmp_path / "a.xml") == ["own"]


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<r><t>a</t>")
    (tmp_path / "b.gz").write_bytes(b"no gzip")
    for name, code in {"a.xml": "BL705", "b.gz": "BL705", "c.xml": "BL703", ".": "BL705"}.items():
        with pytest.raises(KnowledgeError) as raised:
            texts(tmp_path / name)
        assert raised.value.code == code, name
