import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.obo import read_obo
from biolabel.kb.obograph import read_obograph
from biolabel.kb.ontology import Ontology
from biolabel.kb.owl import read_owl
from biolabel.kb.tables import RowFilter
from tests.unit.kb.formats import JSON, OBO, OWL

READERS = {"a.obo": (read_obo, OBO), "a.json": (read_obograph, JSON), "a.owl": (read_owl, OWL)}


def read(folder: Path, name: str, *where: RowFilter) -> Ontology:
    reader, text = READERS[name]
    (folder / name).write_text(text, encoding="utf-8")
    return reader(folder / name, where)


@pytest.mark.parametrize("name", READERS)
def test_all_formats_say_the_same(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name)
    assert {concept: set(names) for concept, names in found.names.items()} == {
        "X:1": {"disease"},
        "X:2": {"anaemia", '"thin" blood', "anemia", "blood trouble"},
        "X:4": {"aplastic anaemia", "AA"},
    }
    assert found.names["X:2"][0] == "anaemia"
    assert found.parents == {"X:2": ("X:1",), "X:4": ("X:2",)}
    assert found.replaced == {"X:3": "X:2", "X:11": "X:1"}
    assert (found.prefix, found.omitted) == ("X", 0)
    assert found.references == {"X:1": ("MESH:D004194",), "X:2": ("MESH:D000740",)}
    assert found.under(["X:3"]) == {"X:2", "X:4"}


@pytest.mark.parametrize("name", READERS)
def test_names_are_filtered_by_kind_and_namespace(tmp_path: Path, name: str) -> None:
    exact = read(tmp_path, name, RowFilter("kind", "=", "exact"))
    assert exact.names["X:2"] == ("anaemia", "anemia")
    assert (exact.names["X:4"], exact.omitted) == (("aplastic anaemia",), 3)
    narrow = read(
        tmp_path, name, RowFilter("kind", "!=", "broad"), RowFilter("namespace", "=", "all")
    )
    assert set(narrow.names["X:2"]) == {"anaemia", "anemia", '"thin" blood'}
    assert "X:4" not in narrow.names
    with pytest.raises(KnowledgeError) as raised:
        read(tmp_path, name, RowFilter("source", "=", "x"))
    assert raised.value.code == "BL402"
    assert "columns: id, name, kind, tag, namespace" in raised.value.hint


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("cut", [40, -20])
def test_files_cut_off(tmp_path: Path, name: str, cut: int) -> None:
    reader, text = READERS[name]
    packed = gzip.compress(text.encode())
    (tmp_path / f"{name}.gz").write_bytes(packed[:cut])
    with pytest.raises(KnowledgeError) as raised:
        reader(tmp_path / f"{name}.gz", ())
    assert raised.value.code == "BL705"


@pytest.mark.parametrize("name", READERS)
def test_files_that_are_something_else(tmp_path: Path, name: str) -> None:
    reader, _ = READERS[name]
    for content in (
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"<a/>",
        b'{"graphs": [{"nodes": 1}]}',
        b"[" * 10**5,
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(KnowledgeError) as raised:
            reader(tmp_path / name, ())
        assert raised.value.code == "BL705", content[:9]
    with pytest.raises(KnowledgeError) as raised:
        reader(tmp_path / "no", ())
    assert raised.value.code == "BL703"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[Term]\nname: a\n", "a.obo:1 cannot be read: the [Term] that begins here has no id"),
        (
            "\n[Term]\nid: X:1\nsynonym: a EXACT []\n",
            "a.obo:2 cannot be read: a synonym of X:1",
        ),
    ],
)
def test_terms_that_cannot_be_meant(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.obo").write_text(text)
    with pytest.raises(KnowledgeError) as raised:
        read_obo(tmp_path / "a.obo")
    assert raised.value.code == "BL705"
    assert message in raised.value.message


def test_a_file_that_stricter_readers_refuse(tmp_path: Path) -> None:
    text = '[Term]\nid: X:1\nname: a\ndef: "b" [JA:Epilepsy Genetics Kiel, url:http\\://c]\n'
    (tmp_path / "a.obo").write_text(text)
    assert read_obo(tmp_path / "a.obo").names == {"X:1": ("a",)}


@pytest.mark.data
def test_the_disease_ontology(data_root: Path) -> None:
    found = read_obo(data_root / "kb" / "raw" / "HumanDO.obo")
    assert len(found.names) == 6574
    assert sum(map(len, found.names.values())) == 6574 + 12213
    slim = [read_obo, read_obograph]
    one, two = (
        reader(data_root / "kb" / "raw" / f"DO_cancer_slim.{end}")
        for reader, end in zip(slim, ("obo", "json"), strict=True)
    )
    assert {c: set(n) for c, n in one.names.items()} == {c: set(n) for c, n in two.names.items()}
    assert (one.parents, one.replaced) == (two.parents, two.replaced)


def read_text(folder: Path, text: str | bytes) -> Ontology:
    (folder / "a.obo").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_obo(folder / "a.obo")


def test_kinds_come_from_scopes_types_and_tags(tmp_path: Path) -> None:
    found = read_text(
        tmp_path,
        'synonymtypedef: BRAND_NAME "brand" EXACT\n'
        "[Term]\nid: X:1\nname: aspirin\n"
        'synonym: "Aspro" BRAND_NAME [x:y]\n'
        'synonym: "ASA" EXACT abbreviation []\n'
        'synonym: "pain killer" EXACT layperson []\n'
        'synonym: "acid" BROAD []\n'
        'synonym: "C9H8O4" RELATED FORMULA [ChEBI]\n'
        'synonym: "two\\Wwords\\:" RELATED []\n',
    )
    names = ("aspirin", "Aspro", "ASA", "pain killer", "acid", "two words:")
    assert found.names == {"X:1": names}
    assert [found.kind("X:1", name) for name in names] == [
        "exact", "exact", "abbreviation", "lay", "broad", "related",
    ]  # fmt: skip
    lay = read_obo(tmp_path / "a.obo", [RowFilter("kind", "=", "lay")])
    assert lay.names == {"X:1": ("pain killer",)}


def test_old_identifiers_lead_to_the_current_one(tmp_path: Path) -> None:
    obsolete = "[Term]\nid: X:{}\nis_obsolete: true\nreplaced_by: X:{}\n"
    found = read_text(
        tmp_path,
        "".join(obsolete.format(*each) for each in ((1, 2), (2, 3), (7, 8), (8, 7)))
        + "[Term]\nid: X:3\nname: c\nalt_id: X:4\nalt_id: X:5\n[Term]\nid: X:5\nname: e\n",
    )
    assert found.replaced == {"X:1": "X:3", "X:2": "X:3", "X:4": "X:3"}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (
            "[Term]\nid: X:1\n[Term]\nid: X:2\n\n[Term]\nid: x:1\n", "BL721",
            "a.obo:6: X:1 is defined again, first at line 1",
        ),
        (
            "[Term]\nid: X:1\nalt_id: X:4\nis_a: X:2\n\n[Term]\nid: X:2\nis_a: X:4\n", "BL723",
            "a.obo:6: the hierarchy goes in a circle: X:2 is below X:1, which is below X:2",
        ),
        ("\n[Term]\nid: X:1\nname: a\tb\n", "BL722", "a.obo:2: the name 'a\\tb' holds a control"),
        (b"[Term]\nid: X:1\nname: \xe9\n", "BL705", "a.obo:3 cannot be read: it is not in UTF-8"),
    ],
)  # fmt: skip
def test_bad_input_names_the_line(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        read_text(tmp_path, text)
    assert raised.value.code == code
    assert said in raised.value.message
