import bz2
import gzip
import zipfile
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


def test_a_zip_with_one_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("folder/a.xml", "ab")
    with opened(tmp_path / "a.zip") as stream:
        assert stream.read() == b"ab"
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("b.xml", "ab")
    with (
        pytest.raises(KnowledgeError, match="it holds 2 files") as raised,
        opened(tmp_path / "a.zip"),
    ):
        pass
    assert raised.value.code == "BL705"


@pytest.mark.parametrize("name", ["a.gz", "a.bz2", "a.zip"])
def test_packed_files_do_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("biolabel.data.growth.HARMLESS", 1000)
    path, content = tmp_path / name, bytes(1_000_000)
    if name == "a.zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", content)
    else:
        path.write_bytes({"a.gz": gzip, "a.bz2": bz2}[name].compress(content))
    with pytest.raises(KnowledgeError, match="more than 200 times") as raised, opened(path) as it:
        it.read()
    assert raised.value.code == "BL720"
    (tmp_path / "plain").write_bytes(content)
    with opened(tmp_path / "plain") as it:
        assert len(it.read()) == len(content)


def test_a_file_that_is_cut_off_says_where(tmp_path: Path) -> None:
    lines = "".join(f"{i * 7919 % 10007}\n" for i in range(1000)).encode()
    (tmp_path / "a.gz").write_bytes(gzip.compress(lines)[:-9])
    with (
        pytest.raises(KnowledgeError, match=r"after line \d") as raised,
        opened(tmp_path / "a.gz") as it,
    ):
        it.read()
    assert raised.value.code == "BL705"


@pytest.mark.parametrize(
    "head",
    [
        "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(12)),
        "",
        '<!ENTITY a12 SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;',
    ],
    ids=["billion laughs", "quadratic", "external", "parameter"],
)
def test_entities_that_grow_or_reach_outside(tmp_path: Path, head: str) -> None:
    path = tmp_path / "bomb.owl"
    long = "a" * 100_000
    uses = "&a0;" * 100_000 if not head else "&a12;"
    path.write_text(f'<!DOCTYPE x [<!ENTITY a0 "{long}">{head}]><x><y>{uses}</y></x>', "utf-8")
    with pytest.raises(KnowledgeError) as raised:
        list(elements(path, "y"))
    assert raised.value.code == "BL705"


def test_zips_that_cannot_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.obo", b"x")
    whole = path.read_bytes()
    for flag, method in ((1, 0), (0, 99)):
        central = whole.index(b"PK\x01\x02")
        content = bytearray(whole)
        for at in (6, central + 8):
            content[at] = flag
        for at in (8, central + 10):
            content[at] = method
        path.write_bytes(content)
        with pytest.raises(KnowledgeError) as raised, opened(path) as stream:
            stream.read()
        assert raised.value.code == "BL705"
